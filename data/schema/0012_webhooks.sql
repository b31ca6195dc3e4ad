-- Webhooks: addresses that are told what happens at the gates, what is to be told, and what became
-- of it.

create sequence webhook_id_seq;
create sequence webhook_event_id_seq;
create sequence webhook_delivery_id_seq;

-- The secret is nowhere: it is made from the salt and the pepper. After a new one was made, the
-- salt before it counts beside it for a while.
create table webhook (
    webhook_id integer not null,
    address varchar not null,
    events varchar not null,
    salt varchar not null,
    previous_salt varchar,
    previous_until timestamptz,
    is_on boolean not null,
    trouble varchar,
    created_by integer not null,
    created_at timestamptz not null
);

-- Written with the act that it tells of. `payload` is JSON, byte by byte as it is signed.
create table webhook_event (
    webhook_event_id bigint not null,
    message_id varchar not null,
    event varchar not null,
    identifier_ids bigint[] not null,
    payload varchar not null,
    created_at timestamptz not null
);

-- One event on its way to one webhook. `told` is the beginning of the last answer.
create table webhook_delivery (
    webhook_delivery_id bigint not null,
    webhook_event_id bigint not null,
    webhook_id integer not null,
    state varchar not null,
    tries integer not null,
    next_try_at timestamptz,
    last_tried_at timestamptz,
    status integer,
    reason varchar,
    told varchar
);
