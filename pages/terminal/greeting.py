"""What a started Gatebook prints, and the demo account that it can begin with."""

import sys
from typing import TextIO

from data.accounts import get_account, has_account
from data.database import Database
from data.demo import make_demo
from data.demo.stage import is_demo_link
from data.demo.steps import Conceal, Concealed
from data.links import find_share_links
from data.records import Channel, Identifier, LinkState, ShareLink
from gate.codes import Pepper, keyed_hash, read_pepper
from gate.identifiers import mask_identifier
from gate.links import build_share_address
from gate.members import start_sign_in
from gate.settings import Settings
from pages.ui.runtime import Runtime, read_wall_clock


def write_line(text: str, to: TextIO | None = None) -> None:
    """Print one line at once, also into a pipe."""
    stream = to or sys.stdout
    stream.write(text + "\n")
    stream.flush()


def fill_demo(db: Database, settings: Settings) -> None:
    """Make the demo account, unless there is an account already."""
    if has_account(db):
        return
    write_line("Making a demo account (a few seconds)…")
    configured = settings.pepper.get_secret_value() if settings.pepper else None
    make_demo(
        db,
        settings.home,
        now=read_wall_clock(),
        conceal=conceal_with(read_pepper(settings.home, configured)),
        owner_email=settings.owner_email,
    )


def conceal_with(pepper: Pepper) -> Conceal:
    """How this Gatebook's gate writes down the demo's addresses, so that erasing finds them."""

    def conceal(channel: Channel, address: str) -> Concealed:
        identifier = Identifier(channel, address, address, address)
        return Concealed(keyed_hash(pepper, identifier.lookup), mask_identifier(channel, address))

    return conceal


def print_addresses(runtime: Runtime) -> None:
    """Print where Gatebook is, how the owner signs in, and a share link to try the gate.

    What is no terminal may be a log that is kept: an owner's own share link has no place there.
    """
    token = start_sign_in(runtime.db, runtime.clock())
    write_line(f"Gatebook:       {runtime.origin}")
    write_line(f"Owner sign-in:  {runtime.origin}/sign-in/{token}")
    sample = find_sample_link(runtime, is_kept=not sys.stdout.isatty())
    if sample is not None:
        write_line(f"Try the gate:   {build_share_address(runtime.origin, sample)}")


def find_sample_link(runtime: Runtime, *, is_kept: bool) -> ShareLink | None:
    """A live link that verifies an email address, the first one made; None if there is none.

    Where what is printed `is_kept`, it is one that the demo made.
    """
    now, account = runtime.clock(), get_account(runtime.db)
    candidates = [
        link
        for link in find_share_links(runtime.db)
        if link.verifies_email
        and not link.requires_whatsapp
        and link.document_id is not None
        and link.state(now) is LinkState.ACTIVE
        and (not is_kept or is_demo_link(account, link))
    ]
    return min(candidates, key=lambda link: link.share_link_id, default=None)
