-- What a contact can be filtered by: the domain of an address, the country of a number.

alter table identifier add column domain varchar;
-- ISO 3166, two letters; of a number of no country it stays empty. Filled at the next start.
alter table identifier add column country varchar;

update identifier
set domain = lower(split_part(key, '@', -1))
where channel = 'email';
