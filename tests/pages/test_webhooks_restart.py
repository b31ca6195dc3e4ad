"""Webhooks over the end of one process and the start of the next."""

import time
from pathlib import Path

from data.database import Database
from gate.codes import read_pepper
from gate.visits import Gate
from gate.webhooks import WebhookWanted, add_webhook, try_webhook
from pages.ui.runtime import read_wall_clock
from tests.browser.furnish import furnish_home
from tests.browser.running import running_server
from tests.gate.hooked import EVERY_KIND, find_owner
from tests.gate.webhook_receiver import running_receiver

SETTINGS = {"GATEBOOK_WEBHOOK_LOOPBACK": "true"}


def test_what_one_process_could_not_deliver_the_next_one_does_and_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    furnish_home(home)
    with running_receiver() as receiver:
        receiver.statuses = [500]
        db, now = Database(home / "gatebook.duckdb"), read_wall_clock()
        gate = Gate(db, read_pepper(home, None), {})
        wanted = WebhookWanted(receiver.address, EVERY_KIND, allows_loopback=True)
        owner = find_owner(db, now)
        made = add_webhook(gate, wanted, owner, now)
        try_webhook(db, made.webhook.webhook_id, owner, now)
        db.close()
        with running_server(home, demo=False, environment=SETTINGS):
            receiver.wait_for(1)
        with running_server(home, demo=False, environment=SETTINGS):
            receiver.wait_for(2)
            time.sleep(2)
        assert len(receiver.received) == 2
        assert all(one.is_signed_by(made.secret) for one in receiver.received)
        assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
