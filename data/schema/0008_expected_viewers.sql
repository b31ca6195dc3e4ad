-- Who should open a share link, as its owner says. It lets nobody in and keeps nobody out.

create sequence expected_viewer_id_seq;

create table expected_viewer (
    expected_viewer_id bigint not null,
    share_link_id integer not null,
    channel varchar not null,
    key varchar not null,
    address varchar not null,
    name varchar,
    created_at timestamptz not null
);
