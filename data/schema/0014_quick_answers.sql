-- What the contacts page asks most, kept beside the facts; data/rollup_facts.py says what each holds.

-- A contact's first address of each channel, so that a list of a million looks up none of them.
alter table contact add column email_id bigint;
alter table contact add column email_is_verified boolean;
alter table contact add column domain varchar;
alter table contact add column whatsapp_id bigint;
alter table contact add column whatsapp_is_verified boolean;
alter table contact add column country varchar;
alter table contact add column identifier_count integer default 0;

update contact
set
    email_id = face.email_id,
    email_is_verified = face.email_is_verified,
    domain = face.domain,
    whatsapp_id = face.whatsapp_id,
    whatsapp_is_verified = face.whatsapp_is_verified,
    country = face.country,
    identifier_count = face.identifier_count
from (
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
        cast(count(*) as integer) as identifier_count
    from identifier
    group by contact_id
) as face
where face.contact_id = contact.contact_id;

-- All that a search finds an address by, in lower case, so that a search reads one text of each.
alter table identifier add column searched varchar;

update identifier
set searched = concat_ws(
    chr(31),
    lower(key),
    case when lower(address) <> lower(key) then lower(address) end,
    case when lower(typed) not in (lower(key), lower(address)) then lower(typed) end,
    case
        when channel = 'whatsapp' and typed not in (key, address)
            then regexp_replace(typed, '[^0-9]', '', 'g')
    end
);

-- Copies of the viewing session's own, which never change: what was opened is counted by itself.
-- Of two openings of one document in one session, the first is kept.
create table document_view_beside (
    document_view_id bigint not null,
    viewing_session_id bigint not null,
    document_id integer not null,
    contact_id bigint,
    identifier_id bigint,
    kind varchar not null,
    opened_at timestamptz not null,
    share_link_id integer not null,
    workspace_id integer not null,
    started_at timestamptz not null
);

insert into document_view_beside
select
    document_view.*,
    viewing_session.share_link_id,
    viewing_session.workspace_id,
    viewing_session.started_at
from document_view
join viewing_session on viewing_session.viewing_session_id = document_view.viewing_session_id
where document_view_id in (
    select min(document_view_id)
    from document_view
    group by
        viewing_session_id,
        document_id
)
order by document_view_id;

drop table document_view;
alter table document_view_beside rename to document_view;

-- Sessions of archived contacts apart from the others.
alter table activity_slot add column is_archived boolean default false;

delete from activity_slot;

insert into activity_slot
select
    epoch_us(viewing_session.started_at) // 900000000 as slot,
    viewing_session.channel,
    viewing_session.is_verified,
    count(*),
    count(beginning.viewing_session_id),
    contact.archived_at is not null as is_archived
from viewing_session
join contact on contact.contact_id = viewing_session.contact_id
left join (
    select arg_min(viewing_session_id, (started_at, viewing_session_id)) as viewing_session_id
    from viewing_session
    where
        kind = 'viewer'
        and contact_id is not null
    group by contact_id
) as beginning on beginning.viewing_session_id = viewing_session.viewing_session_id
where viewing_session.kind = 'viewer'
group by
    slot,
    viewing_session.channel,
    viewing_session.is_verified,
    contact.archived_at is not null;

-- The sessions that no number counts, by 15 minutes, share link and why.
create table left_out_slot (
    slot bigint not null,
    share_link_id integer not null,
    workspace_id integer not null,
    reason varchar not null,
    session_count integer not null
);

insert into left_out_slot
select
    epoch_us(started_at) // 900000000 as slot,
    share_link_id,
    workspace_id,
    if(kind = 'viewer', 'open', kind) as reason,
    count(*)
from viewing_session
where
    kind <> 'viewer'
    or contact_id is null
group by
    slot,
    share_link_id,
    workspace_id,
    reason;

-- Each share link's and each document's sum over contacts, archived ones apart.
create table item_total (
    item varchar not null,
    item_id integer not null,
    is_archived boolean not null,
    session_count bigint not null,
    contact_count bigint not null
);

insert into item_total
select
    'link',
    contact_link.share_link_id,
    contact.archived_at is not null as is_archived,
    sum(contact_link.access_count),
    count(*)
from contact_link
join contact on contact.contact_id = contact_link.contact_id
where contact_link.access_count > 0
group by
    contact_link.share_link_id,
    is_archived
union all
select
    'document',
    contact_document.document_id,
    contact.archived_at is not null as is_archived,
    sum(contact_document.access_count),
    count(*)
from contact_document
join contact on contact.contact_id = contact_document.contact_id
group by
    contact_document.document_id,
    is_archived;
