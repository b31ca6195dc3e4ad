-- What an owner writes down about a contact.

alter table contact add column notes varchar;

create table contact_tag (
    contact_id bigint not null,
    tag varchar not null
);
