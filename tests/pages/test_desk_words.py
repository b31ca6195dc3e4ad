"""The desk's words: no refusal is speechless."""

from gate.desk_errors import (
    AccountFault,
    AccountRefused,
    DeskRefusal,
    LinkFault,
    LinkRefused,
    UploadFault,
    UploadRefused,
    WorkspaceFault,
    WorkspaceRefused,
)
from pages.ui.desk_words import desk_sentence, format_size


def test_every_refusal_has_a_sentence_that_says_what_to_do() -> None:
    refusals: list[DeskRefusal] = [UploadRefused(fault, 1_572_864) for fault in UploadFault]
    refusals += [WorkspaceRefused(fault) for fault in WorkspaceFault]
    refusals += [LinkRefused(fault) for fault in LinkFault]
    refusals += [AccountRefused(fault) for fault in AccountFault]
    sentences = [desk_sentence(refusal) for refusal in refusals]
    assert {type(refusal) for refusal in refusals} == set(DeskRefusal.__subclasses__())
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)
    assert "1.5 MB" in desk_sentence(UploadRefused(UploadFault.TOO_LARGE, 1_572_864))


def test_sizes_are_in_the_unit_that_people_use() -> None:
    sizes = [format_size(size) for size in (0, 1023, 1024, 1_572_864, 5 * 1024**4)]
    assert sizes == ["0 bytes", "1,023 bytes", "1.0 KB", "1.5 MB", "5,120.0 GB"]
