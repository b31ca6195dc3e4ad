"""How many files the server may have open: sockets and event loops are files too.

Streamlit holds four for each open page, and three for each of the 128 that closed last, which it
keeps for two minutes in case their connection was lost. Many systems allow 1,024 unless they are
asked for more, which 150 viewers at once would use up.
"""

import resource

WANTED_FILES = 65_536


def allow_many_files() -> int:
    """How many files may be open, now that as many as can be had without a right are allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
