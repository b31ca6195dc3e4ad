"""Share links as stored: found by slug, revoked once, counted from contacts and sessions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.database import Database
from data.link_usage import LinkUsage, find_link_usage
from data.links import (
    NewShareLink,
    find_share_links,
    get_share_link,
    get_share_link_by_id,
    insert_share_link,
    revoke_share_link,
    update_share_link,
)
from data.records import LinkState, ShareLink

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "gatebook.duckdb")
    yield database
    database.close()


def add_link(db: Database, slug: str, *, workspace_id: int = 1, now: datetime = NOW) -> ShareLink:
    new = NewShareLink(slug=slug, name=slug.title(), workspace_id=workspace_id, pass_seconds=86_400)
    with db.transaction() as tx:
        return insert_share_link(tx, new, now)


def add_session(db: Database, link: ShareLink, kind: str, started_at: datetime) -> None:
    with db.transaction() as tx:
        tx.run(
            """
            insert into viewing_session
            values (
                nextval('viewing_session_id_seq'), $link, 1, null, null, null, false, $kind, 1, 1,
                $started_at, $started_at, null, false
            )
            """,
            link=link.share_link_id,
            kind=kind,
            started_at=started_at,
        )


def test_a_link_is_found_by_its_slug_and_by_its_number(db: Database) -> None:
    link = add_link(db, "ada")
    assert get_share_link(db, "ada") == link
    assert get_share_link_by_id(db, link.share_link_id) == link
    assert link.created_at == NOW


def test_a_slug_that_differs_in_one_character_finds_nothing(db: Database) -> None:
    add_link(db, "ada")
    assert get_share_link(db, "Ada") is None
    assert get_share_link_by_id(db, 99) is None


def test_a_link_without_a_slug_is_never_stored(db: Database) -> None:
    with pytest.raises(ValueError, match="slug"):
        add_link(db, "")
    assert find_share_links(db) == []


def test_links_come_newest_first_and_by_workspace(db: Database) -> None:
    old = add_link(db, "old")
    new = add_link(db, "new", now=NOW + timedelta(hours=1))
    twin = add_link(db, "twin", workspace_id=2, now=NOW + timedelta(hours=1))
    assert find_share_links(db) == [twin, new, old]
    assert find_share_links(db, workspace_id=1) == [new, old]


def test_a_link_is_revoked_once_and_in_a_new_policy_epoch(db: Database) -> None:
    link = add_link(db, "ada")
    with db.transaction() as tx:
        answers = [revoke_share_link(tx, link.share_link_id, NOW) for _ in range(2)]
    revoked = get_share_link(db, "ada")
    assert answers == [True, False]
    assert revoked is not None
    assert revoked.policy_epoch == link.policy_epoch + 1
    assert revoked.state(NOW) is LinkState.REVOKED


def test_revoking_leaves_every_other_link_alone(db: Database) -> None:
    link, other = add_link(db, "ada"), add_link(db, "bob")
    with db.transaction() as tx:
        revoke_share_link(tx, link.share_link_id, NOW)
        assert not revoke_share_link(tx, 99, NOW)
    assert get_share_link(db, "bob") == other


def test_another_expiry_is_a_new_policy_epoch(db: Database) -> None:
    link = add_link(db, "ada")
    with db.transaction() as tx:
        assert update_share_link(tx, replace(link, expires_at=NOW), has_new_password=False)
        assert not update_share_link(tx, replace(link, share_link_id=99), has_new_password=False)
    changed = get_share_link(db, "ada")
    assert changed is not None
    assert changed.policy_epoch == link.policy_epoch + 1
    assert changed.state(NOW) is LinkState.EXPIRED


def test_an_unused_link_has_no_contacts_and_no_sessions(db: Database) -> None:
    link = add_link(db, "ada")
    assert find_link_usage(db) == [LinkUsage(link.share_link_id, 0, 0, None)]


def test_usage_counts_viewers_and_neither_owners_nor_bots(db: Database) -> None:
    link = add_link(db, "ada")
    for kind, hours in (("viewer", 1), ("viewer", 2), ("internal", 3), ("bot", 4)):
        add_session(db, link, kind, NOW + timedelta(hours=hours))
    usage = find_link_usage(db)
    assert usage == [LinkUsage(link.share_link_id, 0, 2, NOW + timedelta(hours=2))]


def test_usage_counts_a_contact_that_passed_and_opened_nothing(db: Database) -> None:
    link = add_link(db, "ada")
    with db.transaction() as tx:
        tx.run(
            "insert into contact_link values (7, $link, $now, null, null, 0)",
            link=link.share_link_id,
            now=NOW,
        )
    assert find_link_usage(db) == [LinkUsage(link.share_link_id, 1, 0, None)]
