"""The account that the benchmarks make: small here, and as right as one that grew."""

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.scale_data import Size, make_scale_account
from data.check import check_database
from data.contact_filter import ContactFilter
from data.contact_queries import get_contact_totals, match_contacts
from data.database import Database
from data.engine.opening import DEFAULT_LIMITS
from data.left_out import count_left_out_sessions

SIZE = Size(4_000, 400, datetime(2026, 3, 1, tzinfo=UTC))


def test_a_scale_account_agrees_with_itself(tmp_path: Path) -> None:
    path = tmp_path / "gatebook.duckdb"
    make_scale_account(path, SIZE, limits=DEFAULT_LIMITS)
    db = Database(path)
    assert check_database(db) == []
    everybody = ContactFilter(includes_archived=True)
    totals = get_contact_totals(db, match_contacts(everybody))
    left_out = count_left_out_sessions(db, everybody)
    assert totals.contacts == 400
    assert totals.sessions + left_out.total == db.rows("select count(*) from viewing_session")[0][0]
    assert min(left_out.internal, left_out.bots, left_out.on_open_links) > 0
    db.close()
