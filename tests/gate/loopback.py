"""A server that answers over loopback in a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

# How long its end is waited for at the most, once for each test that has one.
POLL_SECONDS = 0.02


@contextmanager
def answering(server: ThreadingHTTPServer) -> Iterator[None]:
    """Answer until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
