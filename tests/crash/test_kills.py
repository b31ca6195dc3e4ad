"""Kill -9 while viewers pass the gate: whatever they were told is there, once, and whole.

Three times the whole server is killed, twice its gate in a process without pages, where far more is
written. `./run bench crash 100` does the same a hundred times.
"""

from pathlib import Path

from tests.browser.mailbox import running_mailbox
from tests.crash.kills import Kills


def test_whatever_viewers_were_told_outlives_five_kills_and_a_stop_while_they_pass(
    tmp_path: Path,
) -> None:
    with running_mailbox() as mailbox:
        kills = Kills(tmp_path, mailbox, seed=20_261_126, longest_life_seconds=1.0)
        for number in range(5):
            if number % 2:
                kills.kill_gate_once()
            else:
                kills.kill_server_once()
        kills.finish(most=3)
    assert kills.findings == []
    passes, sessions = kills.ledger.count()
    assert passes >= sessions > 5
