"""The gate's two steps as forms: give an address, answer its code. Writes happen in callbacks."""

from collections.abc import Callable
from html import escape
from math import ceil

import streamlit as st

from data.database import StorageFailed
from data.records import Challenge, Channel, GateEntry, Identifier, ShareLink
from gate.challenges import MoreCodesNeeded, answer_challenge
from gate.codes import secret_hash
from gate.entries import submit_entry, withdraw_entry
from gate.errors import ChallengeClosed, GateRefusal
from gate.identifiers import mask_identifier, parse_email, parse_whatsapp
from gate.limits import TRIES_PER_CHALLENGE
from gate.passes import Grant
from gate.sendings import renewal_wait, resend_code
from gate.visits import Visit
from pages.ui.asking import get_browser_hash
from pages.ui.countries import Country, find_countries, guess_region
from pages.ui.once import act_once
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, get_nonce, get_widget_value, recall, remember, spend_nonce
from pages.ui.words import refusal_sentence, say

Step = Grant | GateEntry | MoreCodesNeeded | None

GRANT = "gate:grant"
_REFUSAL = "gate:refusal"
_NONCE = "gate"
_EMAIL, _COUNTRY, _NUMBER, _CODE = "gate_email", "gate_country", "gate_number", "gate_code"


def show_address_step(link: ShareLink, account_name: str) -> None:
    """Ask for what the link requires, say why, and who gets it."""
    st.text(_why(link, account_name))
    with st.form("gate_address", border=False):
        if Channel.EMAIL in link.channels:
            _show_email_field()
        if Channel.WHATSAPP in link.channels:
            _show_number_fields()
        verifies = any(link.verifies(channel) for channel in link.channels)
        label = say("page.continue_verifying" if verifies else "page.continue_unverified")
        st.form_submit_button(
            label,
            type="primary",
            width="stretch",
            on_click=_submit_address,
            args=(link, get_nonce(_NONCE)),
        )
    _show_refusal()


def show_code_step(link: ShareLink, entry: GateEntry, challenge: Challenge) -> None:
    """Say where a code went, take it, and offer another code or another address."""
    channel = challenge.channel
    is_email = channel is Channel.EMAIL
    given = next(one for one in entry.identifiers if one.identifier.channel is channel)
    mask = mask_identifier(channel, given.identifier.address)
    if challenge.tries >= TRIES_PER_CHALLENGE:
        forget(_REFUSAL)
        wait = renewal_wait(challenge, get_runtime().clock())
        _show_alert(refusal_sentence(ChallengeClosed(wait)))
    else:
        st.text(say(f"told.code_requested_{channel}", mask=mask))
        _show_code_form(link, challenge)
        _show_refusal()
        st.caption(say("page.check_spam" if is_email else "page.check_whatsapp"))
    with st.container(horizontal=True):
        _show_resend(link.slug, challenge)
        st.button(
            say("page.change_email" if is_email else "page.change_whatsapp"),
            key="gate_change",
            on_click=_withdraw,
            args=(link.slug, get_nonce(_NONCE)),
        )


def _show_code_form(link: ShareLink, challenge: Challenge) -> None:
    channel = challenge.channel
    with st.form("gate_code", border=False, clear_on_submit=True):
        st.text_input(
            say("page.code_label"),
            key=f"{_CODE}_{channel}",
            type="phone",
            icon="",
            placeholder="",
            autocomplete="one-time-code",
        )
        st.form_submit_button(
            say("page.code_submit"),
            type="primary",
            width="stretch",
            on_click=_submit_code,
            args=(link.slug, challenge.challenge_id, f"{_CODE}_{channel}", get_nonce(_NONCE)),
        )


def _why(link: ShareLink, account_name: str) -> str:
    key = "both" if len(link.channels) > 1 else str(link.channels[0])
    return say(f"page.why_{key}", account=account_name)


def _show_email_field() -> None:
    st.text_input(
        say("page.email_label"),
        value=recall("gate:email", ""),
        key=_EMAIL,
        type="email",
        autocomplete="email",
        placeholder="name@example.com",
        # The browser's own check speaks English and to the ear alone; ours says it in the page.
        validate="",
    )


def _show_number_fields() -> None:
    countries = find_countries("en")
    region = recall("gate:region", "") or guess_region(st.context.locale)
    index = next((i for i, one in enumerate(countries) if one.region == region), None)
    st.selectbox(
        say("page.country_label"),
        countries,
        index=index,
        key=_COUNTRY,
        format_func=_country_label,
        placeholder=say("page.country_placeholder"),
    )
    st.text_input(
        say("page.whatsapp_label"),
        value=recall("gate:number", ""),
        key=_NUMBER,
        type="phone",
        placeholder="",
        autocomplete="tel",
    )


def _country_label(country: Country) -> str:
    return country.label


def _show_refusal() -> None:
    told = recall(_REFUSAL, "")
    if told:
        _show_alert(told)
        forget(_REFUSAL)


def _show_alert(sentence: str) -> None:
    # Not st.error: it reads Markdown, which turns the example of an address into a link.
    st.html(f'<p role="alert" class="refusal">{escape(sentence)}</p>')


def _show_resend(slug: str, challenge: Challenge) -> None:
    wait = renewal_wait(challenge, get_runtime().clock())
    if wait.total_seconds() > 0:
        _count_down(slug, challenge)
        return
    st.button(
        say("page.resend"),
        key="gate_resend",
        on_click=_resend,
        args=(slug, challenge.challenge_id, get_nonce(_NONCE)),
    )


@st.fragment(run_every=1.0)
def _count_down(slug: str, challenge: Challenge) -> None:
    wait = renewal_wait(challenge, get_runtime().clock())
    if wait.total_seconds() <= 0:
        st.rerun()
    seconds = ceil(wait.total_seconds())
    st.button(say("page.resend_wait", seconds=seconds), key="gate_resend_wait", disabled=True)


def _visit(slug: str) -> Visit:
    return Visit(get_browser_hash(), slug, get_runtime().clock())


def _submit_address(link: ShareLink, nonce: str) -> None:
    typed_email = get_widget_value(_EMAIL, "")
    country: Country | None = get_widget_value(_COUNTRY, None)
    typed_number = get_widget_value(_NUMBER, "")
    region = country.region if country else ""
    remember("gate:email", typed_email)
    remember("gate:number", typed_number)
    remember("gate:region", region)

    def submit() -> Step:
        identifiers: list[Identifier] = []
        if Channel.EMAIL in link.channels:
            identifiers.append(parse_email(typed_email))
        if Channel.WHATSAPP in link.channels:
            identifiers.append(parse_whatsapp(typed_number, region or None))
        return submit_entry(get_runtime().gate, _visit(link.slug), identifiers)

    _take_step([nonce, typed_email, region, typed_number], submit)


def _submit_code(slug: str, challenge_id: int, key: str, nonce: str) -> None:
    typed = get_widget_value(key, "")
    _take_step(
        [nonce, typed],
        lambda: answer_challenge(get_runtime().gate, _visit(slug), challenge_id, typed),
    )


def _resend(slug: str, challenge_id: int, nonce: str) -> None:
    _take_step([nonce], lambda: resend_code(get_runtime().gate, _visit(slug), challenge_id))


def _withdraw(slug: str, nonce: str) -> None:
    _take_step([nonce], lambda: withdraw_entry(get_runtime().gate, _visit(slug)))


def _take_step(submission: list[str], act: Callable[[], Step]) -> None:
    """Take one step, once per submission; where the gate says no, the page says why.

    Impatient clicks overtake each other, so that each of them has to bring the outcome along.
    """
    nonce = submission[0]
    try:
        result = act_once(secret_hash("|".join(submission)), act)
    except (GateRefusal, StorageFailed) as refusal:
        remember(_REFUSAL, refusal_sentence(refusal))
    else:
        forget(_REFUSAL)
        if isinstance(result, Grant):
            remember(GRANT, result.token)
    spend_nonce(_NONCE, nonce)
