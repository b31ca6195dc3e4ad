"""Asking the server that runs with a home, from a terminal beside it."""

import http.client
import json

from gate.settings import Settings
from pages.routes.start import CONTROL_FILE, SERVER_FILE


class NotRunning(Exception):
    """No server answers for this home."""


class ServerRefused(Exception):
    """The server says no; the message is its reason."""


def ask_running_server(settings: Settings, path: str, *, timeout_seconds: float = 10) -> str:
    """What the server of this home answers to a POST at `path`, which proves itself by the key.

    Raises:
        NotRunning: there is no such server.
        ServerRefused: it could not do what was asked, or did not answer in time.
    """
    try:
        port = json.loads((settings.home / SERVER_FILE).read_text(encoding="ascii"))["port"]
        key = (settings.home / CONTROL_FILE).read_text(encoding="ascii")
        status, text = _post(int(port), path, key, timeout_seconds)
    except TimeoutError as failure:
        message = f"The Gatebook that is running did not answer within {timeout_seconds:g} s."
        raise ServerRefused(message) from failure
    except (OSError, http.client.HTTPException, ValueError, KeyError) as failure:
        raise NotRunning from failure
    if status == http.HTTPStatus.CONFLICT:
        raise ServerRefused(text)
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerRefused("The Gatebook that is running failed at it. Its log says why.")
    if status != http.HTTPStatus.OK:
        # Another program, or another home's server, has taken the port that this one had.
        raise NotRunning
    return text


def _post(port: int, path: str, key: str, timeout_seconds: float) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_seconds)
    try:
        connection.request("POST", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
