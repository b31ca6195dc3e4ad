"""An account of a million contacts and ten million viewing sessions, made in minutes.

    ./run bench scale_data [folder [sessions [contacts]]]

Makes `folder/gatebook.duckdb` through Gatebook's own migrations: two years of visits that end
yesterday, several workspaces, hundreds of documents, thousands of share links of which one draws
every seventh visit and most draw few, people who come once and people who come for ever, archived
contacts, tags and consent, crawlers, previews and open links, and a year of what happened at the
gates. Rollups are made by the rebuilding that `data/rollups.py` does, and everything is checked as
`python app.py check` does. What a row says is drawn from a hash of its number, so that the same
arguments make the same account. Without a folder it makes a tenth of that in a temporary one, to
try it. A row of a table that a page never reads (deliveries, audit) is not made.
"""

import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.accounts import insert_account
from data.check import check_database
from data.database import Database, Transaction
from data.members import insert_member
from data.opening import DATABASE_FILE, Limits
from data.records import Account, Plan, Role
from data.rollups import rebuild_rollups
from data.workspaces import insert_workspace

SESSIONS = 10_000_000
CONTACTS = 1_000_000
DAYS = 730
WORKSPACES = 12
DOCUMENTS = 400
LINKS = 3_000
# Making it needs more memory than serving it.
MAKING = Limits(memory="10GB")
_TIME_ZONE = "Europe/Berlin"
_WORDS = Path(__file__).parents[1] / "data" / "demo" / "names.toml"
# Visits by hour of the day, from midnight.
_HOURS = (1, 0, 0, 0, 0, 1, 3, 9, 22, 38, 42, 36, 22, 26, 38, 36, 28, 20, 12, 9, 10, 10, 6, 3)
_DRAWS = 65_536


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made, and the midnight that all of it is before."""

    sessions: int
    contacts: int
    ends_at: datetime

    @property
    def begun_at(self) -> datetime:
        """The first midnight of it."""
        return self.ends_at - timedelta(days=DAYS)


def _chance(salt: int, columns: str) -> str:
    """A number from 0 to 1 that these columns always give, another one for another salt."""
    # Hashes of two columns alone are alike for like columns.
    return f"((hash(hash({columns}, {salt})) >> 11) / 9007199254740992.0)"


_MAKE_DOCUMENTS = """
    insert into document
    select
        nextval('document_id_seq'),
        1 + (number - 1) * $workspaces // $documents,
        'Document ' || number || '.pdf',
        'application/pdf',
        50000 + number * 977,
        'document-' || number,
        $begun_at,
        null
    from range(1, $documents + 1) as made(number)
    order by number
"""
# One link in twenty asks for nothing; of the others, either address opens.
_MAKE_LINKS = f"""
    create temporary table made_link as
    select
        *,
        case
            when {_chance(3, "share_link_id")} < 0.6
                then first_document
                    + cast(floor(pow({_chance(4, "share_link_id")}, 2) * documents) as integer)
        end as document_id
    from (
        select
            *,
            (
                select min(document_id)
                from document
                where document.workspace_id = link.workspace_id
            ) as first_document,
            (
                select count(*)
                from document
                where document.workspace_id = link.workspace_id
            ) as documents
        from (
            select
                cast(number as integer) as share_link_id,
                case
                    when number = 1 then 1
                    else cast(
                        1 + floor(pow({_chance(2, "number")}, 1.6) * $workspaces) as integer
                    )
                end as workspace_id,
                number % 20 = 7 as is_open,
                case number
                    when 1 then 0.15
                    when 2 then 0.06
                    when 3 then 0.04
                    else 0.75 * pow(number, -0.9) / 11
                end as pull
            from range(1, $links + 1) as made(number)
        ) as link
    )
"""
_STORE_LINKS = """
    insert into share_link (
        share_link_id,
        slug,
        name,
        workspace_id,
        document_id,
        requires_email,
        verifies_email,
        requires_whatsapp,
        verifies_whatsapp,
        accepts_either,
        pass_seconds,
        policy_epoch,
        created_at
    )
    select
        share_link_id,
        left(sha256('link ' || share_link_id), 22),
        'Link ' || share_link_id,
        workspace_id,
        document_id,
        not is_open,
        not is_open,
        not is_open,
        not is_open,
        not is_open,
        604800,
        1,
        $begun_at
    from made_link
    order by share_link_id
"""
# A number drawn from 0 to 65,535 leads to a link, as often as it draws people.
_MAKE_DRAWS = """
    create temporary table link_draw as
    select
        row_number() over (order by share_link_id) - 1 as drawn,
        share_link_id
    from (
        select
            share_link_id,
            unnest(range(greatest(1, cast(round(pull * $draws) as bigint))))
        from made_link
        where not is_open
    )
    qualify drawn < $draws
"""

# Contacts are numbered as they came, more and more a day; 3 of 100 opened nothing, 46 came once.
_MAKE_CONTACTS = f"""
    create temporary table made_contact as
    select
        contact_id,
        arrival,
        case
            when habit < 0.03 then 0
            else 1 + cast(round(
                $returns * (1 - arrival) / 0.413 * -ln(1 - {_chance(11, "contact_id")}) * case
                    when habit < 0.49 then 0
                    when habit < 0.80 then 0.5
                    when habit < 0.95 then 1.5
                    else 6
                end
            ) as integer)
        end as visits,
        has_email,
        has_whatsapp,
        sum(cast(has_email as integer) + cast(has_whatsapp as integer))
            over (order by contact_id rows unbounded preceding)
            - if(has_email and has_whatsapp, 1, 0) as identifier_id,
        {_chance(14, "contact_id")} < 0.86 as is_verified,
        cast(floor({_chance(15, "contact_id")} * $draws) as integer) as home_draw,
        cast(floor({_chance(16, "contact_id")} * $draws) as integer) as second_draw,
        {_chance(17, "contact_id")} as knowledge,
        $given[1 + cast(floor({_chance(18, "contact_id")} * len($given)) as integer)] as given,
        $family[1 + cast(floor({_chance(19, "contact_id")} * len($family)) as integer)]
            as family,
        cast(floor(pow({_chance(20, "contact_id")}, 1.7) * ($contacts // 40 + 1)) as integer)
            as company
    from (
        select
            contact_id,
            (sqrt(1 + 9.24 * contact_id / $contacts) - 1) / 2.2 as arrival,
            {_chance(10, "contact_id")} as habit,
            {_chance(12, "contact_id")} < 0.72 as has_email,
            {_chance(12, "contact_id")} > 0.60 as has_whatsapp
        from range(1, $contacts + 1) as made(contact_id)
    )
    order by contact_id
"""
_MAKE_VISITS = f"""
    create temporary table made_visit as
    select
        contact_id,
        visit,
        identifier_id + if(has_email and has_whatsapp and turn >= 0.75, 1, 0) as identifier_id,
        if(has_email and (not has_whatsapp or turn < 0.75), 'email', 'whatsapp') as channel,
        is_verified,
        'viewer' as kind,
        coalesce(link_draw.share_link_id, 1) as share_link_id,
        2 * contact_id - if({_chance(31, "contact_id, visit")} < 0.3, 0, 1) as browser_id,
        least($days - 1, cast(floor(days) as integer)) as day,
        hour_turn
    from (
        select
            made_contact.*,
            visit,
            {_chance(32, "contact_id, visit")} as turn,
            {_chance(33, "contact_id, visit")} as hour_turn,
            case
                when {_chance(34, "contact_id, visit")} < 0.72 then home_draw
                when {_chance(34, "contact_id, visit")} < 0.92 then second_draw
                else cast(floor({_chance(35, "contact_id, visit")} * $draws) as integer)
            end as drawn,
            $days * if(
                visit = 0,
                arrival,
                arrival + (1 - arrival) * pow({_chance(36, "contact_id, visit")}, 1.5)
            ) as days
        from made_contact, unnest(range(visits)) as made(visit)
    )
    left join link_draw using (drawn)
"""
# Members, crawlers, and viewers whom nobody asked make up the rest.
_MAKE_OTHER_VISITS = f"""
    insert into made_visit
    select
        null,
        number,
        null,
        null,
        false,
        case
            when {_chance(41, "number")} < 0.55 then 'viewer'
            when {_chance(41, "number")} < 0.85 then 'bot'
            else 'internal'
        end as kind,
        if(
            {_chance(41, "number")} < 0.55,
            7 + 20 * cast(floor({_chance(42, "number")} * ($links // 20)) as integer),
            link_draw.share_link_id
        ),
        2 * $contacts + 1 + cast(floor({_chance(43, "number")} * ($others // 4 + 1)) as bigint),
        cast(floor($days * sqrt({_chance(44, "number")})) as integer),
        {_chance(45, "number")}
    from (
        select
            number,
            cast(floor({_chance(46, "number")} * $draws) as integer) as drawn
        from range($others) as made(number)
    )
    join link_draw using (drawn)
"""
# Most of a weekend's visits move into the week before it.
_ORDER_VISITS = f"""
    create temporary table dated_visit as
    select
        * exclude (day, hour_turn, visit),
        $begun_at + to_days(greatest(0, cast(
            case
                when (day + $weekday) % 7 >= 5 and {_chance(51, "browser_id, day")} > 0.22
                    then day + 4 - (day + $weekday) % 7
                        - floor({_chance(52, "browser_id, visit")} * 5)
                else day
            end
        as integer))) + to_seconds(
            3600 * $hours[1 + cast(floor(hour_turn * len($hours)) as integer)]
            + cast(floor({_chance(53, "browser_id, visit")} * 3600) as bigint)
        ) as started_at
    from made_visit
    order by
        started_at,
        browser_id,
        visit
"""
# A pass to a link, for as long as it is used within a quarter of a year.
_MAKE_PASSES = """
    create temporary table made_pass as
    select
        row_number() over (order by issued_at, browser_id, share_link_id, identifier_id) as pass_id,
        *
    from (
        select
            browser_id,
            share_link_id,
            epoch_us(started_at) // 7776000000000 as quarter,
            identifier_id,
            any_value(contact_id) as contact_id,
            any_value(channel) as channel,
            any_value(is_verified) as is_verified,
            min(started_at) - to_seconds(20) as issued_at,
            max(started_at) + to_seconds(604800) as expires_at
        from dated_visit
        group by
            browser_id,
            share_link_id,
            quarter,
            identifier_id
    )
"""
_STORE_PASSES = """
    insert into pass (
        pass_id,
        browser_id,
        share_link_id,
        policy_epoch,
        contact_id,
        identifier_id,
        channel,
        is_verified,
        issued_at,
        expires_at,
        claimed_at
    )
    select
        pass_id,
        browser_id,
        share_link_id,
        1,
        contact_id,
        identifier_id,
        channel,
        is_verified,
        issued_at,
        expires_at,
        issued_at + to_seconds(2)
    from made_pass
    order by pass_id
"""
_STORE_SESSIONS = f"""
    insert into viewing_session
    select
        dated_visit.rowid + 1,
        dated_visit.share_link_id,
        made_link.workspace_id,
        dated_visit.contact_id,
        dated_visit.identifier_id,
        dated_visit.channel,
        dated_visit.is_verified,
        dated_visit.kind,
        made_pass.pass_id,
        dated_visit.browser_id,
        dated_visit.started_at,
        dated_visit.started_at + to_seconds(stay),
        dated_visit.started_at + to_seconds(stay),
        true
    from (
        select
            *,
            rowid,
            cast(20 - 240 * ln(1 - {_chance(61, "rowid")}) as bigint) as stay
        from dated_visit
    ) as dated_visit
    join made_link on made_link.share_link_id = dated_visit.share_link_id
    join made_pass
        on made_pass.browser_id = dated_visit.browser_id
        and made_pass.share_link_id = dated_visit.share_link_id
        and made_pass.quarter = epoch_us(dated_visit.started_at) // 7776000000000
        and made_pass.identifier_id is not distinct from dated_visit.identifier_id
    order by dated_visit.rowid
"""
# On a whole workspace's link up to five of its documents, the first ones more often.
_STORE_VIEWS = f"""
    insert into document_view
    select
        row_number() over (),
        viewing_session_id,
        coalesce(document_id, first_document + (first_opened + nth) % documents),
        contact_id,
        identifier_id,
        kind,
        started_at + to_seconds(30 * nth),
        share_link_id,
        workspace_id,
        started_at,
        true
    from (
        select
            viewing_session.*,
            made_link.document_id,
            made_link.first_document,
            made_link.documents,
            cast(
                floor(pow({_chance(62, "viewing_session_id")}, 2) * documents) as integer
            ) as first_opened,
            case
                when document_id is not null then 1
                when {_chance(63, "viewing_session_id")} < 0.42 then 1
                when {_chance(63, "viewing_session_id")} < 0.69 then 2
                when {_chance(63, "viewing_session_id")} < 0.85 then 3
                when {_chance(63, "viewing_session_id")} < 0.95 then 4
                else 5
            end as opened
        from viewing_session
        join made_link on made_link.share_link_id = viewing_session.share_link_id
    ), unnest(range(opened)) as opening(nth)
"""
_STORE_CONTACTS = f"""
    insert into contact (contact_id, name, company, created_at, access_count, archived_at)
    select
        made_contact.contact_id,
        case when knowledge < 0.4 then given || ' ' || family end,
        case when knowledge < 0.55 then $companies[1 + company % len($companies)]
            || ' ' || (company // len($companies) + 1) end,
        coalesce(came.issued_at, $begun_at + to_seconds(cast($days * arrival * 86400 as bigint))),
        0,
        if({_chance(71, "made_contact.contact_id")} < 0.01, $ends_at, null)
    from made_contact
    left join (
        select
            contact_id,
            min(issued_at) as issued_at
        from made_pass
        group by contact_id
    ) as came on came.contact_id = made_contact.contact_id
    order by made_contact.contact_id
"""
_STORE_IDENTIFIERS = """
    insert into identifier
    select
        identifier_id,
        channel || ':' || address,
        channel,
        address,
        address,
        address,
        made.contact_id,
        contact.created_at,
        if(made.is_verified, contact.created_at, null),
        if(channel = 'email', split_part(address, '@', 2), null),
        if(channel = 'whatsapp', place, null),
        lower(address)
    from (
        select
            contact_id,
            identifier_id,
            is_verified,
            'email' as channel,
            lower(given || '.' || family) || contact_id || '@' || case
                when contact_id % 100 < 25 then 'gmail.com'
                when contact_id % 100 < 32 then 'outlook.com'
                when contact_id % 100 < 36 then 'gmx.de'
                else lower(replace($companies[1 + company % len($companies)], ' ', '-'))
                    || (company // len($companies) + 1) || '.example'
            end as address,
            null as place
        from made_contact
        where has_email
        union all
        select
            contact_id,
            identifier_id + if(has_email, 1, 0),
            is_verified,
            'whatsapp',
            -- A prime keeps every number apart from the others.
            case contact_id % 5
                when 0 then '+49151'
                when 1 then '+55119'
                when 2 then '+9198'
                when 3 then '+1415'
                else '+447700'
            end || if(
                contact_id % 5 < 3,
                lpad(cast(contact_id * 48271 % 99999989 as varchar), 8, '0'),
                lpad(cast(contact_id * 48271 % 9999991 as varchar), 7, '0')
            ),
            ['DE', 'BR', 'IN', 'US', 'GB'][1 + contact_id % 5]
        from made_contact
        where has_whatsapp
    ) as made
    join contact on contact.contact_id = made.contact_id
    order by identifier_id
"""
_STORE_REST = (
    # Who passed a gate and opened nothing.
    """
    insert into contact_link
    select
        contact_id,
        coalesce(share_link_id, 1),
        created_at,
        null,
        null,
        0
    from made_contact
    join contact using (contact_id)
    left join link_draw on link_draw.drawn = made_contact.home_draw
    where visits = 0
    """,
    f"""
    insert into contact_tag
    select
        contact_id,
        'Tag ' || cast(1 + floor(pow({_chance(72, "contact_id")}, 2) * 30) as integer)
    from contact
    where {_chance(73, "contact_id")} < 0.08
    """,
    f"""
    insert into consent
    select
        identifier_id,
        contact_id,
        1,
        'Write to me about this.',
        'en',
        verified_at is not null,
        created_at,
        if({_chance(74, "identifier_id")} < 0.06, created_at + to_days(3), null)
    from identifier
    where {_chance(75, "identifier_id")} < 0.3
    """,
    """
    insert into browser_key
    select
        sha256('browser ' || browser_id),
        browser_id,
        min(issued_at),
        null
    from made_pass
    group by browser_id
    order by browser_id
    """,
)
# A year of steps: those of each pass, and of one more in six who did not get in.
_STORE_EVENTS = f"""
    insert into gate_event
    select
        row_number() over (order by created_at, pass_id, step),
        created_at,
        share_link_id,
        browser_id,
        channel,
        step,
        reason,
        if(step = 'opened', null, left(sha256('hash ' || browser_id), 32)),
        if(step = 'opened', null, 'a…@…')
    from (
        select
            *,
            issued_at + to_seconds(if(step = 'viewed', 22, 0)) as created_at,
            if(step = 'limited', 'codes_per_identifier', null) as reason
        from (
            select
                made_pass.* exclude (browser_id, channel),
                browser_id + if(is_refused, $contacts * 4, 0) as browser_id,
                if(step = 'opened', null, made_pass.channel) as channel,
                step
            from (
                select *, unnest([false, true]) as is_refused
                from made_pass
                where channel is not null and issued_at >= $kept_since
            ) as made_pass,
            unnest(
                case
                    when not is_refused
                        then ['opened', 'entered', 'code_sent', 'verified', 'admitted', 'viewed']
                    when {_chance(81, "pass_id")} < 0.08 then ['opened', 'entered', 'denied']
                    when {_chance(81, "pass_id")} < 0.11 then ['opened', 'entered', 'limited']
                    when {_chance(81, "pass_id")} < 0.17
                        then ['opened', 'entered', 'code_sent', 'wrong_code', 'abandoned']
                    else []
                end
            ) as steps(step)
        )
    )
"""
_SEQUENCES = {
    "share_link_id_seq": "select max(share_link_id) from share_link",
    "contact_id_seq": "select max(contact_id) from contact",
    "identifier_id_seq": "select max(identifier_id) from identifier",
    "browser_id_seq": "select max(browser_id) from gate_event",
    "pass_id_seq": "select max(pass_id) from pass",
    "viewing_session_id_seq": "select max(viewing_session_id) from viewing_session",
    "document_view_id_seq": "select max(document_view_id) from document_view",
    "gate_event_id_seq": "select max(gate_event_id) from gate_event",
}


def make_scale_account(path: Path, size: Size, *, limits: Limits = MAKING) -> None:
    """A new database at `path` with an account of this size. None may be there yet."""
    if path.exists():
        raise SystemExit(f"There is {path} already.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(path, limits=limits)
    try:
        with db.transaction() as tx:
            _make_stage(tx, size)
            _make_facts(tx, size)
            _say("rollups", lambda: rebuild_rollups(tx))
            for sequence, last in _SEQUENCES.items():
                tx.run(f"select setval('{sequence}', ({last}))")
        _say("checkpoint", db.checkpoint)
    finally:
        db.close()


def check_scale_account(path: Path) -> None:
    """Raises SystemExit with what is wrong with the database at `path`, if anything is."""
    db = Database(path, limits=MAKING)
    try:
        if found := check_database(db):
            raise SystemExit("\n".join(found))
    finally:
        db.close()


def _make_stage(tx: Transaction, size: Size) -> None:
    insert_account(tx, Account("Scale", Plan.BUSINESS, _TIME_ZONE, size.begun_at))
    insert_member(tx, email="owner@localhost", name="Owner", role=Role.OWNER, now=size.begun_at)
    for number in range(WORKSPACES):
        insert_workspace(tx, f"Workspace {number + 1}", size.begun_at)
    tx.run(_MAKE_DOCUMENTS, workspaces=WORKSPACES, documents=DOCUMENTS, begun_at=size.begun_at)
    tx.run(_MAKE_LINKS, workspaces=WORKSPACES, links=LINKS)
    tx.run(_STORE_LINKS, begun_at=size.begun_at)
    tx.run(_MAKE_DRAWS, draws=_DRAWS)


def _make_facts(tx: Transaction, size: Size) -> None:
    words = _read_words()
    # 3 of 200 sessions are members', crawlers' and nobody's in particular.
    counted = size.sessions * 197 // 200
    # What the habits give on average is 0.695 returns each.
    returns = max(0.0, (counted / size.contacts - 0.97) / 0.68)
    span = {"days": DAYS, "begun_at": size.begun_at}
    hours = [hour for hour, weight in enumerate(_HOURS) for _ in range(weight)]

    def step(name: str, sql: str, **given: Any) -> None:
        _say(name, lambda: tx.run(sql, **given))

    step(
        "contacts",
        _MAKE_CONTACTS,
        contacts=size.contacts,
        returns=returns,
        draws=_DRAWS,
        given=words["given"],
        family=words["family"],
    )
    step("visits", _MAKE_VISITS, draws=_DRAWS, days=DAYS)
    made = int(tx.rows("select count(*) from made_visit")[0][0])
    others = max(size.sessions // 66, size.sessions - made)
    step(
        "other visits",
        _MAKE_OTHER_VISITS,
        others=others,
        contacts=size.contacts,
        links=LINKS,
        draws=_DRAWS,
        days=DAYS,
    )
    weekday = size.begun_at.weekday()
    step("in order", _ORDER_VISITS, begun_at=size.begun_at, weekday=weekday, hours=hours)
    tx.run("drop table made_visit")
    step("passes", _MAKE_PASSES)
    step("stored passes", _STORE_PASSES)
    step("stored sessions", _STORE_SESSIONS)
    tx.run("drop table dated_visit")
    step("stored views", _STORE_VIEWS)
    step(
        "stored contacts",
        _STORE_CONTACTS,
        companies=words["companies"],
        ends_at=size.ends_at,
        **span,
    )
    step("stored identifiers", _STORE_IDENTIFIERS, companies=words["companies"])
    for sql in _STORE_REST:
        step("stored the rest", sql)
    kept_since = size.ends_at - timedelta(days=365)
    step("stored events", _STORE_EVENTS, contacts=size.contacts, kept_since=kept_since)


def _read_words() -> dict[str, list[str]]:
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    people, companies = words["people"].values(), words["companies"]
    return {
        "given": [name for one in people for name in one["given"] if " " not in name],
        "family": [name for one in people for name in one["family"]],
        "companies": [f"{one} {two}" for one in companies["first"] for two in companies["second"]],
    }


def _say(name: str, act: Any) -> None:
    begun = time.perf_counter()
    act()
    print(f"  {name:20}{time.perf_counter() - begun:7.1f} s", flush=True)


def _report(path: Path) -> None:
    db = Database(path)
    for table in (
        "contact",
        "identifier",
        "viewing_session",
        "document_view",
        "pass",
        "gate_event",
        "contact_link",
        "contact_document",
        "activity_slot",
        "left_out_slot",
        "item_total",
    ):
        rows = db.rows(f"select count(*) from {table}")[0][0]
        print(f"  {table:20}{rows:12,}")
    db.close()
    print(f"  {path.stat().st_size / 1e6:,.0f} MB")


def main(words: list[str]) -> None:
    """Make the account and say how long each part took, how much it is, and that it is right."""
    sessions = int(words[1]) if len(words) > 1 else SESSIONS if words else SESSIONS // 10
    contacts = int(words[2]) if len(words) > 2 else max(1, sessions // (SESSIONS // CONTACTS))
    ends_at = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(words[0] if words else temporary) / DATABASE_FILE
        make_scale_account(path, Size(sessions, contacts, ends_at))
        made = time.perf_counter()
        check_scale_account(path)
        checked = time.perf_counter()
        _report(path)
    print(f"Made in {made - begun:.0f} s, checked in {checked - made:.0f} s: all in order.")


if __name__ == "__main__":
    main(sys.argv[1:])
