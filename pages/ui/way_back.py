"""Where somebody was going when signing in came between: only ever a page of our own desk."""

from urllib.parse import quote

BACK = "back"
HOME = "/contacts"
DESK_PATHS = (
    HOME,
    "/companies",
    "/same_person",
    "/activity",
    "/links",
    "/expected",
    "/documents",
    "/outbox",
    "/members",
    "/audit",
    "/settings",
    "/profile",
)


def find_way_in(path: str, query: str) -> str:
    """The address of the sign-in page, from which the way leads on to this page and its words."""
    wanted = f"{path}?{query}" if query else path
    return "/" if wanted == HOME else f"/?{BACK}={quote(wanted)}"


def read_way_back(text: str) -> str:
    """The desk's page with its words, if this is one; else the contacts."""
    return text if text.partition("?")[0] in DESK_PATHS else HOME
