"""The owner's list: who is on it, what is counted, how it is sorted and searched."""

from datetime import datetime, timedelta

import pytest

from data.contact_filter import ContactFilter, ContactRow, ContactSort, SortColumn
from data.contact_queries import (
    count_contacts,
    find_contacts,
    get_contact_totals,
    match_contacts,
)
from data.database import Database
from data.records import Channel
from tests.factories import (
    add_contact,
    add_document,
    add_link_passed,
    add_session,
    add_share_link,
    add_workspace,
)

HOUR = timedelta(hours=1)


def _rows(db: Database, chosen: ContactFilter, sort: ContactSort | None = None) -> list[ContactRow]:
    return find_contacts(db, match_contacts(chosen), sort or ContactSort(), page=1, page_size=100)


def _counts(db: Database, chosen: ContactFilter) -> dict[str, int]:
    return {row.identifier: row.access_count for row in _rows(db, chosen)}


def test_it_lists_everyone_newest_first_and_who_never_came_last(
    db: Database, now: datetime
) -> None:
    link = add_share_link(db, add_workspace(db))
    ada = add_contact(db, "ada@example.com", verified=True, name="Ada")
    add_contact(db, "eve@example.com")
    bob = add_contact(db, "bob@example.com")
    add_session(db, ada, link, now - HOUR)
    add_session(db, ada, link, now - 3 * HOUR)
    add_session(db, bob, link, now)
    rows = _rows(db, ContactFilter())
    assert [row.identifier for row in rows] == [
        "bob@example.com",
        "ada@example.com",
        "eve@example.com",
    ]
    assert rows[1] == ContactRow(
        contact_id=ada.contact_id,
        identifier="ada@example.com",
        channel=Channel.EMAIL,
        is_verified=True,
        last_accessed_at=now - HOUR,
        access_count=2,
        first_accessed_at=now - 3 * HOUR,
        more_identifiers=0,
        emails=("ada@example.com",),
        whatsapps=(),
        name="Ada",
        company=None,
    )


ASCENDING = {
    SortColumn.IDENTIFIER: ["+4420", "Ada@x.example", "bob@x.example"],
    SortColumn.TYPE: ["Ada@x.example", "bob@x.example", "+4420"],
    SortColumn.VERIFIED: ["bob@x.example", "+4420", "Ada@x.example"],
    SortColumn.LAST_ACCESSED: ["Ada@x.example", "bob@x.example", "+4420"],
    SortColumn.FIRST_ACCESSED: ["bob@x.example", "Ada@x.example", "+4420"],
    SortColumn.ACCESS_COUNT: ["+4420", "Ada@x.example", "bob@x.example"],
    SortColumn.NAME: ["Ada@x.example", "bob@x.example", "+4420"],
    SortColumn.COMPANY: ["bob@x.example", "Ada@x.example", "+4420"],
}
DESCENDING = {
    SortColumn.IDENTIFIER: ["bob@x.example", "Ada@x.example", "+4420"],
    SortColumn.TYPE: ["+4420", "Ada@x.example", "bob@x.example"],
    SortColumn.VERIFIED: ["Ada@x.example", "bob@x.example", "+4420"],
    SortColumn.LAST_ACCESSED: ["bob@x.example", "Ada@x.example", "+4420"],
    SortColumn.FIRST_ACCESSED: ["Ada@x.example", "bob@x.example", "+4420"],
    SortColumn.ACCESS_COUNT: ["bob@x.example", "Ada@x.example", "+4420"],
    SortColumn.NAME: ["bob@x.example", "Ada@x.example", "+4420"],
    SortColumn.COMPANY: ["Ada@x.example", "bob@x.example", "+4420"],
}


@pytest.mark.parametrize("column", SortColumn)
def test_every_column_sorts_both_ways_with_missing_values_last(
    db: Database, now: datetime, column: SortColumn
) -> None:
    link = add_share_link(db, add_workspace(db))
    ada = add_contact(db, "Ada@x.example", verified=True, name="ada", company="Northwind")
    bob = add_contact(db, "bob@x.example", name="Bob", company="acme")
    add_contact(db, "+4420")
    add_session(db, ada, link, now - HOUR)
    add_session(db, bob, link, now)
    add_session(db, bob, link, now - 2 * HOUR)
    for is_descending, expected in ((False, ASCENDING), (True, DESCENDING)):
        rows = _rows(db, ContactFilter(), ContactSort(column, is_descending))
        assert [row.identifier for row in rows] == expected[column]


def test_pages_follow_each_other_and_end(db: Database) -> None:
    for number in range(5):
        add_contact(db, f"ada{number}@example.com")
    matched = match_contacts(ContactFilter())
    pages = [
        find_contacts(db, matched, ContactSort(), page=page, page_size=2) for page in (1, 2, 3, 4)
    ]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({row.contact_id for page in pages for row in page}) == 5
    assert count_contacts(db, matched) == 5


def test_a_link_lists_who_passed_and_opened_nothing(db: Database, now: datetime) -> None:
    link = add_share_link(db, add_workspace(db))
    other = add_share_link(db, add_workspace(db))
    ada, bob = add_contact(db, "ada@example.com"), add_contact(db, "bob@example.com")
    add_link_passed(db, bob, link)
    add_session(db, ada, link, now)
    add_session(db, ada, other, now + HOUR)
    by_link = frozenset({link.share_link_id})
    assert _counts(db, ContactFilter(share_link_ids=by_link)) == {
        "ada@example.com": 1,
        "bob@example.com": 0,
    }
    by_workspace = ContactFilter(workspace_ids=frozenset({link.workspace_id}))
    assert _counts(db, by_workspace) == {"ada@example.com": 1}
    here = ContactFilter(share_link_ids=by_link, from_on=now.date(), to_on=now.date())
    assert _counts(db, here) == {"ada@example.com": 1}


def test_counts_and_times_are_those_within_the_filter(db: Database, now: datetime) -> None:
    link, other = (add_share_link(db, add_workspace(db)) for _ in range(2))
    ada = add_contact(db, "ada@example.com")
    add_session(db, ada, link, now - HOUR)
    add_session(db, ada, other, now)
    (row,) = _rows(db, ContactFilter(share_link_ids=frozenset({link.share_link_id})))
    assert (row.access_count, row.last_accessed_at) == (1, now - HOUR)


def test_a_link_and_a_document_mean_the_same_session(db: Database, now: datetime) -> None:
    workspace = add_workspace(db)
    deck, plan = add_document(db, workspace), add_document(db, workspace)
    first, second = (add_share_link(db, workspace) for _ in range(2))
    ada, bob = add_contact(db, "ada@example.com"), add_contact(db, "bob@example.com")
    add_session(db, ada, first, now, documents=[plan])
    add_session(db, ada, second, now, documents=[deck])
    add_session(db, bob, first, now, documents=[deck, plan])
    chosen = ContactFilter(
        share_link_ids=frozenset({first.share_link_id}),
        document_ids=frozenset({deck.document_id}),
    )
    assert _counts(db, chosen) == {"bob@example.com": 1}


def test_a_session_that_opened_two_chosen_documents_counts_once(
    db: Database, now: datetime
) -> None:
    workspace = add_workspace(db)
    documents = [add_document(db, workspace), add_document(db, workspace)]
    ada = add_contact(db, "ada@example.com")
    add_session(db, ada, add_share_link(db, workspace), now, documents=documents)
    both = frozenset(document.document_id for document in documents)
    assert _counts(db, ContactFilter(document_ids=both)) == {"ada@example.com": 1}


def test_type_shows_the_identifier_that_matches_and_verified_speaks_of_it(db: Database) -> None:
    add_contact(db, "ada@example.com", "+5511987654321", verified=True)
    add_contact(db, "bob@example.com")
    whatsapp = frozenset({Channel.WHATSAPP})
    (row,) = _rows(db, ContactFilter(channels=whatsapp))
    assert (row.identifier, row.more_identifiers) == ("+5511987654321", 1)
    assert row.emails == ("ada@example.com",)
    assert _rows(db, ContactFilter(channels=whatsapp, is_verified=False)) == []
    assert _counts(db, ContactFilter(is_verified=False)) == {"bob@example.com": 0}


def test_archived_contacts_leave_list_and_sums_unless_asked_for(
    db: Database, now: datetime
) -> None:
    link = add_share_link(db, add_workspace(db))
    ada = add_contact(db, "ada@example.com", archived_at=now)
    add_session(db, ada, link, now)
    assert _rows(db, ContactFilter()) == []
    assert get_contact_totals(db, match_contacts(ContactFilter())).sessions == 0
    assert _counts(db, ContactFilter(includes_archived=True)) == {"ada@example.com": 1}


def test_new_contacts_are_those_whose_first_session_of_all_is_counted(
    db: Database, now: datetime
) -> None:
    link, other = (add_share_link(db, add_workspace(db)) for _ in range(2))
    ada, bob = add_contact(db, "ada@example.com"), add_contact(db, "bob@example.com")
    add_session(db, ada, other, now - HOUR)
    add_session(db, ada, link, now)
    add_session(db, bob, link, now)
    add_session(db, bob, link, now + HOUR)
    chosen = ContactFilter(share_link_ids=frozenset({link.share_link_id}))
    totals = get_contact_totals(db, match_contacts(chosen))
    assert (totals.contacts, totals.sessions, totals.new_contacts) == (2, 3, 1)
