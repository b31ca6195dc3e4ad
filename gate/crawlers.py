"""Programs that fetch links: search engines, previews, scanners. What they do is never counted."""

import re

from is_crawler import is_crawler

# Named on monperrus/crawler-user-agents and not known to the library.
_MISSED = re.compile(r"MetaIAB Facebook|GoogleImageProxy")


def is_crawler_agent(agent: str) -> bool:
    """Whether a User-Agent header is that of a program that only fetches."""
    return is_crawler(agent) or _MISSED.search(agent) is not None
