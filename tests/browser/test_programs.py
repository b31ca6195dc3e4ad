"""Programs of other people: a script downloads with a token, and a CRM is told by a webhook."""

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, NewServer
from tests.browser.mailbox import Mailbox
from tests.browser.people import Person, sign_in_owner, wait_until_settled
from tests.browser.road import (
    PDF,
    expect_notice,
    expect_pdf,
    give_code,
    give_email,
    make_link,
    make_workspace,
    upload_document,
)
from tests.browser.running import Server
from tests.gate.webhook_receiver import Receiver, running_receiver
from tests.reading import read_text

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def make_token(page: Page, server: Server, name: str) -> str:
    """The text of a token that its member makes on their page."""
    page.goto(f"{server.address}/profile")
    wait_until_settled(page)
    page.get_by_role("textbox", name="Name of a new token").fill(name)
    page.get_by_role("button", name="Make a token").click()
    expect_notice(page, f"The token {name} is ready")
    text = page.get_by_test_id("stCode").get_by_text("gatebook_").text_content()
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("gatebook_")).to_have_count(0)
    return (text or "").strip()


def download(server: Server, token: str, query: str = "") -> tuple[int, bytes]:
    """What a script gets with this token."""
    address = f"{server.address}/export/contacts.csv{query}"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


def code_of(answer: tuple[int, bytes]) -> tuple[int, str]:
    return answer[0], json.loads(answer[1])["code"]


def test_a_script_downloads_with_a_token_until_its_owner_revokes_it(
    start_server: NewServer, owner: Person, tmp_path: Path
) -> None:
    server = start_server(demo=True)
    sign_in_owner(owner.page, server)
    token = make_token(owner.page, server, "Nightly import")
    status, content = download(server, token)
    assert (status, content.count(b"\r\n")) == (200, 2_001)
    assert code_of(download(server, token, "?typ=email")) == (400, "filter_not_read")
    command = copy_command(owner.page, server)
    assert command[3] == "Authorization: Bearer $GATEBOOK_TOKEN"
    assert command[-1] == f"{server.address}/export/contacts.csv?verified=no"
    assert download(server, token, "?verified=no")[0] == 200
    examples = EXAMPLE.findall(read_text("docs/export_api.md"))
    printed = [run_example(each, server, token, tmp_path) for each in examples]
    assert [int(each) for each in printed][1] == 2_000
    assert 0 < int(printed[0]) < 2_000

    owner.page.goto(f"{server.address}/profile")
    expect(owner.page.get_by_text("last used just now")).to_be_visible()
    owner.page.get_by_role("button", name="Revoke").click()
    expect_notice(owner.page, "refused from now on")
    assert code_of(download(server, token)) == (401, "token_revoked")
    assert_told_nowhere(token.removeprefix("gatebook_"), server)


def copy_command(page: Page, server: Server) -> list[str]:
    """The words of the command that stands beside the download, as a shell reads them."""
    page.goto(f"{server.address}/contacts?verified=no")
    wait_until_settled(page)
    page.get_by_role("button", name="Export…").click()
    page.get_by_text("Copy as curl").click()
    command = page.get_by_test_id("stCode").filter(has_text="curl").locator("code")
    return shlex.split(command.inner_text().replace("\\\n", ""))


def run_example(example: str, server: Server, token: str, folder: Path) -> str:
    """What an example of the guide prints, as it stands there."""
    environment = os.environ | {"GATEBOOK": server.address, "GATEBOOK_TOKEN": token}
    answer = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def assert_told_nowhere(secret: str, server: Server) -> None:
    """The secret is in no log, and in no file of the home."""
    files = [server.log, *(path for path in server.home.rglob("*") if path.is_file())]
    assert len(files) > 3
    assert [path.name for path in files if secret.encode() in path.read_bytes()] == []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as started:
        yield started


def test_a_crm_is_told_who_came_by_a_webhook_that_an_owner_sets_up(
    start_server: NewServer,
    owner: Person,
    new_person: NewPerson,
    mailbox: Mailbox,
    receiver: Receiver,
    tmp_path: Path,
) -> None:
    file = tmp_path / "figures.pdf"
    file.write_bytes(PDF)
    environment = mailbox.settings | {"GATEBOOK_WEBHOOK_LOOPBACK": "true"}
    server, desk = start_server(environment=environment), owner.page
    sign_in_owner(desk, server)
    make_workspace(desk, server, "Fundraising")
    upload_document(desk, server, file)
    link = make_link(desk, server, "Seed round", "Require email", "Verify email")
    secret = set_webhook_up(desk, server, receiver)

    ada = new_person().page
    ada.goto(link)
    give_email(ada, "ada@example.com")
    give_code(ada, mailbox.wait_for_code("ada@example.com"))
    expect_pdf(ada)

    told = receiver.wait_for(4)
    assert [one.kind for one in told] == [
        "webhook.test",
        "contact.created",
        "contact.verified",
        "session.started",
    ]
    assert all(one.is_signed_by(secret) for one in told)
    assert {one.told["data"]["identifier"] for one in told[1:]} == {"ada@example.com"}
    read_log(desk, server)
    assert_told_nowhere(secret.removeprefix("whsec_"), server)


def set_webhook_up(desk: Page, server: Server, receiver: Receiver) -> str:
    """The secret of a webhook that the owner adds and tries out."""
    desk.goto(f"{server.address}/settings")
    wait_until_settled(desk)
    desk.get_by_role("tab", name="Webhooks").click()
    desk.get_by_role("textbox", name="Address").fill(receiver.address)
    desk.get_by_role("button", name="Add webhook").click()
    expect_notice(desk, "Copy its secret now")
    secret = desk.get_by_test_id("stCode").get_by_text("whsec_").text_content()
    desk.get_by_role("button", name="I have copied it").click()
    expect(desk.get_by_text("whsec_")).to_have_count(0)
    desk.get_by_role("button", name="Send a test").click()
    expect_notice(desk, "A test is on its way")
    receiver.wait_for(1)
    return (secret or "").strip()


def read_log(desk: Page, server: Server) -> None:
    """The owner sees each delivery with its answer, and sends one again."""
    desk.goto(f"{server.address}/settings")
    wait_until_settled(desk)
    desk.get_by_role("tab", name="Webhooks").click()
    desk.get_by_text("Deliveries: the newest delivered").click()
    for kind in ("contact.created", "contact.verified", "session.started", "webhook.test"):
        delivery = desk.get_by_test_id("stText").filter(has_text=re.compile(rf"^{kind} ·"))
        expect(delivery).to_contain_text("Delivered")
        expect(delivery).to_contain_text("answer 200")
    desk.get_by_role("button", name="Redeliver").first.click()
    expect_notice(desk, "on its way once more")
