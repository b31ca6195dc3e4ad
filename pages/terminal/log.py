"""The log: one line of JSON per event to standard error, without anybody's data."""

import io
import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from pages.terminal.masking import format_failure


def quiet_logs() -> None:
    """Log one line of JSON per event, and tracebacks without the values of local variables."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_failure,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, LossyText(sys.stderr))),
    )


def _tell_failure(logger: object, name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    failure = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()[1]
    if isinstance(failure, BaseException):
        event["exception"] = format_failure(failure)
    return event


class LossyText(io.TextIOBase):
    """Where the log goes. On a full disk its lines are lost, and nothing else with them."""

    def __init__(self, target: TextIO) -> None:
        """Write to `target`."""
        self._target = target

    def write(self, text: str) -> int:
        """Write the text if that can be done."""
        with suppress(OSError):
            self._target.write(text)
        return len(text)

    def flush(self) -> None:
        """Have it written if that can be done."""
        with suppress(OSError):
            self._target.flush()
