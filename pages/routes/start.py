"""Starting and stopping: the home, its secrets and its database, before the first request."""

import asyncio
import gc
import importlib
import json
import os
import pkgutil
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import structlog

import data
import gate
import pages.routes
import pages.ui
from data.database import Database
from data.engine.opening import DATABASE_FILE as DATABASE_FILE
from data.records import Channel
from gate.backup_files import BackupRefused
from gate.codes import read_pepper
from gate.countries import note_missing_countries
from gate.deliveries import open_queues, void_unsent
from gate.delivery.deliverer import Deliverer
from gate.delivery.outbox import OutboxDeliverer, purge_outbox
from gate.delivery.post import open_post
from gate.delivery.smtp import SmtpDeliverer, SmtpServer
from gate.delivery.webhook_request import HookSender
from gate.delivery.whatsapp import WhatsAppAccount, WhatsAppDeliverer
from gate.documents import remove_unfinished_uploads
from gate.home import HomeRefused, refuse_unusable_home
from gate.kept_backups import BACKUP_FOLDER, remove_unfinished_backups, try_backup_folder
from gate.members import create_account
from gate.settings import Settings, read_settings
from gate.webhook_post import WebhookPost
from pages.routes.open_files import allow_many_files
from pages.routes.upkeep import keep_up
from pages.terminal.log import quiet_logs
from pages.ui.runtime import Runtime, get_runtime, is_started, read_wall_clock, set_runtime

SERVER_FILE = "server.json"
CONTROL_FILE = "control.key"

_log = structlog.get_logger(__name__)


def prepare_home(home: Path) -> None:
    """Make the home and its folders, for this user alone, like whatever is written from now on.

    Raises:
        HomeRefused: it holds other things, is another user's, or cannot be written.
    """
    os.umask(0o077)
    try:
        refuse_unusable_home(home)
        for folder in (home, home / "documents", home / "outbox"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
    except OSError as failure:
        raise HomeRefused(f"The home {home} cannot be used: {failure.strerror}.") from failure


def start_runtime(
    settings: Settings, make_demo: Callable[[Database, Settings], None] | None = None
) -> Runtime:
    """Open the home of these settings and share it with every page and route.

    `make_demo` fills an account that has nothing yet.
    """
    quiet_logs()
    prepare_home(settings.home)
    configured = settings.pepper.get_secret_value() if settings.pepper else None
    pepper = read_pepper(settings.home, configured)
    db = Database(settings.home / DATABASE_FILE)
    try:
        if make_demo is not None:
            make_demo(db, settings)
        create_account(db, settings, read_wall_clock())
        _tidy_up(db, settings)
        control_key = _write_control_key(settings.home)
    except BaseException:
        db.close()
        raise
    queues = open_queues(db, _choose_deliverers(settings), read_wall_clock)
    post = open_post(db, queues[Channel.EMAIL].deliverer, read_wall_clock)
    sender = HookSender(allows_loopback=settings.webhook_loopback)
    webhooks = WebhookPost(db, pepper, read_wall_clock, sender)
    runtime = Runtime(
        settings,
        db,
        read_wall_clock,
        pepper,
        queues,
        control_key,
        post,
        webhooks,
        started_at=read_wall_clock(),
    )
    set_runtime(runtime)
    return runtime


def _tidy_up(db: Database, settings: Settings) -> None:
    """Put away what a crash or an earlier version left."""
    for folder in (settings.home / BACKUP_FOLDER, settings.backup_folder):
        if folder is not None:
            remove_unfinished_backups(folder)
    if settings.backup_hours:
        _try_backups(settings.find_backup_folder())
    remove_unfinished_uploads(settings.home / "documents")
    purge_outbox(settings.home / "outbox", read_wall_clock())
    void_unsent(db, read_wall_clock())
    note_missing_countries(db)


def _try_backups(folder: Path) -> None:
    """Say at once if no backup could be made; viewers are let in all the same."""
    try:
        try_backup_folder(folder)
    except BackupRefused as refusal:
        _log.error("backup_failed", reason=str(refusal))


def stop_runtime() -> None:
    """Let go of the home: nothing is served after this."""
    runtime = get_runtime()
    set_runtime(None)
    for queue in runtime.queues.values():
        queue.close()
    for sending in (runtime.post, runtime.webhooks):
        if sending is not None:
            sending.close()
    (runtime.settings.home / SERVER_FILE).unlink(missing_ok=True)
    runtime.db.close()


@asynccontextmanager
async def run_lifespan(app: Any) -> AsyncIterator[None]:
    """Everything between the first and the last request of a server process."""
    allow_many_files()
    # Under `streamlit run app.py` Streamlit's own settings decide where it listens.
    runtime = get_runtime() if is_started() else start_runtime(_settings_under_streamlit())
    _warm_up()
    tasks = [
        asyncio.create_task(_announce_when_listening(runtime)),
        asyncio.create_task(keep_up(runtime)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        stop_runtime()


# What `./run` prints once the server answers; set by the command that serves.
greet: list[Callable[[Runtime], None]] = []


async def _announce_when_listening(runtime: Runtime) -> None:
    port = runtime.settings.port
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        break
    _write_private(runtime.settings.home / SERVER_FILE, json.dumps({"port": port}))
    for say_hello in greet:
        say_hello(runtime)


def _settings_under_streamlit() -> Settings:
    return read_settings(port=st.get_option("server.port"))


def _choose_deliverers(settings: Settings) -> dict[Channel, Deliverer]:
    outbox = OutboxDeliverer(settings.home / "outbox")
    return {
        Channel.EMAIL: _choose_mail(settings) or outbox,
        Channel.WHATSAPP: _choose_whatsapp(settings) or outbox,
    }


def _choose_whatsapp(settings: Settings) -> Deliverer | None:
    number, template = settings.whatsapp_phone_number_id, settings.whatsapp_template
    if number is None or template is None or settings.whatsapp_token is None:
        return None
    return WhatsAppDeliverer(
        WhatsAppAccount(
            phone_number_id=number,
            token=settings.whatsapp_token.get_secret_value(),
            template=template,
            template_language=settings.whatsapp_template_language,
            base_url=str(settings.whatsapp_base_url).rstrip("/"),
            version=settings.whatsapp_version,
        )
    )


def _choose_mail(settings: Settings) -> Deliverer | None:
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=password,
        sender=settings.smtp_from,
        ca_file=settings.smtp_ca_file,
    )
    return SmtpDeliverer(server)


def _write_control_key(home: Path) -> str:
    key = secrets.token_urlsafe(32)
    _write_private(home / CONTROL_FILE, key)
    return key


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="ascii")


def _warm_up() -> None:
    """Pay for slow imports now, and keep the collector away from what stays for good."""
    import_what_pages_need()
    gc.collect()
    gc.freeze()


def import_what_pages_need() -> None:
    """Import all that a page may, so that no visitor waits for it or races another to it."""
    import plotly.express  # noqa: F401

    for package in (data, gate, pages.routes, pages.ui):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not found.ispkg:
                importlib.import_module(found.name)
