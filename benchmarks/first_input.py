"""What a phone loads before the gate's first field can be typed in, cold, on a slow connection.

    ./run bench first_input

Chromium is slowed to 1.6 Mbit/s with 150 ms of latency. Prints the time to the first field, and the
bytes over the wire beside what they unpack to, which is what would travel without compression.
Ends with 1 if more than 1.2 MB come over the wire.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.furnish import furnish_home
from tests.browser.people import CHROMIUM_FLAGS, NARROW, PERSONS_AGENT, find_chromium
from tests.browser.running import Server, running_server

BYTES_A_SECOND = 1_600_000 // 8
LATENCY_MS = 150
ROUNDS = 3
MOST_BYTES = 1_200_000


def open_gate(browser: Browser, server: Server, tail: str) -> tuple[float, int, int]:
    """Seconds until the first field is there, bytes over the wire until then, and unpacked."""
    context = browser.new_context(
        viewport={"width": NARROW[0], "height": NARROW[1]}, user_agent=PERSONS_AGENT
    )
    page = context.new_page()
    received, unpacked = slow_down(page)
    begun = time.perf_counter()
    page.goto(server.address + tail)
    page.get_by_role("textbox", name="Email address").wait_for(timeout=120_000)
    seconds = time.perf_counter() - begun
    context.close()
    return seconds, sum(received), sum(unpacked)


def slow_down(page: Page) -> tuple[list[int], list[int]]:
    """Lists to which each answer's bytes are added, packed and unpacked, on a slow connection."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    received: list[int] = []
    unpacked: list[int] = []
    session.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    session.on("Network.dataReceived", lambda told: unpacked.append(told["dataLength"]))
    return received, unpacked


def main() -> int:
    """Measure and report; 1 if it is more than was promised."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        tails = furnish_home(home)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        with running_server(home, demo=False) as server:
            rounds = [open_gate(browser, server, tails["email"]) for _ in range(ROUNDS)]
        browser.close()
    seconds, packed, unpacked = (statistics.median(one) for one in zip(*rounds, strict=True))
    print(f"first field after {seconds:.1f} s, cold, at 1.6 Mbit/s and 150 ms")
    print(f"over the wire {packed / 1000:,.0f} KB, unpacked {unpacked / 1000:,.0f} KB")
    print(f"unpacked / over the wire: {unpacked / packed:.1f} times")
    print(f"of {MOST_BYTES / 1000:,.0f} KB at the most: {packed / MOST_BYTES:.0%}")
    return int(packed > MOST_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
