"""The demo account: real files, two years that end now, and rows that all belong together."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from data.accounts import get_account, has_account
from data.check import check_database
from data.contact_filter import ContactFilter, ContactSort
from data.contact_queries import count_contacts, match_contacts
from data.contacts import insert_contact
from data.database import Database, Row
from data.demo import AccountExists, DemoAccount, make_demo
from data.demo.people import make_people
from data.demo.steps import Concealed
from data.documents import find_documents
from data.export import count_export_rows
from data.export_kinds import ExportTool, ExportWanted
from data.gate_events import GateStep
from data.gate_funnel import FunnelFilter, count_funnel
from data.gate_history import REFUSED, HistoryFilter, find_past_steps
from data.links import find_share_links, get_share_link
from data.members import find_members, get_first_owner
from data.records import Channel, LinkState, Plan, Role
from gate.documents import sniff_content_type
from gate.identifiers import parse_email, parse_whatsapp
from gate.limits import HISTORY_KEPT

LOCALE = Path(__file__).parents[2] / "pages/locale/en.toml"
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
TABLES = (
    "contact",
    "identifier",
    "browser_key",
    "pass",
    "contact_link",
    "contact_document",
    "activity_slot",
    "viewing_session",
    "document_view",
    "gate_event",
    "delivery",
    "list_entry",
    "expected_viewer",
    "consent",
    "contact_tag",
)


@dataclass(frozen=True)
class Demo:
    db: Database
    home: Path
    made: DemoAccount

    def number(self, sql: str) -> int:
        rows = self.db.rows(sql)
        return int(rows[0][0])


def _conceal(channel: Channel, address: str) -> Concealed:
    return Concealed(f"hash of {channel}:{address}", f"{address[:1]}***")


def _make(home: Path, now: datetime = NOW, seed: int = 7) -> Demo:
    db = Database(home / "gatebook.duckdb")
    made = make_demo(db, home, now=now, conceal=_conceal, owner_email="ada@home.example", seed=seed)
    return Demo(db, home, made)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = _make(tmp_path_factory.mktemp("demo"))
    yield demo
    demo.db.close()


def _rows_of(demo: Demo, table: str) -> list[Row]:
    return sorted(demo.db.rows(f"select * from {table}"), key=repr)


# --- What a newcomer finds ---


def test_it_is_a_business_account_with_an_owner(demo: Demo) -> None:
    assert get_account(demo.db).plan is Plan.BUSINESS
    owner = get_first_owner(demo.db)
    assert owner is not None
    assert owner.email == "ada@home.example"


def test_it_is_as_large_as_promised(demo: Demo) -> None:
    assert demo.number("select count(*) from workspace") == 3
    assert demo.made.documents == len(find_documents(demo.db)) == 25
    assert demo.made.share_links == len(find_share_links(demo.db)) >= 60
    assert demo.made.contacts == demo.number("select count(*) from contact") == 2000
    assert 12_000 <= demo.made.viewing_sessions <= 18_000
    assert count_contacts(demo.db, match_contacts(ContactFilter())) == 2000


def test_the_sample_link_opens_now_and_verifies_an_email_address(demo: Demo) -> None:
    link = get_share_link(demo.db, demo.made.sample_link.slug)
    assert link == demo.made.sample_link
    assert link.state(NOW) is LinkState.ACTIVE
    assert (link.verifies_email, link.requires_whatsapp) == (True, False)


def test_slugs_cannot_be_guessed(demo: Demo) -> None:
    slugs = {link.slug for link in find_share_links(demo.db)}
    assert len(slugs) == demo.made.share_links
    assert all(re.fullmatch(r"[\w-]{22}", slug) for slug in slugs)


def test_every_combination_of_rules_has_a_link(demo: Demo) -> None:
    rules = {
        (one.requires_email, one.verifies_email, one.requires_whatsapp, one.verifies_whatsapp)
        for one in find_share_links(demo.db)
    }
    assert len(rules) == 9


def test_some_links_have_expired_and_some_were_revoked(demo: Demo) -> None:
    states = [link.state(NOW) for link in find_share_links(demo.db)]
    wanted = (LinkState.ACTIVE, LinkState.EXPIRED, LinkState.REVOKED)
    assert all(states.count(state) >= 3 for state in wanted)


# --- Files ---


def test_every_document_is_a_private_file_of_its_type(demo: Demo) -> None:
    for document in find_documents(demo.db):
        path = demo.home / "documents" / document.storage_name
        content = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(content) == document.byte_count < 100_000
        assert sniff_content_type(content, document.name) == document.content_type


def test_a_pdf_has_two_to_six_pages_where_its_table_says(demo: Demo) -> None:
    pdfs = [one for one in find_documents(demo.db) if one.content_type == "application/pdf"]
    for document in pdfs:
        content = (demo.home / "documents" / document.storage_name).read_bytes()
        assert 2 <= content.count(b"/Type /Page ") <= 6
        start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
        offsets = re.findall(rb"^(\d{10}) 00000 n", content[start:], re.MULTILINE)
        for number, offset in enumerate(offsets, 1):
            assert content[int(offset) :].startswith(b"%d 0 obj" % number)


# --- People ---


def test_two_thirds_have_an_email_address_and_some_have_both(demo: Demo) -> None:
    shares = "select count(*) filter (where {}) * 100 // 2000 from ({})"
    per_contact = "select list(distinct channel) as reached from identifier group by contact_id"
    assert 60 <= demo.number(shares.format("reached = ['email']", per_contact)) <= 66
    assert 28 <= demo.number(shares.format("reached = ['whatsapp']", per_contact)) <= 34
    assert 4 <= demo.number(shares.format("len(reached) = 2", per_contact)) <= 8


def test_every_address_is_what_the_gate_would_make_of_it(demo: Demo) -> None:
    for channel, key, address in demo.db.rows("select channel, key, address from identifier"):
        parsed = parse_email(address) if channel == "email" else parse_whatsapp(address, None)
        assert (parsed.key, parsed.address) == (key, address)
        assert channel == "whatsapp" or address.endswith(".example")


def test_most_are_verified(demo: Demo) -> None:
    verified = "select count(*) filter (where verified_at is not null) * 100 // count(*)"
    assert 85 <= demo.number(f"{verified} from identifier") < 100


def test_nobody_shares_an_address() -> None:
    people = make_people(Random(1), 1, 3000)
    addresses = [one for person in people for one in (person.email, person.whatsapp) if one]
    assert len(addresses) == len(set(addresses))


def test_an_analyst_is_a_member_and_has_no_password(demo: Demo) -> None:
    roles = [(one.role, one.email) for one in find_members(demo.db)]
    assert roles == [
        (Role.OWNER, "ada@home.example"),
        (Role.ANALYST, "mara.lindqvist@larkmere.example"),
    ]
    assert demo.number("select count(password_hash) from member") == 0


def test_some_agreed_to_be_written_to_in_the_gates_words_and_some_withdrew(demo: Demo) -> None:
    english = tomllib.loads(LOCALE.read_text("utf-8"))
    said = english["page"]["consent"].replace("{account}", get_account(demo.db).name)
    assert demo.db.rows("select distinct wording, language from consent") == [(said, "en")]
    assert 300 < demo.number("select count(*) from consent where withdrawn_at is null") < 800
    assert 8 < demo.number("select count(*) from consent where withdrawn_at is not null") < 60
    assert 0 < demo.number("select count(*) from consent where not is_verified") < 60


@pytest.mark.parametrize("tool", [tool for tool in ExportTool if tool.mailing_channels])
def test_every_mailing_file_has_people_and_who_opted_out(demo: Demo, tool: ExportTool) -> None:
    everybody = match_contacts(ContactFilter())
    for is_opted_out, least in ((False, 60), (True, 3)):
        wanted = ExportWanted(tool=tool, is_opted_out=is_opted_out)
        assert count_export_rows(demo.db, everybody, ContactSort(), wanted) >= least


def test_there_are_a_few_tags_on_some_contacts(demo: Demo) -> None:
    assert 4 <= demo.number("select count(distinct tag) from contact_tag") <= 8
    assert 300 < demo.number("select count(distinct contact_id) from contact_tag") < 900


# --- Two years ---


def test_two_years_end_today_and_nothing_is_later(demo: Demo) -> None:
    first, last = demo.db.rows("select min(started_at), max(last_seen_at) from viewing_session")[0]
    assert first < NOW - timedelta(days=720)
    assert NOW.date() == last.date()
    assert last <= NOW


@pytest.mark.parametrize("hour", [0, 23])
def test_it_can_be_made_at_any_hour(tmp_path: Path, hour: int) -> None:
    now = datetime(2026, 3, 29, hour, 5, tzinfo=UTC)
    demo = _make(tmp_path, now)
    latest = demo.db.rows("select max(last_seen_at), max(ended_at) from viewing_session")[0]
    last_steps = demo.db.rows("select max(created_at) from gate_event")[0]
    demo.db.close()
    assert max(*latest, *last_steps) <= now
    assert demo.made.contacts == 2000


def test_weekends_are_quiet_and_the_second_year_is_busier(demo: Demo) -> None:
    weekend = "count(*) filter (where isodow(started_at) > 5) * 100 // count(*)"
    assert 3 <= demo.number(f"select {weekend} from viewing_session") <= 15
    growth = "count(*) filter (where started_at > timestamptz '2025-11-26') * 100 // count(*)"
    assert 55 <= demo.number(f"select {growth} from viewing_session") <= 85


def test_there_are_one_timers_and_regulars(demo: Demo) -> None:
    assert demo.number("select count(*) from contact where access_count = 1") > 400
    assert demo.number("select count(*) from contact where access_count > 30") > 20
    assert demo.number("select count(*) from contact where access_count = 0") > 10


def test_bots_and_previews_are_there_and_few(demo: Demo) -> None:
    share = "count(*) filter (where kind = '{}') * 1000 // count(*) from viewing_session"
    assert 10 <= demo.number("select " + share.format("bot")) <= 40
    assert 10 <= demo.number("select " + share.format("internal")) <= 30


# --- What happened at the gates ---


@pytest.mark.parametrize("channel", [None, *Channel])
@pytest.mark.parametrize("days", [30, 365])
def test_as_many_browsers_viewed_as_have_sessions(
    demo: Demo, channel: Channel | None, days: int
) -> None:
    since = NOW - timedelta(days=days)
    channels = frozenset([channel] if channel else [])
    counts = count_funnel(demo.db, FunnelFilter(since=since, channels=channels)).steps
    rows = demo.db.rows(
        """
        select count(distinct (browser_id, share_link_id))
        from viewing_session
        where kind = 'viewer' and started_at >= $since and ($one is null or channel = $one)
        """,
        since=since,
        one=channel,
    )
    assert rows == [(counts[GateStep.VIEWED],)]
    assert counts[GateStep.OPENED] >= counts[GateStep.ENTERED] >= counts[GateStep.CODE_SENT]
    assert counts[GateStep.CODE_SENT] > counts[GateStep.VERIFIED] > 0


def test_each_viewers_session_of_the_last_year_was_noted_once(demo: Demo) -> None:
    since = NOW - HISTORY_KEPT
    [viewed] = demo.db.rows("select count(*) from gate_event where event = 'viewed'")
    seen = "select count(*) from viewing_session where kind = 'viewer' and started_at >= $since"
    assert demo.db.rows(seen, since=since) == [viewed]


@pytest.mark.parametrize("table", ["gate_event", "delivery"])
def test_nothing_is_older_than_what_the_gate_keeps(demo: Demo, table: str) -> None:
    [(first_at,)] = demo.db.rows(f"select min(created_at) from {table}")
    assert NOW - HISTORY_KEPT <= first_at <= NOW - HISTORY_KEPT + timedelta(days=7)


def test_every_kind_of_refusal_happened_in_the_last_quarter(demo: Demo) -> None:
    wanted = HistoryFilter(since=NOW - timedelta(days=90))
    found = find_past_steps(demo.db, wanted, REFUSED, most=10_000)
    # No link of the demo has a password.
    assert {one.step for one in found} == set(REFUSED) - {GateStep.WRONG_PASSWORD}
    assert 20 < len(found) < 400


def test_each_code_has_its_delivery(demo: Demo) -> None:
    steps = "select count(*) from gate_event where event = '{}'"
    sent, kept = demo.number(steps.format("code_sent")), demo.number(steps.format("held_back"))
    failed = demo.number(steps.format("sending_failed"))
    states = "select count(*) from delivery where state {}"
    assert demo.number(states.format("<> 'held_back'")) == sent
    assert demo.number(states.format("= 'held_back'")) == kept > 0
    assert demo.number(states.format("= 'undeliverable'")) == failed > 0


# --- Everything belongs together ---

ORPHANS = {
    "a session's pass": """
        from viewing_session anti join pass using (
            pass_id, browser_id, share_link_id, contact_id, identifier_id
        ) where viewing_session.contact_id is not null
    """,
    "an open link's pass": """
        from viewing_session anti join pass using (pass_id, browser_id, share_link_id)
    """,
    "a pass's browser": "from pass anti join browser_key using (browser_id)",
    "a pass's contact": "from pass anti join contact using (contact_id) where contact_id > 0",
    "a pass's identifier": """
        from pass anti join identifier using (identifier_id, contact_id) where contact_id > 0
    """,
    "a pass's other identifier": """
        from pass anti join identifier on identifier.identifier_id = other_identifier_id
            and identifier.contact_id = pass.contact_id
        where other_identifier_id is not null
    """,
    "a pass's link to the contact": """
        from pass anti join contact_link using (contact_id, share_link_id) where contact_id > 0
    """,
    "an identifier's contact": "from identifier anti join contact using (contact_id)",
    "a contact's identifier": "from contact anti join identifier using (contact_id)",
    "a session's document": """
        from viewing_session anti join document_view using (viewing_session_id)
    """,
    "a view's session": """
        from document_view anti join viewing_session on
            viewing_session.viewing_session_id = document_view.viewing_session_id
            and viewing_session.contact_id is not distinct from document_view.contact_id
            and viewing_session.identifier_id is not distinct from document_view.identifier_id
            and viewing_session.kind = document_view.kind
            and document_view.opened_at between viewing_session.started_at and last_seen_at
    """,
    "a view's document, through its link": """
        from document_view
        join share_link using (share_link_id)
        join document on document.document_id = document_view.document_id
        where document.workspace_id <> share_link.workspace_id
            or document.document_id <> coalesce(share_link.document_id, document.document_id)
            or document.created_at > document_view.opened_at
    """,
    "a session while its pass and link lived": """
        from viewing_session
        join pass using (pass_id)
        join share_link on share_link.share_link_id = viewing_session.share_link_id
        where started_at < claimed_at
            or last_seen_at > pass.expires_at
            or issued_at < share_link.created_at
            or last_seen_at > share_link.expires_at
            or last_seen_at > share_link.revoked_at
    """,
    "a verified session after its identifier was verified": """
        from viewing_session
        join identifier using (identifier_id)
        where started_at < created_at
            or (is_verified and (verified_at is null or started_at < verified_at))
            or viewing_session.channel <> identifier.channel
    """,
    "a contact before its identifiers and links": """
        from contact
        join identifier using (contact_id)
        join contact_link using (contact_id)
        where contact.created_at > identifier.created_at
            or contact.created_at > linked_at
            or contact.created_at > contact.first_accessed_at
    """,
    "a step at a link that lived": """
        from gate_event
        join share_link using (share_link_id)
        where gate_event.created_at < share_link.created_at
            or event not in ('found_closed', 'abandoned')
            and gate_event.created_at > least(expires_at, revoked_at)
            or event = 'found_closed' and gate_event.created_at <= least(expires_at, revoked_at)
    """,
    "a consent's pass to a link that asked for it": """
        from consent
        anti join (
            select identifier_id, contact_id, share_link_id, issued_at as given_at, pass.is_verified
            from pass
            join share_link using (share_link_id)
            where asks_consent
        ) using (identifier_id, contact_id, share_link_id, given_at, is_verified)
    """,
    "a consent withdrawn before it was given or after now": f"""
        from consent
        where withdrawn_at <= given_at or withdrawn_at > timestamptz '{NOW.isoformat()}'
    """,
    "a tag's contact": "from contact_tag anti join contact using (contact_id)",
    "a step's browser": "from gate_event anti join browser_key using (browser_id)",
    "a step that was taken before its browser was there": """
        from gate_event
        join browser_key using (browser_id)
        where gate_event.created_at < browser_key.created_at
    """,
    "a step without whoever takes it": """
        from gate_event
        where (identifier_hash is null or identifier_mask is null or channel is null)
            and event not in ('opened', 'viewed', 'found_closed')
    """,
    "a stranger who is a contact": """
        from gate_event
        join identifier on identifier_hash = 'hash of ' || lookup
        where event in ('abandoned', 'denied', 'held_back', 'challenge_closed')
    """,
    "steps in another order than they happened": """
        from gate_event as one
        join gate_event as other on other.gate_event_id = one.gate_event_id + 1
        where other.created_at < one.created_at
    """,
    "a session that its browser's last one would have been": """
        from viewing_session as one
        join viewing_session as other on
            other.browser_id = one.browser_id
            and other.share_link_id = one.share_link_id
            and other.viewing_session_id > one.viewing_session_id
        where other.started_at < one.last_seen_at + interval 30 minutes
    """,
}


@pytest.mark.parametrize("claim", ORPHANS)
def test_nothing_stands_alone_or_out_of_order(demo: Demo, claim: str) -> None:
    assert demo.number(f"select count(*) {ORPHANS[claim]}") == 0


def test_the_databases_own_check_finds_nothing(demo: Demo) -> None:
    assert check_database(demo.db) == []


# --- Again ---


def test_the_same_seed_makes_the_same_account(demo: Demo, tmp_path: Path) -> None:
    again = _make(tmp_path)
    same = [table for table in TABLES if _rows_of(demo, table) == _rows_of(again, table)]
    slugs = {link.slug for link in find_share_links(again.db)}
    again.db.close()
    assert same == list(TABLES)
    assert slugs.isdisjoint(link.slug for link in find_share_links(demo.db))


def test_it_never_mixes_with_an_account(demo: Demo) -> None:
    before = sorted(path.name for path in (demo.home / "documents").iterdir())
    with pytest.raises(AccountExists):
        make_demo(demo.db, demo.home, now=NOW, conceal=_conceal)
    assert demo.number("select count(*) from account") == 1
    assert sorted(path.name for path in (demo.home / "documents").iterdir()) == before


def test_a_failure_leaves_neither_rows_nor_files(db: Database, tmp_path: Path) -> None:
    with pytest.raises(duckdb.ConstraintException):
        make_demo(db, tmp_path, now=NOW, conceal=_conceal, owner_email=None)  # type: ignore[arg-type]
    assert list((tmp_path / "documents").iterdir()) == []
    assert not has_account(db)


def test_it_can_be_made_after_a_failure_and_numbers_go_on(db: Database, tmp_path: Path) -> None:
    with db.transaction() as tx:
        insert_contact(tx, NOW)
        tx.run("delete from contact")
    make_demo(db, tmp_path, now=NOW, conceal=_conceal)
    with db.transaction() as tx:
        assert insert_contact(tx, NOW) == 2001
