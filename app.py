"""Gatebook's ASGI application. `python app.py` serves it; so does `streamlit run app.py`."""

import sys

from pages.routes.application import build_app
from pages.terminal.commands import run_command

app = build_app()

if __name__ == "__main__":
    raise SystemExit(run_command(app, sys.argv[1:]))
