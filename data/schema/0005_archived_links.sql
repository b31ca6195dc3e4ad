-- A share link that is put away: it opens nothing, and stays choosable in filters.

alter table share_link add column archived_at timestamptz;
