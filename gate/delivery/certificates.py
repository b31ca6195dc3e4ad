"""The certificate authority that an operator has the mail server trusted by."""

import ssl
from pathlib import Path


def read_certificates(file: Path) -> Path:
    """The same file, if certificate authorities can be read from it.

    Raises:
        ValueError: they cannot.
    """
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError as failure:
        reason = "holds no certificate in PEM form"
        if not isinstance(failure, ssl.SSLError):
            reason = f"cannot be read: {failure.strerror}"
        raise ValueError(f"{file} {reason}") from failure
    return file
