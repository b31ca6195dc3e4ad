-- Whether a contact's first address of all was proved: what nearly every list and sum asks for.
alter table contact add column is_verified boolean;

update contact
set is_verified = coalesce(
    case when email_id > whatsapp_id then whatsapp_is_verified end,
    email_is_verified,
    whatsapp_is_verified
);
