-- Whether a session is in the owner's numbers, kept with it and with what was opened in it, so that
-- counting reads one column and looks up no contact: a viewer's, of a contact who is not archived.

alter table viewing_session add column is_counted boolean default true;

update viewing_session
set is_counted = false
where
    kind <> 'viewer'
    or contact_id is null
    or contact_id in (
        select contact_id
        from contact
        where archived_at is not null
    );

alter table document_view add column is_counted boolean default true;

update document_view
set is_counted = false
where
    kind <> 'viewer'
    or contact_id is null
    or contact_id in (
        select contact_id
        from contact
        where archived_at is not null
    );
