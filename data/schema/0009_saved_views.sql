-- What members look at again: a name for the words of the contacts page's address.

create sequence saved_view_id_seq;

-- `words` is JSON: each name with its list of texts. A preset stays a preset, so it goes with time.
create table saved_view (
    saved_view_id integer not null,
    member_id integer not null,
    name varchar not null,
    words varchar not null,
    is_shared boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
