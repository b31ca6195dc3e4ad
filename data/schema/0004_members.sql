-- Members with passwords, invitations, a second factor, and sessions that can be told apart.

create sequence invitation_id_seq;

-- argon2id; null until the member has set a password.
alter table member add column password_hash varchar;

-- Which browser it is, as far as it says so: "Firefox on Linux".
alter table member_session add column browser_name varchar;

-- A link that makes a member, or with `member_id` gives one a new password. Only its hash is kept.
create table invitation (
    invitation_id integer not null,
    token_hash varchar unique not null,
    member_id integer,
    email varchar not null,
    role varchar not null,
    invited_by integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    withdrawn_at timestamptz,
    mailed_at timestamptz,
    mail_failure varchar
);

-- An authenticator app's key; it counts once it was confirmed. A time step opens once.
create table member_totp (
    member_id integer not null,
    secret varchar not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_step bigint
);

create table recovery_code (
    member_id integer not null,
    code_hash varchar not null,
    created_at timestamptz not null,
    used_at timestamptz
);

-- A browser that gave the right password, and is asked for the second factor.
create table half_sign_in (
    browser_id bigint not null,
    member_id integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);

-- A sign-in that is complete but for the browser's new cookie.
create table sign_in_grant (
    grant_hash varchar unique not null,
    browser_id bigint not null,
    member_id integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
