"""Whether a request that changes something comes from our own page in the asking browser."""

from urllib.parse import urlsplit

from starlette.requests import Request

# What a browser sends as Sec-Fetch-Site when our own page asks.
_OUR_PAGE = "same-origin"


def is_same_origin(request: Request) -> bool:
    """True for a request of our own page; False for another site's, or where nothing tells.

    Browsers that send Sec-Fetch-Site decide by it; for older ones Origin must name our host.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != _OUR_PAGE:
        return False
    if origin in (None, "null"):
        return site == _OUR_PAGE
    return urlsplit(origin).netloc == request.headers.get("host")
