"""Whether somebody of whom only a mask and a keyed hash are kept is a contact all the same."""

from data.database import Reader
from data.masked_identifiers import find_fitting_identifiers
from data.records import Channel, ContactIdentifier
from gate.codes import Pepper, keyed_hashes

# As many are hashed in a tenth of a second; of a bigger crowd behind one mask, the newest.
MOST_FITTING = 20_000


def find_known_person(
    reader: Reader, pepper: Pepper, channel: Channel, identifier_hash: str, mask: str
) -> ContactIdentifier | None:
    """The stored identifier that this hash and mask were made of, or None for a stranger's."""
    if "***" not in mask:
        return None
    fitting = find_fitting_identifiers(reader, channel, mask, most=MOST_FITTING)
    return next(
        (one for one in fitting if identifier_hash in keyed_hashes(pepper, one.lookup)), None
    )
