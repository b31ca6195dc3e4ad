"""The codes that a Gatebook without a sender keeps in its home."""

import time
from pathlib import Path

from gate.delivery.outbox import find_outbox_messages
from pages.ui.runtime import read_wall_clock

ARRIVAL_SECONDS = 20


def wait_for_outbox_code(home: Path, address: str) -> str:
    """The newest code for this address, as soon as there is one."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        messages = find_outbox_messages(home / "outbox", read_wall_clock())
        for message in messages:
            if message.address == address:
                return message.code
        time.sleep(0.05)
    raise AssertionError(f"No code for {address}; there are {[one.address for one in messages]}")
