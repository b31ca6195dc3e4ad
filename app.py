"""Gatebook's ASGI application. `python app.py` serves it; so does `streamlit run app.py`."""

import sys

import streamlit as st

from pages.routes import application
from pages.terminal.commands import run_command

# Written out here because `streamlit run` looks for this very call in this file's text. Without
# it, this file would run as a page, with the folder `pages/` beside it open to everyone.
app = st.App(
    application.ENTRY_SCRIPT,
    routes=application.find_routes(),
    middleware=application.find_middleware(),
    lifespan=application.run_lifespan,
    on_script_error=application.show_script_error,
)

if __name__ == "__main__":
    raise SystemExit(run_command(app, sys.argv[1:]))
