"""Who comes when, through which link: drawn from hashes, and not stored yet."""

from benchmarks.scale.chance import chance

MAKE_DOCUMENTS = """
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
MAKE_LINKS = f"""
    create temporary table made_link as
    select
        *,
        case
            when {chance(3, "share_link_id")} < 0.6
                then first_document
                    + cast(floor(pow({chance(4, "share_link_id")}, 2) * documents) as integer)
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
                        1 + floor(pow({chance(2, "number")}, 1.6) * $workspaces) as integer
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
STORE_LINKS = """
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
MAKE_DRAWS = """
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
MAKE_CONTACTS = f"""
    create temporary table made_contact as
    select
        contact_id,
        arrival,
        case
            when habit < 0.03 then 0
            else 1 + cast(round(
                $returns * (1 - arrival) / 0.413 * -ln(1 - {chance(11, "contact_id")}) * case
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
        {chance(14, "contact_id")} < 0.86 as is_verified,
        cast(floor({chance(15, "contact_id")} * $draws) as integer) as home_draw,
        cast(floor({chance(16, "contact_id")} * $draws) as integer) as second_draw,
        {chance(17, "contact_id")} as knowledge,
        $given[1 + cast(floor({chance(18, "contact_id")} * len($given)) as integer)] as given,
        $family[1 + cast(floor({chance(19, "contact_id")} * len($family)) as integer)]
            as family,
        cast(floor(pow({chance(20, "contact_id")}, 1.7) * ($contacts // 40 + 1)) as integer)
            as company
    from (
        select
            contact_id,
            (sqrt(1 + 9.24 * contact_id / $contacts) - 1) / 2.2 as arrival,
            {chance(10, "contact_id")} as habit,
            {chance(12, "contact_id")} < 0.72 as has_email,
            {chance(12, "contact_id")} > 0.60 as has_whatsapp
        from range(1, $contacts + 1) as made(contact_id)
    )
    order by contact_id
"""
MAKE_VISITS = f"""
    create temporary table made_visit as
    select
        contact_id,
        visit,
        identifier_id + if(has_email and has_whatsapp and turn >= 0.75, 1, 0) as identifier_id,
        if(has_email and (not has_whatsapp or turn < 0.75), 'email', 'whatsapp') as channel,
        is_verified,
        'viewer' as kind,
        coalesce(link_draw.share_link_id, 1) as share_link_id,
        2 * contact_id - if({chance(31, "contact_id, visit")} < 0.3, 0, 1) as browser_id,
        least($days - 1, cast(floor(days) as integer)) as day,
        hour_turn
    from (
        select
            made_contact.*,
            visit,
            {chance(32, "contact_id, visit")} as turn,
            {chance(33, "contact_id, visit")} as hour_turn,
            case
                when {chance(34, "contact_id, visit")} < 0.72 then home_draw
                when {chance(34, "contact_id, visit")} < 0.92 then second_draw
                else cast(floor({chance(35, "contact_id, visit")} * $draws) as integer)
            end as drawn,
            $days * if(
                visit = 0,
                arrival,
                arrival + (1 - arrival) * pow({chance(36, "contact_id, visit")}, 1.5)
            ) as days
        from made_contact, unnest(range(visits)) as made(visit)
    )
    left join link_draw using (drawn)
"""
# Members, crawlers, and viewers whom nobody asked make up the rest.
MAKE_OTHER_VISITS = f"""
    insert into made_visit
    select
        null,
        number,
        null,
        null,
        false,
        case
            when {chance(41, "number")} < 0.55 then 'viewer'
            when {chance(41, "number")} < 0.85 then 'bot'
            else 'internal'
        end as kind,
        if(
            {chance(41, "number")} < 0.55,
            7 + 20 * cast(floor({chance(42, "number")} * ($links // 20)) as integer),
            link_draw.share_link_id
        ),
        2 * $contacts + 1 + cast(floor({chance(43, "number")} * ($others // 4 + 1)) as bigint),
        cast(floor($days * sqrt({chance(44, "number")})) as integer),
        {chance(45, "number")}
    from (
        select
            number,
            cast(floor({chance(46, "number")} * $draws) as integer) as drawn
        from range($others) as made(number)
    )
    join link_draw using (drawn)
"""
# Most of a weekend's visits move into the week before it.
ORDER_VISITS = f"""
    create temporary table dated_visit as
    select
        * exclude (day, hour_turn, visit),
        $begun_at + to_days(greatest(0, cast(
            case
                when (day + $weekday) % 7 >= 5 and {chance(51, "browser_id, day")} > 0.22
                    then day + 4 - (day + $weekday) % 7
                        - floor({chance(52, "browser_id, visit")} * 5)
                else day
            end
        as integer))) + to_seconds(
            3600 * $hours[1 + cast(floor(hour_turn * len($hours)) as integer)]
            + cast(floor({chance(53, "browser_id, visit")} * 3600) as bigint)
        ) as started_at
    from made_visit
    order by
        started_at,
        browser_id,
        visit
"""
# A pass to a link, for as long as it is used within a quarter of a year.
MAKE_PASSES = """
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
