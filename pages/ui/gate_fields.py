"""The fields of an address at the gate: an email, a country and a number. What they held stays."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from data.records import Channel
from pages.ui.countries import Country, find_countries, guess_region
from pages.ui.session import (
    get_widget_value,
    recall,
    remember,
    seed_widget_value,
    set_widget_value,
)
from pages.ui.viewer import get_language, tell
from pages.ui.words import is_right_to_left

_EMAIL, _COUNTRY, _NUMBER = "gate_email", "gate_country", "gate_number"
_KEPT_EMAIL, _KEPT_REGION, _KEPT_NUMBER = "gate:email", "gate:region", "gate:number"


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """What the fields hold, as it was typed; `region` is the chosen country's two letters."""

    email: str
    region: str
    number: str


def show_fields(channels: Sequence[Channel], *, asked_for: Sequence[Channel]) -> None:
    """The fields of these channels; those not asked for now are out of sight.

    They are hidden, not left out, so that what was typed there is there when they come back.
    """
    for channel in channels:
        with st.container(key=f"gate_field_{channel}"):
            if channel is Channel.EMAIL:
                _show_email_field()
            else:
                _show_number_fields()
    hidden = "".join(
        f"[data-testid=stLayoutWrapper]:has(> .st-key-gate_field_{channel}) {{ display: none; }}"
        for channel in channels
        if channel not in asked_for
    )
    st.html(f"<style>{hidden}</style>")


def read_fields() -> TypedAddress:
    """What was typed, for a callback; it is kept for as long as this page is open."""
    country: Country | None = get_widget_value(_COUNTRY, None)
    typed = TypedAddress(
        get_widget_value(_EMAIL, ""),
        country.region if country else "",
        get_widget_value(_NUMBER, ""),
    )
    remember(_KEPT_EMAIL, typed.email)
    remember(_KEPT_REGION, typed.region)
    remember(_KEPT_NUMBER, typed.number)
    return typed


def recall_email() -> str:
    """The email that was sent off last, or an empty text."""
    return recall(_KEPT_EMAIL, "")


def replace_email(address: str) -> None:
    """Put this address into the email field, for a callback."""
    set_widget_value(_EMAIL, address)
    remember(_KEPT_EMAIL, address)


def find_field(channel: Channel) -> str:
    """The CSS selector of the field that this channel's address is typed into."""
    return f".st-key-{_EMAIL if channel is Channel.EMAIL else _NUMBER} input"


def _show_email_field() -> None:
    seed_widget_value(_EMAIL, recall_email())
    st.text_input(
        tell("page.email_label"),
        key=_EMAIL,
        type="email",
        autocomplete="email",
        placeholder="name@example.com",
        # The browser's own check speaks English and to the ear alone; ours says it in the page.
        validate="",
    )


def _show_number_fields() -> None:
    own_region = guess_region(st.context.locale)
    countries = find_countries(get_language(), first=own_region)
    region = recall(_KEPT_REGION, "") or own_region
    index = next((i for i, one in enumerate(countries) if one.region == region), None)
    st.selectbox(
        tell("page.country_label"),
        countries,
        index=index,
        key=_COUNTRY,
        format_func=_country_label,
        placeholder=tell("page.country_placeholder"),
    )
    st.text_input(
        tell("page.whatsapp_label"),
        value=recall(_KEPT_NUMBER, ""),
        key=_NUMBER,
        type="phone",
        placeholder="",
        autocomplete="tel",
    )


def _country_label(country: Country) -> str:
    # Or the plus would stand on the other side of its digits.
    return country.format_label("\u2066{}\u2069" if is_right_to_left(get_language()) else "{}")
