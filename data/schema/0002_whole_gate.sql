-- The whole gate: rules and lists of links, attempts that limits count, delivery, and its history.

create sequence delivery_id_seq;
create sequence list_entry_id_seq;
create sequence gate_block_id_seq;

alter table share_link add column accepts_either boolean default false;
alter table share_link add column allows_download boolean default true;
alter table share_link add column demands_fresh_code boolean default false;
alter table share_link add column view_limit integer;
alter table share_link add column view_count integer default 0;
-- argon2id; the epoch in which it was last set, since passes of earlier epochs did not know it.
alter table share_link add column password_hash varchar;
alter table share_link add column password_epoch integer default 0;

-- Whether a code proved the other identifier of a pass too.
alter table pass add column is_other_verified boolean default false;

alter table challenge add column digits integer default 6;
-- A denied identifier gets a challenge too, so that it looks the same; nothing is ever sent for it.
alter table challenge add column is_decoy boolean default false;

-- Who may and may not open a share link. `value` is compared, `label` is shown. The value of a form
-- '…_hash' is a keyed hash: such an entry is about somebody whose address stands nowhere in clear.
create table list_entry (
    list_entry_id bigint not null,
    share_link_id integer not null,
    side varchar not null,
    form varchar not null,
    value varchar not null,
    label varchar not null,
    created_at timestamptz not null
);

-- A browser that gave the right password of a share link, for as long as it stands at its gate.
create table link_unlock (
    browser_id bigint not null,
    share_link_id integer not null,
    password_epoch integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- An identifier that this browser has proved with a code, so that another link need not ask again.
create table browser_proof (
    browser_id bigint not null,
    identifier_id bigint not null,
    proved_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);

-- What limits count, one row per act. Addresses and networks only as keyed hash and mask.
create table attempt (
    act varchar not null,
    channel varchar,
    identifier_hash varchar,
    identifier_mask varchar,
    number_prefix varchar,
    browser_id bigint,
    network_hash varchar,
    network_mask varchar,
    share_link_id integer,
    workspace_id integer,
    created_at timestamptz not null
);

-- The owner let somebody through a limit: only attempts after this count for that subject.
create table limit_lift (
    scope varchar not null,
    subject varchar not null,
    lifted_at timestamptz not null
);

-- What lasts longer than its counters: longer codes, a blocked prefix, a disabled identifier.
create table gate_block (
    gate_block_id bigint not null,
    kind varchar not null,
    subject varchar not null,
    label varchar not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    lifted_at timestamptz
);

-- Wrong codes in a row for one identifier, since the last right one.
create table failure_streak (
    identifier_hash varchar unique not null,
    failures integer not null
);

-- One row per message that carries a code: handed to the queue, to the provider, to the viewer.
create table delivery (
    delivery_id bigint not null,
    challenge_id bigint not null,
    share_link_id integer not null,
    channel varchar not null,
    identifier_hash varchar not null,
    identifier_mask varchar not null,
    state varchar not null,
    reason varchar,
    provider_message_id varchar,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- What a provider told later, one row per message and status, in any order.
create table delivery_status (
    provider_message_id varchar not null,
    status varchar not null,
    reason varchar,
    told_at timestamptz not null,
    received_at timestamptz not null
);

-- Erased people, as keyed hashes: who returns unproved is a new contact with consent withdrawn.
create table suppression (
    identifier_hash varchar unique not null,
    erased_at timestamptz not null
);

-- Consent is apart from access: its words, their language, when, and whether a code stood behind it.
create table consent (
    identifier_id bigint not null,
    contact_id bigint not null,
    share_link_id integer not null,
    wording varchar not null,
    language varchar not null,
    is_verified boolean not null,
    given_at timestamptz not null,
    withdrawn_at timestamptz
);

alter table share_link add column asks_consent boolean default false;
alter table gate_entry add column consent_wording varchar;
alter table gate_entry add column language varchar default 'en';
-- Typed by somebody whom the link's lists keep out.
alter table gate_entry add column is_denied boolean default false;
