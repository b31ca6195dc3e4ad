"""What is stored of people and of what happened at the gates, once visits are there."""

from benchmarks.scale.chance import chance

STORE_CONTACTS = f"""
    insert into contact (contact_id, name, company, created_at, access_count, archived_at)
    select
        made_contact.contact_id,
        case when knowledge < 0.4 then given || ' ' || family end,
        case when knowledge < 0.55 then $companies[1 + company % len($companies)]
            || ' ' || (company // len($companies) + 1) end,
        coalesce(came.issued_at, $begun_at + to_seconds(cast($days * arrival * 86400 as bigint))),
        0,
        if({chance(71, "made_contact.contact_id")} < 0.01, $ends_at, null)
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
STORE_IDENTIFIERS = """
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
STORE_REST = (
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
        'Tag ' || cast(1 + floor(pow({chance(72, "contact_id")}, 2) * 30) as integer)
    from contact
    where {chance(73, "contact_id")} < 0.08
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
        if({chance(74, "identifier_id")} < 0.06, created_at + to_days(3), null)
    from identifier
    where {chance(75, "identifier_id")} < 0.3
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
STORE_EVENTS = f"""
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
                    when {chance(81, "pass_id")} < 0.08 then ['opened', 'entered', 'denied']
                    when {chance(81, "pass_id")} < 0.11 then ['opened', 'entered', 'limited']
                    when {chance(81, "pass_id")} < 0.17
                        then ['opened', 'entered', 'code_sent', 'wrong_code', 'abandoned']
                    else []
                end
            ) as steps(step)
        )
    )
"""
SEQUENCES = {
    "share_link_id_seq": "select max(share_link_id) from share_link",
    "contact_id_seq": "select max(contact_id) from contact",
    "identifier_id_seq": "select max(identifier_id) from identifier",
    "browser_id_seq": "select max(browser_id) from gate_event",
    "pass_id_seq": "select max(pass_id) from pass",
    "viewing_session_id_seq": "select max(viewing_session_id) from viewing_session",
    "document_view_id_seq": "select max(document_view_id) from document_view",
    "gate_event_id_seq": "select max(gate_event_id) from gate_event",
}
