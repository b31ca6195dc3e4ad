-- Contacts that are one person: merges and how they are undone, splits, and pairs kept apart.

create sequence contact_merge_id_seq;
create sequence contact_split_id_seq;

-- One contact became part of another. The row of `merged_id` leaves `contact`, so that no question
-- has to leave it out; what undoing needs of it stands here, until it is undone.
create table contact_merge (
    contact_merge_id bigint not null,
    kept_id bigint not null,
    merged_id bigint not null,
    identifier_ids bigint[] not null,
    merged_created_at timestamptz not null,
    merged_archived_at timestamptz,
    member_id integer not null,
    merged_at timestamptz not null,
    undone_by integer,
    undone_at timestamptz
);

-- What was written down: of whom is 'merged', or 'before' and 'after' for the kept contact.
create table contact_merge_details (
    contact_merge_id bigint not null,
    of_whom varchar not null,
    name varchar,
    company varchar,
    notes varchar,
    tags varchar[] not null
);

create table contact_split (
    contact_split_id bigint not null,
    contact_id bigint not null,
    new_contact_id bigint not null,
    identifier_ids bigint[] not null,
    member_id integer not null,
    split_at timestamptz not null
);

-- An owner said that these two are not the same person; the lower number comes first.
create table contact_apart (
    contact_id bigint not null,
    other_contact_id bigint not null,
    member_id integer not null,
    said_at timestamptz not null
);

-- With which identifier a contact passed a link's gate, as far as `contact_link` alone knew it:
-- noted before identifiers move, so that each takes along what is its own.
create table identifier_link (
    identifier_id bigint not null,
    share_link_id integer not null,
    linked_at timestamptz not null
);
