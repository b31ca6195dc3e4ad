"""What Gatebook stores and answers: the only home of SQL and of the database driver."""

import zoneinfo

# Python would rather ask the machine when clocks change, whose table may be years older than the
# engine's: a session would be shown on one day and counted on another. The pinned one agrees.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
