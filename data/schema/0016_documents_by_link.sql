-- What each contact opened, by the share link it came through, so that a link's and a workspace's
-- documents are added up from what stands here and not from every opening.
create table contact_document_beside (
    contact_id bigint not null,
    share_link_id integer not null,
    document_id integer not null,
    first_accessed_at timestamptz not null,
    last_accessed_at timestamptz not null,
    access_count integer not null
);

insert into contact_document_beside
select
    contact_id,
    share_link_id,
    document_id,
    min(started_at),
    max(started_at),
    count(*)
from document_view
where
    kind = 'viewer'
    and contact_id is not null
group by
    contact_id,
    share_link_id,
    document_id
order by
    contact_id,
    share_link_id,
    document_id;

drop table contact_document;
alter table contact_document_beside rename to contact_document;
