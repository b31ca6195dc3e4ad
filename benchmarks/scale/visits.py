"""What is stored of each visit: passes, viewing sessions and opened documents."""

from benchmarks.scale.chance import chance

STORE_PASSES = """
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
STORE_SESSIONS = f"""
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
            cast(20 - 240 * ln(1 - {chance(61, "rowid")}) as bigint) as stay
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
STORE_VIEWS = f"""
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
                floor(pow({chance(62, "viewing_session_id")}, 2) * documents) as integer
            ) as first_opened,
            case
                when document_id is not null then 1
                when {chance(63, "viewing_session_id")} < 0.42 then 1
                when {chance(63, "viewing_session_id")} < 0.69 then 2
                when {chance(63, "viewing_session_id")} < 0.85 then 3
                when {chance(63, "viewing_session_id")} < 0.95 then 4
                else 5
            end as opened
        from viewing_session
        join made_link on made_link.share_link_id = viewing_session.share_link_id
    ), unnest(range(opened)) as opening(nth)
"""
