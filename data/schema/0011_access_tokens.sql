-- Members' tokens for scripts that download contacts. Only a token's hash is kept.

create sequence access_token_id_seq;

create table access_token (
    access_token_id integer not null,
    token_hash varchar unique not null,
    member_id integer not null,
    name varchar not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
