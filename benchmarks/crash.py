"""A server killed at random moments while viewers pass its gate, and another with a full disk.

    ./run bench crash [kills] [seed]

Every second kill is of the gate alone, in a process without pages, where far more is written.
After each, a copy of what lies on the disk is opened: every pass, contact and session that a
viewer was told of is there once, totals agree with the facts, nothing is half-done. Ends with 1
if anything is not so. The full disk needs the right to mount.
"""

import sys
import tempfile
import time
from pathlib import Path

from _pytest.outcomes import Skipped

from tests.browser.mailbox import running_mailbox
from tests.crash.fullness import fill_while_viewers_come
from tests.crash.kills import Kills
from tests.crash.small_disk import small_disk

KILLS = 100
DISK_MEGABYTES = 32


def main() -> int:
    """Kill, fill the disk, and report."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    findings = kill_often(number, seed) + fill_disk()
    for finding in findings:
        print(finding)
    print("NOT everything is as it was told." if findings else "Everything is as it was told.")
    return 1 if findings else 0


def kill_often(number: int, seed: int) -> list[str]:
    """What was wrong after any of so many kills."""
    print(f"{number} kills, seed {seed}")
    with tempfile.TemporaryDirectory() as folder, running_mailbox() as mailbox:
        kills, sound = Kills(Path(folder), mailbox, seed), 0
        for done in range(1, number + 1):
            found = kills.kill_server_once() if done % 2 else kills.kill_gate_once()
            sound += not found
            passes, sessions = kills.ledger.count()
            print(f"kill {done:3}: {passes:6,} passes, {sessions:6,} sessions told", *found)
        kills.finish(most=number)
    print(f"{sound} of {number} kills lost, doubled and halved nothing")
    return kills.findings


def fill_disk() -> list[str]:
    """What was wrong with a server whose disk was full for a while."""
    with tempfile.TemporaryDirectory() as folder, running_mailbox() as mailbox:
        try:
            with small_disk(Path(folder) / "disk", DISK_MEGABYTES) as disk:
                findings, told = fill_while_viewers_come(disk, mailbox)
        except Skipped as reason:
            print(reason)
            return []
    print(f"full disk: {told} viewers were told, and passed when there was space again")
    return findings


if __name__ == "__main__":
    raise SystemExit(main())
