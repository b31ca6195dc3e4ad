-- The whole first house. Released files are never edited: a change is a new file.
-- No FOREIGN KEY (DuckDB refuses ordinary writes with them); data/check.py finds orphans.

create sequence member_id_seq;
create sequence member_session_id_seq;
create sequence workspace_id_seq;
create sequence document_id_seq;
create sequence share_link_id_seq;
create sequence contact_id_seq;
create sequence identifier_id_seq;
create sequence browser_id_seq;
create sequence gate_entry_id_seq;
create sequence challenge_id_seq;
create sequence pass_id_seq;
create sequence viewing_session_id_seq;
create sequence document_view_id_seq;
create sequence gate_event_id_seq;
create sequence audit_id_seq;

create table account (
    account_id integer not null,
    name varchar not null,
    plan varchar not null,
    time_zone varchar not null,
    created_at timestamptz not null
);

create table member (
    member_id integer not null,
    email varchar not null,
    name varchar not null,
    role varchar not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table sign_in_link (
    token_hash varchar unique not null,
    member_id integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create table member_session (
    member_session_id bigint not null,
    member_id integer not null,
    browser_id bigint not null,
    started_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz
);

create table workspace (
    workspace_id integer not null,
    name varchar not null,
    created_at timestamptz not null,
    archived_at timestamptz
);

create table document (
    document_id integer not null,
    workspace_id integer not null,
    name varchar not null,
    content_type varchar not null,
    byte_count bigint not null,
    storage_name varchar not null,
    created_at timestamptz not null,
    archived_at timestamptz
);

create table share_link (
    share_link_id integer not null,
    slug varchar unique not null,
    name varchar not null,
    workspace_id integer not null,
    document_id integer,
    requires_email boolean not null,
    verifies_email boolean not null,
    requires_whatsapp boolean not null,
    verifies_whatsapp boolean not null,
    pass_seconds integer not null,
    policy_epoch integer not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);

create table contact (
    contact_id bigint primary key,
    name varchar,
    company varchar,
    created_at timestamptz not null,
    first_accessed_at timestamptz,
    last_accessed_at timestamptz,
    access_count integer not null,
    archived_at timestamptz
);

create table identifier (
    identifier_id bigint primary key,
    lookup varchar unique not null,
    channel varchar not null,
    key varchar not null,
    address varchar not null,
    typed varchar not null,
    contact_id bigint not null,
    created_at timestamptz not null,
    verified_at timestamptz
);

-- The cookie holds a random id, the database only its SHA-256. A browser keeps its number when
-- its id is rotated, so that no pass has to be rewritten.
create table browser_key (
    key_hash varchar unique not null,
    browser_id bigint not null,
    created_at timestamptz not null,
    replaced_at timestamptz
);

create table browser_grant (
    grant_hash varchar unique not null,
    browser_id bigint not null,
    pass_id bigint not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- What one browser typed at one link's gate: its identifiers, while codes are awaited.
create table gate_entry (
    gate_entry_id bigint not null,
    browser_id bigint not null,
    share_link_id integer not null,
    policy_epoch integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz
);

create table gate_entry_identifier (
    gate_entry_id bigint not null,
    channel varchar not null,
    key varchar not null,
    address varchar not null,
    typed varchar not null,
    needs_code boolean not null,
    verified_at timestamptz
);

create table challenge (
    challenge_id bigint not null,
    gate_entry_id bigint not null,
    browser_id bigint not null,
    share_link_id integer not null,
    policy_epoch integer not null,
    channel varchar not null,
    identifier_key varchar not null,
    mac varchar,
    created_at timestamptz not null,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    send_count integer not null,
    tries integer not null,
    answered_at timestamptz,
    void_reason varchar
);

create table pass (
    pass_id bigint not null,
    browser_id bigint not null,
    share_link_id integer not null,
    policy_epoch integer not null,
    contact_id bigint,
    identifier_id bigint,
    other_identifier_id bigint,
    channel varchar,
    is_verified boolean not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    claimed_at timestamptz,
    revoked_at timestamptz
);

-- Facts: appended, never changed but for a running session's last_seen_at and ended_at, and the
-- copy of contact_id, which a merge, undo or split rewrites.
create table viewing_session (
    viewing_session_id bigint not null,
    share_link_id integer not null,
    workspace_id integer not null,
    contact_id bigint,
    identifier_id bigint,
    channel varchar,
    is_verified boolean not null,
    kind varchar not null,
    pass_id bigint not null,
    browser_id bigint not null,
    started_at timestamptz not null,
    last_seen_at timestamptz not null,
    ended_at timestamptz
);

create table document_view (
    document_view_id bigint not null,
    viewing_session_id bigint not null,
    document_id integer not null,
    contact_id bigint,
    identifier_id bigint,
    kind varchar not null,
    opened_at timestamptz not null
);

-- Rollups: moved in the transaction that writes the fact; data/rollups.py rebuilds them.
-- Only sessions of kind 'viewer' with a contact are in them.
create table contact_link (
    contact_id bigint not null,
    share_link_id integer not null,
    linked_at timestamptz not null,
    first_accessed_at timestamptz,
    last_accessed_at timestamptz,
    access_count integer not null
);

create table contact_document (
    contact_id bigint not null,
    document_id integer not null,
    first_accessed_at timestamptz not null,
    last_accessed_at timestamptz not null,
    access_count integer not null
);

-- slot = epoch seconds // 900: 15 minutes of UTC cut every time zone's day.
create table activity_slot (
    slot bigint not null,
    channel varchar not null,
    is_verified boolean not null,
    session_count integer not null,
    new_contact_count integer not null
);

create table gate_event (
    gate_event_id bigint not null,
    created_at timestamptz not null,
    share_link_id integer not null,
    browser_id bigint,
    channel varchar,
    event varchar not null,
    reason varchar,
    identifier_hash varchar,
    identifier_mask varchar
);

create table audit (
    audit_id bigint not null,
    created_at timestamptz not null,
    actor_kind varchar not null,
    actor_id bigint,
    workspace_id integer,
    share_link_id integer,
    event varchar not null,
    identifier_hash varchar,
    identifier_mask varchar,
    detail varchar
);
