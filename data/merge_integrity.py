"""What must be true of what identifiers did, and of merges and splits: asked by `data/check.py`."""

# As in `data/check.py`: a table, its column, and where each value must be found.
MERGE_POINTERS = (
    ("contact_merge", "member_id", "member", "member_id"),
    ("contact_split", "member_id", "member", "member_id"),
    ("contact_apart", "member_id", "member", "member_id"),
    ("contact_merge_details", "contact_merge_id", "contact_merge", "contact_merge_id"),
    ("identifier_link", "identifier_id", "identifier", "identifier_id"),
    ("identifier_link", "share_link_id", "share_link", "share_link_id"),
    ("pass", "contact_id", "contact", "contact_id"),
    ("pass", "identifier_id", "identifier", "identifier_id"),
    ("pass", "other_identifier_id", "identifier", "identifier_id"),
    ("consent", "identifier_id", "identifier", "identifier_id"),
)

_IS_SOMEBODY = """
    in (
        select contact_id
        from contact
        union all
        select merged_id
        from contact_merge
        where undone_at is null
    )
"""

MERGE_CONTRADICTIONS = (
    (
        "Passes that name another contact than their identifier",
        """
        select count(*)
        from pass
        join identifier on identifier.identifier_id = pass.identifier_id
        where pass.contact_id is distinct from identifier.contact_id
        """,
    ),
    (
        "Consents that name another contact than their identifier",
        """
        select count(*)
        from consent
        join identifier on identifier.identifier_id = consent.identifier_id
        where consent.contact_id is distinct from identifier.contact_id
        """,
    ),
    (
        "Merged contacts that are still there, or whose merge has lost what undoing it needs",
        """
        select count(*)
        from contact_merge
        where
            undone_at is null
            and (
                merged_id in (select contact_id from contact)
                or (
                    select count(*)
                    from contact_merge_details
                    where contact_merge_id = contact_merge.contact_merge_id
                ) <> 3
            )
        """,
    ),
    (
        "Merges, splits or pairs kept apart of contacts that are not there",
        f"""
        select count(*)
        from (
            select kept_id as contact_id
            from contact_merge
            where undone_at is null
            union all
            select contact_id
            from contact_split
            union all
            select new_contact_id
            from contact_split
            union all
            select contact_id
            from contact_apart
            union all
            select other_contact_id
            from contact_apart
        )
        where not (contact_id {_IS_SOMEBODY})
        """,
    ),
)
