"""What every share link has: a name, what its gate asks for, and how long link and pass last.

The same fields serve new links and old; the rarer rules are in `pages/ui/link_rules.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from data.records import ShareLink
from gate.links import end_of_day
from pages.ui.session import get_widget_value, seed_widget_value, set_widget_value

DAY_SECONDS = 86_400
PASS_LIVES = {
    3_600: "1 hour",
    8 * 3_600: "8 hours",
    DAY_SECONDS: "24 hours",
    7 * DAY_SECONDS: "7 days",
    30 * DAY_SECONDS: "30 days",
}
FARTHEST_EXPIRY = timedelta(days=3_650)
_NO_DAY = date.min
_LEAST_TOGGLE_WIDTH = 180
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicValues:
    """What the fields hold."""

    name: str
    requires_email: bool
    verifies_email: bool
    requires_whatsapp: bool
    verifies_whatsapp: bool
    pass_seconds: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class _RuleKeys:
    require: str
    verify: str


def show_basic_fields(prefix: str, link: ShareLink | None, time_zone: str, now: datetime) -> None:
    """The fields, with what `link` has in them, or with what a new link begins with."""
    seed_widget_value(f"{prefix}_name", link.name if link else "")
    st.text_input(
        "Name" if link else "Name (optional)",
        key=f"{prefix}_name",
        max_chars=120,
        placeholder="Named after what it opens",
        help="Viewers see this name at the gate.",
    )
    with st.grid(2, min_column_width=_LEAST_TOGGLE_WIDTH):
        with st.container():
            # Whoever comes is known, unless the owner says otherwise.
            asked = (link.requires_email, link.verifies_email) if link else (True, True)
            _show_asking("email", _keys(prefix, "email"), asked)
        with st.container():
            asked = (link.requires_whatsapp, link.verifies_whatsapp) if link else (False, False)
            _show_asking("WhatsApp", _keys(prefix, "whatsapp"), asked)
    left, right = st.columns(2)
    with left:
        _show_last_day(prefix, link, time_zone, now)
    with right:
        _show_pass_life(prefix, link)


def read_basic_fields(prefix: str, link: ShareLink | None, time_zone: str) -> BasicValues:
    """What the fields of this prefix hold. For a callback."""
    email, whatsapp = _keys(prefix, "email"), _keys(prefix, "whatsapp")
    last_day = get_widget_value(f"{prefix}_last_day", _NO_DAY)
    return BasicValues(
        name=get_widget_value(f"{prefix}_name", ""),
        requires_email=get_widget_value(email.require, False),
        verifies_email=get_widget_value(email.verify, False),
        requires_whatsapp=get_widget_value(whatsapp.require, False),
        verifies_whatsapp=get_widget_value(whatsapp.verify, False),
        pass_seconds=get_widget_value(f"{prefix}_pass_life", DAY_SECONDS),
        expires_at=_read_expiry(last_day, link, time_zone),
    )


def requires_both(prefix: str) -> bool:
    """Whether the fields of this prefix require email and WhatsApp."""
    return all(
        get_widget_value(_keys(prefix, channel).require, False) for channel in ("email", "whatsapp")
    )


def requires_any(prefix: str) -> bool:
    """Whether the fields of this prefix require email or WhatsApp."""
    return any(
        get_widget_value(_keys(prefix, channel).require, False) for channel in ("email", "whatsapp")
    )


def _keys(prefix: str, channel: str) -> _RuleKeys:
    return _RuleKeys(f"{prefix}_require_{channel}", f"{prefix}_verify_{channel}")


def _show_asking(channel_name: str, keys: _RuleKeys, asked: tuple[bool, bool]) -> None:
    seed_widget_value(keys.require, asked[0])
    seed_widget_value(keys.verify, asked[1])
    st.toggle(f"Require {channel_name}", key=keys.require, on_change=_drop_verify, args=(keys,))
    st.toggle(
        f"Verify {channel_name}",
        key=keys.verify,
        on_change=_imply_require,
        args=(keys,),
        help="A code proves that the viewer can read what is sent there now.",
    )


def _imply_require(keys: _RuleKeys) -> None:
    if get_widget_value(keys.verify, False):
        set_widget_value(keys.require, True)


def _drop_verify(keys: _RuleKeys) -> None:
    if not get_widget_value(keys.require, False):
        set_widget_value(keys.verify, False)


def _show_last_day(prefix: str, link: ShareLink | None, time_zone: str, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(time_zone)).date()
    current = _expiry_day(link, time_zone)
    seed_widget_value(f"{prefix}_last_day", current)
    st.date_input(
        "Last day (optional)",
        value=None,
        min_value=min(today, current or today),
        max_value=max(today + FARTHEST_EXPIRY, current or today),
        key=f"{prefix}_last_day",
        format="YYYY-MM-DD",
        help=f"The link works through this day, in {time_zone}.",
    )


def _show_pass_life(prefix: str, link: ShareLink | None) -> None:
    current = link.pass_seconds if link else DAY_SECONDS
    lives = PASS_LIVES | {current: PASS_LIVES.get(current, f"{current / 3_600:g} hours")}
    seed_widget_value(f"{prefix}_pass_life", current)
    st.selectbox(
        "A pass lasts",
        sorted(lives),
        format_func=lives.__getitem__,
        key=f"{prefix}_pass_life",
        help="After that the viewer passes the gate again.",
    )


def _expiry_day(link: ShareLink | None, time_zone: str) -> date | None:
    """The day that the link still works through; midnight ends the day before it."""
    if link is None or link.expires_at is None:
        return None
    return (link.expires_at - _MOMENT).astimezone(ZoneInfo(time_zone)).date()


def _read_expiry(last_day: date, link: ShareLink | None, time_zone: str) -> datetime | None:
    if last_day == _NO_DAY:
        return None
    # A link need not end at midnight; one whose day was left alone ends when it did.
    if link is not None and last_day == _expiry_day(link, time_zone):
        return link.expires_at
    return end_of_day(last_day, time_zone)
