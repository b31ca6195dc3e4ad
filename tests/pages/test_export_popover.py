"""The export beside the list: what is chosen is what the link downloads, and who is in it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from data.export_kinds import ExportTool, ExportWanted, FileFormat, RowKind
from gate.mailings import MailingCounts, Withdrawal
from pages.ui.export_choice import FORMAT_WORDS, TOOL_WORDS
from pages.ui.export_popover import mailing_words
from pages.ui.export_words import export_address, parse_export
from pages.ui.unsubscribed_form import withdrawal_words
from pages.ui.url_view import ContactView, format_view
from pages.ui.url_words import Words

MAILING = [tool for tool in ExportTool if tool.mailing_channels]
EVERY_FILE = [
    *(ExportWanted(one) for one in FileFormat),
    *(ExportWanted(tool=tool) for tool in ExportTool),
    *(ExportWanted(tool=tool, is_opted_out=True) for tool in MAILING),
    *(ExportWanted(FileFormat.XLSX, rows=rows, columns=("contact_id",)) for rows in RowKind),
]


@pytest.mark.parametrize("wanted", EVERY_FILE)
def test_every_file_comes_back_from_its_address(wanted: ExportWanted) -> None:
    view = ContactView(search="ada, bob", page=3)
    parts = urlsplit(export_address(view, wanted))
    assert parse_export(parts.path.rpartition(".")[2], parse_qs(parts.query)) == wanted
    assert parse_qs(parts.query)["q"] == format_view(view)["q"]
    assert "page" not in parse_qs(parts.query)


@pytest.mark.parametrize(
    ("extension", "words", "expected"),
    [
        ("csv", {"tool": ["fax"]}, ExportWanted()),
        (
            "csv",
            {"tool": ["outlook"], "people": ["opted_out"]},
            ExportWanted(tool=ExportTool.OUTLOOK),
        ),
        ("xlsx", {"tool": ["hubspot"]}, ExportWanted(FileFormat.XLSX)),
        ("csv", {"as": ["xlsx"]}, ExportWanted()),
        ("csv", {"fields": ["password,name"]}, ExportWanted(columns=("name",))),
        ("vcf", {"rows": ["sessions"], "fields": ["name"]}, ExportWanted(FileFormat.VCARD_3)),
        ("exe", {}, None),
    ],
)
def test_what_does_not_go_together_falls_back(
    extension: str, words: Words, expected: ExportWanted | None
) -> None:
    assert parse_export(extension, words) == expected


def test_every_format_and_tool_has_its_words() -> None:
    assert set(FORMAT_WORDS) == set(FileFormat)
    assert set(TOOL_WORDS) == set(ExportTool)


def test_both_counts_are_said() -> None:
    words = mailing_words(ExportTool.BREVO, MailingCounts(1, 12))
    assert words.startswith("1 contact consented to be written to, 12 addresses opted out.")
    assert "Nobody" in mailing_words(ExportTool.BREVO, MailingCounts(0, 0))
    assert "Nobody" not in words
    some = mailing_words(ExportTool.BREVO, MailingCounts(9, 0, unverified=2))
    assert "Nobody proved the address of 2 contacts in it" in some


def test_what_became_of_a_list_is_said() -> None:
    assert withdrawal_words(Withdrawal(0, 0, 1), 0) == (
        "Consent was withdrawn for nobody. 1 is of no contact here."
    )
    assert withdrawal_words(Withdrawal(2, 1, 0), 3) == (
        "Consent was withdrawn for 2 addresses. 1 had not consented anyway. 3 lines were not read."
    )
