"""The gate's first step as forms: a password, a known viewer, or an address. Callbacks write."""

from collections.abc import Sequence

import streamlit as st

from data.records import Channel, Identifier, ShareLink
from gate.entries import submit_entry
from gate.identifiers import mask_identifier, parse_email, parse_whatsapp
from gate.passwords import answer_password
from gate.remembered import confirm_viewer
from gate.typing_slips import suggest_email
from pages.ui.gate_fields import find_field, read_fields, recall_email, replace_email, show_fields
from pages.ui.gate_focus import focus_step
from pages.ui.gate_steps import (
    NONCE,
    Step,
    drop_refusal,
    find_faulty_channel,
    has_refusal,
    show_refusal,
    take_step,
)
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import forget, get_nonce, get_widget_value, recall, remember
from pages.ui.viewer import get_visit, tell

OTHER_ADDRESS = "gate:other"
_SLIP = "gate:slip"
_CHANNEL, _CONSENT, _WORD = "gate_channel", "gate_consent", "gate_password"


def show_password_step(link: ShareLink, account_name: str) -> None:
    """Ask for the link's password before anything else."""
    st.text(tell("page.password_why", account=account_name))
    with st.form("gate_password_form", border=False):
        st.text_input(tell("page.password_label"), key=_WORD, type="password", autocomplete="off")
        st.form_submit_button(
            tell("page.password_submit"),
            type="primary",
            width="stretch",
            on_click=_submit_password,
            args=(link.slug, get_nonce(NONCE)),
        )
    show_refusal()
    field = f".st-key-{_WORD} input"
    focus_step("password", field, invalid=field if has_refusal() else "")


def show_confirm_step(link: ShareLink, known: Sequence[Identifier], account_name: str) -> None:
    """Ask a browser that proved these a while ago only whether it is still them."""
    masks = ", ".join(mask_identifier(one.channel, one.address) for one in known)
    st.text(tell("page.confirm_text", mask=masks))
    wording = _ask_consent(link, account_name)
    st.button(
        as_plain(tell("page.confirm", mask=masks)),
        key="gate_confirm",
        type="primary",
        width="stretch",
        on_click=_confirm,
        args=(link, list(known), wording, get_nonce(NONCE)),
    )
    st.button(
        tell("page.confirm_other"), key="gate_other", width="stretch", on_click=_ask_for_another
    )
    show_refusal()
    focus_step("confirm", ".st-key-gate_confirm button")


def show_address_step(link: ShareLink, account_name: str) -> None:
    """Ask for what the link requires, say why, and who gets it."""
    channels = _choose_channels(link)
    st.text(tell(f"page.why_{_why(link)}", account=account_name))
    with st.form("gate_address", border=False):
        show_fields(link.channels, asked_for=channels)
        wording = _ask_consent(link, account_name)
        verifies = any(link.verifies(channel) for channel in channels)
        label = tell("page.continue_verifying" if verifies else "page.continue_unverified")
        st.form_submit_button(
            label,
            type="primary",
            width="stretch",
            on_click=_submit_address,
            args=(link, channels, wording, get_nonce(NONCE)),
        )
    _show_slip()
    show_refusal()
    faulty = find_faulty_channel()
    focus_step(
        "address",
        find_field(channels[0]),
        invalid="" if faulty is None else find_field(faulty),
    )


def _ask_consent(link: ShareLink, account_name: str) -> str:
    """What the viewer agrees to by ticking the box, word by word; the box begins un-ticked."""
    wording = tell("page.consent", account=account_name)
    if link.asks_consent:
        st.checkbox(as_plain(wording), key=_CONSENT)
    return wording


def _read_consent(link: ShareLink, wording: str) -> str | None:
    has_consented = link.asks_consent and get_widget_value(_CONSENT, False)
    return wording if has_consented else None


def _choose_channels(link: ShareLink) -> tuple[Channel, ...]:
    """What is asked for: all that the link requires, or the one that the viewer picked."""
    if not link.accepts_either or len(link.channels) < 2:
        return link.channels
    names = {
        Channel.EMAIL: tell("page.by_email"),
        Channel.WHATSAPP: tell("page.by_whatsapp"),
    }
    chosen = st.radio(
        tell("page.choose_channel"),
        list(names),
        format_func=names.__getitem__,
        horizontal=True,
        key=_CHANNEL,
        on_change=drop_refusal,
    )
    return (chosen,)


def _why(link: ShareLink) -> str:
    if len(link.channels) > 1:
        return "either" if link.accepts_either else "both"
    return str(link.channels[0])


def _show_slip() -> None:
    """Offer the address that was probably meant; sending the same again is taken at its word."""
    suggestion = recall(_SLIP, "")
    if suggestion:
        st.button(
            as_plain(tell("page.typo_hint", suggestion=suggestion)),
            key="gate_slip",
            on_click=_take_suggestion,
            args=(suggestion,),
        )


def _take_suggestion(suggestion: str) -> None:
    replace_email(suggestion)
    forget(_SLIP)


def _submit_address(
    link: ShareLink, channels: tuple[Channel, ...], wording: str, nonce: str
) -> None:
    email_before = recall_email()
    typed = read_fields()
    suggestion = suggest_email(typed.email) if Channel.EMAIL in channels else None
    if suggestion is not None and typed.email != email_before:
        remember(_SLIP, suggestion)
        drop_refusal()
        return
    forget(_SLIP)
    agreed = _read_consent(link, wording)

    def submit() -> Step:
        identifiers: list[Identifier] = []
        if Channel.EMAIL in channels:
            identifiers.append(parse_email(typed.email))
        if Channel.WHATSAPP in channels:
            identifiers.append(parse_whatsapp(typed.number, typed.region or None))
        gate = get_runtime().gate
        return submit_entry(gate, get_visit(link.slug), identifiers, consent_wording=agreed)

    take_step([nonce, typed.email, typed.region, typed.number], submit)


def _submit_password(slug: str, nonce: str) -> None:
    typed = get_widget_value(_WORD, "")

    def answer() -> Step:
        answer_password(get_runtime().gate, get_visit(slug), typed)
        return None

    take_step([nonce, typed], answer)


def _confirm(link: ShareLink, known: list[Identifier], wording: str, nonce: str) -> None:
    agreed = _read_consent(link, wording)

    def confirm() -> Step:
        gate = get_runtime().gate
        return confirm_viewer(gate, get_visit(link.slug), known, consent_wording=agreed)

    take_step([nonce], confirm)


def _ask_for_another() -> None:
    drop_refusal()
    remember(OTHER_ADDRESS, True)
