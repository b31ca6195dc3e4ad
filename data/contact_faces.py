"""A contact's first address of each channel, copied to the contact so that lists look up none.

`identifier` is the truth; what is copied moves with it here, and `data/check.py` compares.
"""

from collections.abc import Sequence

from data.database import Transaction
from data.engine.together import spread
from data.records import Channel, ContactIdentifier, Identifier

FACE_COLUMNS = (
    "email_id",
    "email_is_verified",
    "domain",
    "whatsapp_id",
    "whatsapp_is_verified",
    "country",
    "is_verified",
    "identifier_count",
)
FACE_FACTS = """
    select
        contact_id,
        min(identifier_id) filter (where channel = 'email') as email_id,
        arg_min(verified_at is not null, identifier_id)
            filter (where channel = 'email') as email_is_verified,
        arg_min_null(domain, identifier_id) filter (where channel = 'email') as domain,
        min(identifier_id) filter (where channel = 'whatsapp') as whatsapp_id,
        arg_min(verified_at is not null, identifier_id)
            filter (where channel = 'whatsapp') as whatsapp_is_verified,
        arg_min_null(country, identifier_id) filter (where channel = 'whatsapp') as country,
        arg_min(verified_at is not null, identifier_id) as is_verified,
        cast(count(*) as integer) as identifier_count
    from identifier
    group by contact_id
"""
_COPIED = """
        email_id = facts.email_id,
        email_is_verified = facts.email_is_verified,
        domain = facts.domain,
        whatsapp_id = facts.whatsapp_id,
        whatsapp_is_verified = facts.whatsapp_is_verified,
        country = facts.country,
        is_verified = facts.is_verified,
        identifier_count = coalesce(facts.identifier_count, 0)
"""
_DIFFERS = (
    " or ".join(
        f"contact.{column} is distinct from facts.{column}"
        for column in FACE_COLUMNS
        if column != "identifier_count"
    )
    + " or contact.identifier_count <> coalesce(facts.identifier_count, 0)"
)
_INSERT_WITH_FACE = spread("""
    insert into contact (
        contact_id,
        created_at,
        access_count,
        email_id,
        email_is_verified,
        domain,
        whatsapp_id,
        whatsapp_is_verified,
        country,
        is_verified,
        identifier_count
    )
    values (
        $contact_id,
        $now,
        0,
        $email_id,
        $email_is_verified,
        lower(split_part($email_key, '@', -1)),
        $whatsapp_id,
        $whatsapp_is_verified,
        $country,
        $is_verified,
        1
    )
""")
_NOTE_FIRST = {
    Channel.EMAIL: spread(
        """
        update contact
        set
            email_is_verified = if(email_id is null, $is_verified, email_is_verified),
            domain = if(email_id is null, lower(split_part($place, '@', -1)), domain),
            email_id = coalesce(email_id, $identifier_id),
            is_verified = coalesce(is_verified, $is_verified),
            identifier_count = identifier_count + 1
        where contact_id = $contact_id
        """,
        by="contact_id",
    ),
    Channel.WHATSAPP: spread(
        """
        update contact
        set
            whatsapp_is_verified = if(whatsapp_id is null, $is_verified, whatsapp_is_verified),
            country = if(whatsapp_id is null, $place, country),
            whatsapp_id = coalesce(whatsapp_id, $identifier_id),
            is_verified = coalesce(is_verified, $is_verified),
            identifier_count = identifier_count + 1
        where contact_id = $contact_id
        """,
        by="contact_id",
    ),
}
_NOTE_VERIFIED = {
    Channel.EMAIL: spread(
        """
        update contact
        set
            email_is_verified = true,
            is_verified = is_verified or email_id <= coalesce(whatsapp_id, email_id)
        where
            contact_id = $contact_id
            and email_id = $identifier_id
        """,
        by="contact_id",
    ),
    Channel.WHATSAPP: spread(
        """
        update contact
        set
            whatsapp_is_verified = true,
            is_verified = is_verified or whatsapp_id <= coalesce(email_id, whatsapp_id)
        where
            contact_id = $contact_id
            and whatsapp_id = $identifier_id
        """,
        by="contact_id",
    ),
}


def insert_contact_with_face(
    tx: Transaction, first: ContactIdentifier, *, country: str | None
) -> None:
    """A new contact under its number, with its first address; it has no viewing session yet."""
    is_email = first.channel is Channel.EMAIL
    is_verified = first.verified_at is not None
    tx.run(
        _INSERT_WITH_FACE,
        contact_id=first.contact_id,
        now=first.created_at,
        email_id=first.identifier_id if is_email else None,
        email_is_verified=is_verified if is_email else None,
        email_key=first.key if is_email else None,
        whatsapp_id=None if is_email else first.identifier_id,
        whatsapp_is_verified=None if is_email else is_verified,
        country=None if is_email else country,
        is_verified=is_verified,
    )


def note_new_identifier(
    tx: Transaction,
    contact_id: int,
    identifier_id: int,
    identifier: Identifier,
    *,
    is_verified: bool,
    country: str | None,
) -> None:
    """The contact got this identifier, the newest of all; `country` is that of a phone number."""
    tx.run(
        _NOTE_FIRST[identifier.channel],
        contact_id=contact_id,
        identifier_id=identifier_id,
        is_verified=is_verified,
        place=identifier.key if identifier.channel is Channel.EMAIL else country,
    )


def note_verified_identifier(
    tx: Transaction, contact_id: int, identifier_id: int, channel: Channel
) -> None:
    """This identifier of the contact was proved."""
    tx.run(_NOTE_VERIFIED[channel], contact_id=contact_id, identifier_id=identifier_id)


def rebuild_faces(tx: Transaction) -> None:
    """Copy anew what differs."""
    tx.run(
        f"""
        update contact
        set {_COPIED}
        from contact as stored
        left join ({FACE_FACTS}) as facts on facts.contact_id = stored.contact_id
        where
            stored.contact_id = contact.contact_id
            and ({_DIFFERS})
        """
    )


def rebuild_faces_of(tx: Transaction, contact_ids: Sequence[int]) -> None:
    """Copy anew for these contacts; one without identifiers is left without any."""
    tx.run(
        f"""
        update contact
        set {_COPIED}
        from (select unnest($contact_ids) as contact_id) as wanted
        left join (
            select *
            from ({FACE_FACTS})
            where contact_id = any($contact_ids)
        ) as facts on facts.contact_id = wanted.contact_id
        where contact.contact_id = wanted.contact_id
        """,
        contact_ids=list(contact_ids),
    )
