-- How long contacts are kept after they last came. No row: until somebody erases them.
create table contact_retention (
    months integer not null,
    member_id integer not null,
    changed_at timestamptz not null
);

-- When something that concerns the whole file was last done; see data/upkeep_marks.py.
create table upkeep_mark (
    name varchar not null,
    done_at timestamptz not null
);
