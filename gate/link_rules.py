"""Which rules of a share link go together."""

from datetime import timedelta

from data.links import NewShareLink
from data.records import ShareLink
from gate.desk_errors import LinkFault
from gate.limits import LONGEST_PASS, SHORTEST_PASS
from gate.lists import MOST_ENTRIES


def find_rule_fault(new: NewShareLink | ShareLink, entry_count: int) -> LinkFault | None:
    """The first thing that is wrong; None if the rules agree. `entry_count` is of both lists."""
    asks_email = new.requires_email or not new.verifies_email
    asks_whatsapp = new.requires_whatsapp or not new.verifies_whatsapp
    has_pass_life = SHORTEST_PASS <= timedelta(seconds=new.pass_seconds) <= LONGEST_PASS
    requires_both = new.requires_email and new.requires_whatsapp
    requires_any = new.requires_email or new.requires_whatsapp
    found = {
        LinkFault.VERIFIES_UNASKED: not (asks_email and asks_whatsapp),
        LinkFault.PASS_LIFE: not has_pass_life,
        LinkFault.EITHER_OF_ONE: new.accepts_either and not requires_both,
        LinkFault.VIEW_LIMIT: new.view_limit is not None and new.view_limit < 1,
        LinkFault.LIST_UNASKED: entry_count > 0 and not requires_any,
        LinkFault.LIST_TOO_LONG: entry_count > MOST_ENTRIES,
    }
    return next((fault for fault, is_so in found.items() if is_so), None)
