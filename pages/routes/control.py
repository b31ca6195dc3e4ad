"""What an operator's terminal asks of the running server; it proves itself by the home's key."""

import secrets

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.database import DatabaseError
from gate.backup_files import BackupRefused
from gate.backups import make_backup
from gate.rewriting import rewrite_file
from pages.terminal.masking import mask_text
from pages.ui.runtime import get_runtime

NO_KEY = PlainTextResponse("The control key of the home is needed.", status_code=403)

_log = structlog.get_logger(__name__)


def has_control_key(request: Request) -> bool:
    """Whether whoever asks can read the home's control key."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return secrets.compare_digest(given.encode(), get_runtime().control_key.encode())


async def make_backup_by_post(request: Request) -> Response:
    """The folder of a new backup, made while the server serves; 409 with the reason if not."""
    if not has_control_key(request):
        return NO_KEY
    return await run_in_threadpool(_back_up)


async def rewrite_by_post(request: Request) -> Response:
    """The size of the database's new file; 409 with the reason if it stayed as it was."""
    if not has_control_key(request):
        return NO_KEY
    return await run_in_threadpool(_rewrite)


def _back_up() -> Response:
    runtime = get_runtime()
    try:
        made = make_backup(runtime.db, runtime.backups, runtime.clock())
    except (BackupRefused, DatabaseError) as refusal:
        _log.error("backup_failed", reason=mask_text(str(refusal)))
        return PlainTextResponse(str(refusal), status_code=409)
    _log.info("backup_made", bytes=made.byte_count)
    return PlainTextResponse(str(made.folder))


def _rewrite() -> Response:
    runtime = get_runtime()
    try:
        rewrite_file(runtime.db, runtime.clock())
    except DatabaseError as refusal:
        return PlainTextResponse(str(refusal), status_code=409)
    return PlainTextResponse(str(runtime.db.path.stat().st_size))


control_routes = [
    Route("/control/backup", make_backup_by_post, methods=["POST"]),
    Route("/control/rewrite", rewrite_by_post, methods=["POST"]),
]
