"""The filters that are needed less often: drawn, and their choices looked up, only while open.

The URL alone keeps their values: each widget is seeded from it, and changes it at once.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from data.contact_choices import find_contact_choices
from data.contact_filter import ConsentChoice
from pages.ui.filter_words import name_country
from pages.ui.runtime import get_reader
from pages.ui.session import get_widget_value, recall, remember
from pages.ui.url_view import MAX_QUIET_DAYS, ContactView
from pages.ui.url_words import EARLIEST_DAY, LATEST_DAY, MAX_TEXTS, clean_domains, clean_texts
from pages.ui.view_binding import VERIFIED, VERIFIED_OPTIONS, narrow_view, seed_widgets

SEEN_FROM = "contacts_seen_from"
SEEN_TO = "contacts_seen_to"
FEWEST = "contacts_fewest"
MOST = "contacts_most"
COMPANY = "contacts_company"
DOMAIN = "contacts_domain"
COUNTRY = "contacts_country"
TAG = "contacts_tag"
CONSENT = "contacts_consent"
QUIET = "contacts_quiet"
MAX_COUNT = 999_999_999

_IS_OPEN = "contacts_more_open"
_VERIFIED_WORDS = {"any": "Any", "yes": "Verified", "no": "Not verified"}
_CONSENT_OPTIONS = {
    "any": None,
    "given": ConsentChoice.GIVEN,
    "withdrawn": ConsentChoice.WITHDRAWN,
    "none": ConsentChoice.NONE,
}
_CONSENT_WORDS = {"any": "Any", "given": "Given", "withdrawn": "Withdrawn", "none": "None"}


def show_more_filters(view: ContactView, time_zone: str) -> None:
    """A button that says how many of these filters are in use, and below it, once open, they."""
    is_open = recall(_IS_OPEN, False)
    # Not an expander: its label tells it apart, so that it would be another one for each count.
    in_use = count_more_filters(view)
    label = "Fewer filters" if is_open else "More filters"
    st.button(
        f"{label} ({in_use})" if in_use else label,
        icon=":material/expand_less:" if is_open else ":material/expand_more:",
        key="contacts_more",
        on_click=_open_or_close,
        width="stretch",
    )
    if is_open:
        _seed(view)
        _show_choice_of_words("Verified", VERIFIED, _VERIFIED_WORDS, _choose_verified)
        _show_bounds(time_zone)
        _show_texts(view)
        _show_choice_of_words("Consent", CONSENT, _CONSENT_WORDS, _choose_consent)
        _show_number("Quiet for at least (days)", QUIET, "quiet_days", 1, MAX_QUIET_DAYS)


def count_more_filters(view: ContactView) -> int:
    """How many of these filters are in use; two bounds of one are one."""
    return sum(
        (
            view.is_verified is not None,
            bool(view.first_seen_from_on or view.first_seen_to_on),
            view.min_access_count is not None or view.max_access_count is not None,
            bool(view.companies),
            bool(view.domains),
            bool(view.countries),
            bool(view.tags),
            view.consent is not None,
            view.quiet_days is not None,
        )
    )


def _seed(view: ContactView) -> None:
    seed_widgets(
        {
            VERIFIED: {None: "any", True: "yes", False: "no"}[view.is_verified],
            SEEN_FROM: view.first_seen_from_on,
            SEEN_TO: view.first_seen_to_on,
            FEWEST: view.min_access_count,
            MOST: view.max_access_count,
            COMPANY: sorted(view.companies),
            DOMAIN: sorted(view.domains),
            COUNTRY: sorted(view.countries),
            TAG: sorted(view.tags),
            CONSENT: "any" if view.consent is None else str(view.consent),
            QUIET: view.quiet_days,
        }
    )


def _show_bounds(time_zone: str) -> None:
    help_words = f"The day of the first visit of all, in the account's time zone, {time_zone}."
    _show_seen_day("First seen from", SEEN_FROM, "first_seen_from_on", help_words)
    _show_seen_day("First seen to", SEEN_TO, "first_seen_to_on", help_words)
    _show_number("Access count at least", FEWEST, "min_access_count", 0, MAX_COUNT)
    _show_number("Access count at most", MOST, "max_access_count", 0, MAX_COUNT)


def _show_texts(view: ContactView) -> None:
    found = find_contact_choices(get_reader())
    _show_any_text("Company", COMPANY, (*found.companies, *view.companies), _choose_companies)
    _show_any_text("Domain", DOMAIN, (*found.domains, *view.domains), _choose_domains)
    st.multiselect(
        "Country of number",
        sorted({*found.countries, *view.countries}, key=name_country),
        format_func=name_country,
        key=COUNTRY,
        on_change=_choose_countries,
        placeholder="Any country",
        select_all=False,
    )
    _show_any_text("Tag", TAG, (*found.tags, *view.tags), _choose_tags)


def _show_any_text(
    label: str, key: str, texts: Iterable[str], on_change: Callable[[], None]
) -> None:
    st.multiselect(
        label,
        list(dict.fromkeys(texts)),
        key=key,
        on_change=on_change,
        placeholder="Any: choose or type",
        accept_new_options=True,
        max_selections=MAX_TEXTS,
        select_all=False,
    )


def _show_choice_of_words(
    label: str, key: str, words: dict[str, str], on_change: Callable[[], None]
) -> None:
    st.selectbox(label, list(words), format_func=words.__getitem__, key=key, on_change=on_change)


def _show_seen_day(label: str, key: str, field: str, help_words: str) -> None:
    st.date_input(
        label,
        value=None,
        min_value=EARLIEST_DAY,
        max_value=LATEST_DAY,
        key=key,
        on_change=_choose_value,
        args=(field, key),
        format="YYYY-MM-DD",
        help=help_words,
    )


def _show_number(label: str, key: str, field: str, fewest: int, most: int) -> None:
    st.number_input(
        label,
        value=None,
        min_value=fewest,
        max_value=most,
        step=1,
        key=key,
        on_change=_choose_value,
        args=(field, key),
        placeholder="Any",
    )


def _open_or_close() -> None:
    remember(_IS_OPEN, not recall(_IS_OPEN, False))


def _choose_value(field: str, key: str) -> None:
    # Bounds the wrong way round are turned where the URL is read.
    value: Any = get_widget_value(key, None)
    narrow_view(**{field: value})


def _choose_verified() -> None:
    narrow_view(is_verified=VERIFIED_OPTIONS[get_widget_value(VERIFIED, "any")])


def _choose_consent() -> None:
    narrow_view(consent=_CONSENT_OPTIONS[get_widget_value(CONSENT, "any")])


def _choose_companies() -> None:
    narrow_view(companies=clean_texts(get_widget_value(COMPANY, [])))


def _choose_domains() -> None:
    narrow_view(domains=clean_domains(get_widget_value(DOMAIN, [])))


def _choose_countries() -> None:
    narrow_view(countries=frozenset(get_widget_value(COUNTRY, [])))


def _choose_tags() -> None:
    narrow_view(tags=clean_texts(get_widget_value(TAG, [])))
