"""The outbox: whole files that only their owner can read, and nothing that trips over the rest."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.records import Channel
from gate.delivery.deliverer import CodeMessage, SendingFailed
from gate.delivery.outbox import (
    OutboxDeliverer,
    OutboxMessage,
    find_outbox_messages,
    purge_outbox,
)
from gate.identifiers import parse_email, parse_whatsapp

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TO_ADA = CodeMessage(
    recipient=parse_email("Ada@mail.example"),
    code="012345",
    share_link_name="Deck “2026”",
    account_name="Acme",
    sent_at=NOW,
    expires_at=NOW + timedelta(minutes=10),
    message_id="m1",
)
ADAS = OutboxMessage(
    channel=Channel.EMAIL,
    address="Ada@mail.example",
    code="012345",
    share_link_name="Deck “2026”",
    sent_at=NOW,
    expires_at=NOW + timedelta(minutes=10),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "outbox"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_code_can_be_read_back(folder: Path) -> None:
    OutboxDeliverer(folder).deliver(TO_ADA)
    assert find_outbox_messages(folder, NOW) == [ADAS]


def test_only_the_owner_of_the_files_can_read_them(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    before = os.umask(0)
    try:
        OutboxDeliverer(folder).deliver(TO_ADA)
    finally:
        os.umask(before)
    (file,) = folder.iterdir()
    assert (mode_of(folder), mode_of(file)) == (0o700, 0o600)


def test_a_file_says_what_it_holds_in_utc_and_its_name_says_nothing(folder: Path) -> None:
    OutboxDeliverer(folder).deliver(TO_ADA)
    (file,) = folder.iterdir()
    assert json.loads(file.read_text()) == {
        "channel": "email",
        "address": "Ada@mail.example",
        "code": "012345",
        "share_link_name": "Deck “2026”",
        "sent_at": "2026-03-01T12:00:00+00:00",
        "expires_at": "2026-03-01T12:10:00+00:00",
    }
    assert "ada" not in file.name.lower()
    assert "012345" not in file.name


def test_the_newest_comes_first(folder: Path) -> None:
    to_bob = replace(TO_ADA, recipient=parse_whatsapp("+44 7400 123456", None), message_id="m2")
    for minutes in (0, 2, 1):
        sent_at = NOW + timedelta(minutes=minutes)
        OutboxDeliverer(folder).deliver(replace(to_bob, sent_at=sent_at))
    found = find_outbox_messages(folder, NOW)
    assert [message.sent_at.minute for message in found] == [2, 1, 0]
    assert {message.address for message in found} == {"+447400123456"}


def test_a_message_id_cannot_leave_the_folder(folder: Path) -> None:
    OutboxDeliverer(folder).deliver(replace(TO_ADA, message_id="../../eve\0"))
    assert len(find_outbox_messages(folder, NOW)) == 1
    assert [path.parent for path in folder.parent.rglob("*.json")] == [folder]


@pytest.mark.parametrize(("minutes", "is_shown"), [(0, True), (70, True), (71, False)])
def test_a_code_is_gone_an_hour_after_it_expired(
    folder: Path, minutes: int, is_shown: bool
) -> None:
    OutboxDeliverer(folder).deliver(TO_ADA)
    later = NOW + timedelta(minutes=minutes)
    assert bool(find_outbox_messages(folder, later)) is is_shown
    assert purge_outbox(folder, later) == (0 if is_shown else 1)
    assert len(list(folder.iterdir())) == (1 if is_shown else 0)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"{}", b"[" * 50_000, b"a" * 100_000,
        b'{"channel": "fax", "address": "x", "code": "1", "share_link_name": "x"}',
        b'{"channel": "email", "address": 5, "code": [], "share_link_name": null}',
        json.dumps({
            "channel": "email", "address": "x", "code": "1", "share_link_name": "x",
            "sent_at": "2026-03-01T12:00:00", "expires_at": "soon",
        }).encode(),
    ],
)  # fmt: skip
def test_half_written_and_foreign_files_are_passed_over(folder: Path, content: bytes) -> None:
    OutboxDeliverer(folder).deliver(TO_ADA)
    (folder / "code-x.json").write_bytes(content)
    (folder / "notes.json").write_bytes(content)
    (folder / "code-y.part").write_bytes(content)
    (folder / "code-z.json").mkdir()
    os.mkfifo(folder / "code-w.json")
    assert find_outbox_messages(folder, NOW) == [ADAS]


def test_purging_takes_what_was_left_unfinished_but_nobody_elses_files(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, age in [("code-a.part", 2), ("code-b.json", 2), ("code-c.part", 0), ("eve.json", 2)]:
        (folder / name).write_text("{")
        instant = (NOW - timedelta(hours=age)).timestamp()
        os.utime(folder / name, (instant, instant))
    (folder / "code-d.json").mkdir()
    assert purge_outbox(folder, NOW) == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "code-c.part",
        "code-d.json",
        "eve.json",
    ]


def test_an_outbox_that_was_never_used_is_empty(folder: Path) -> None:
    assert find_outbox_messages(folder, NOW) == []
    assert purge_outbox(folder, NOW) == 0


def test_an_outbox_that_cannot_be_written_says_so_without_the_code(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    with pytest.raises(SendingFailed) as failure:
        OutboxDeliverer(folder).deliver(TO_ADA)
    assert failure.value.retry_delays
    assert "012345" not in str(failure.value)
    assert "ada" not in str(failure.value).lower()


def test_a_code_that_could_not_be_put_in_place_leaves_nothing_behind(folder: Path) -> None:
    OutboxDeliverer(folder).deliver(TO_ADA)
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()
    with pytest.raises(SendingFailed):
        OutboxDeliverer(folder).deliver(TO_ADA)
    assert list(folder.iterdir()) == [file]
