"""The command to copy is the one that a shell takes, whatever the view holds."""

import shlex

from data.export_kinds import ExportWanted, FileFormat
from pages.ui.copy_as_curl import write_curl
from pages.ui.url_view import ContactView

ORIGIN = "https://gatebook.example.com"


def test_a_shell_reads_the_address_as_one_word_whatever_is_searched_for() -> None:
    view = ContactView(search="'; rm -rf $HOME `id` \"", companies=frozenset({"O'Neil & Co"}))
    words = shlex.split(write_curl(ORIGIN, view).replace("\\\n", ""))
    assert words[:3] == ["curl", "--fail-with-body", "--header"]
    assert words[3] == "Authorization: Bearer $GATEBOOK_TOKEN"
    assert words[-1].startswith(f"{ORIGIN}/export/contacts.csv?q=%27%3B+rm+-rf")
    assert len(words) == 7


def test_the_file_has_the_ending_of_its_format() -> None:
    command = write_curl(ORIGIN, ContactView(page=3), ExportWanted(FileFormat.PARQUET))
    assert f"--output contacts.parquet \\\n  {ORIGIN}/export/contacts.parquet" in command
    assert "page=" not in command
