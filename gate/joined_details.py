"""What is written down about two contacts that become one, and about both when that is undone."""

from dataclasses import dataclass

from data.contact_merges import NotedDetails
from data.contacts import Contact
from gate.contact_details import MAX_NOTES_LENGTH, MAX_TAGS, clean_tags
from gate.desk_errors import ContactFault


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """What the kept contact takes from the merged one where both have something written down."""

    takes_name: bool = False
    takes_company: bool = False


def choose_kept(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    """The two with the one that a merge keeps by default first: the larger, else the older."""
    ranked = sorted((one, other), key=lambda contact: (-contact.access_count, contact.contact_id))
    return ranked[0], ranked[1]


def join_details(kept: Contact, merged: Contact, choice: MergeChoice) -> NotedDetails:
    """What is written down about two contacts that are one: nothing of either is lost silently."""
    names, companies = (kept.name, merged.name), (kept.company, merged.company)
    notes = [text for text in dict.fromkeys((kept.notes, merged.notes)) if text]
    return NotedDetails(
        name=_pick(names, takes_other=choice.takes_name),
        company=_pick(companies, takes_other=choice.takes_company),
        notes="\n\n".join(notes) or None,
        tags=tuple(clean_tags([*kept.tags, *merged.tags])),
    )


def restore_details(
    now: NotedDetails, before: NotedDetails, after: NotedDetails
) -> tuple[NotedDetails, tuple[str, ...]]:
    """What the kept contact says once a merge is undone, and which of its fields changed since.

    Those stay as they are. Of the tags, those that the merge brought go.
    """
    unrestored: list[str] = []

    def restore(field: str) -> str | None:
        had, got, has = (_read_field(one, field) for one in (before, after, now))
        if has == got:
            return had
        if had != got:
            unrestored.append(field)
        return has

    brought = set(after.tags) - set(before.tags)
    restored = NotedDetails(
        name=restore("name"),
        company=restore("company"),
        notes=restore("notes"),
        tags=tuple(tag for tag in now.tags if tag not in brought),
    )
    return restored, tuple(unrestored)


def find_excess(details: NotedDetails) -> ContactFault | None:
    """Why this is more than can be written down about one contact; None if it isn't."""
    if len(details.notes or "") > MAX_NOTES_LENGTH:
        return ContactFault.NOTES_TOO_LONG
    return ContactFault.TOO_MANY_TAGS if len(details.tags) > MAX_TAGS else None


def _pick(values: tuple[str | None, str | None], *, takes_other: bool) -> str | None:
    own, others = values
    return (others or own) if takes_other else (own or others)


def _read_field(details: NotedDetails, field: str) -> str | None:
    value: str | None = getattr(details, field)
    return value
