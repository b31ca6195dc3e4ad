"""Webhooks in the settings: the form for another one, and each with what its owner can do."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from data.accounts import get_account
from data.database import Database
from data.records import Member
from data.webhooks import Webhook, WebhookKind, find_webhooks
from gate.delivery.webhook_address import LONGEST_ADDRESS
from gate.entitlements import Feature, is_entitled
from gate.webhooks import (
    OFFERED_KINDS,
    MadeSecret,
    WebhookWanted,
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_webhook_secret,
    switch_webhook,
    try_webhook,
)
from pages.ui.connection_words import KIND_WORDS, LOCKED
from pages.ui.copying import show_to_copy
from pages.ui.delivery_card import SETTINGS_PAGE
from pages.ui.forms import Change, Outcome, carry_out, carry_out_once
from pages.ui.plain import as_plain
from pages.ui.runtime import get_runtime
from pages.ui.session import (
    forget,
    get_nonce,
    get_widget_value,
    recall,
    remember,
    set_widget_value,
)
from pages.ui.webhook_log import show_webhook_log

_MADE = "settings:made_secret"
_NOTHING = (0, "")
_NEW = "settings_webhook_new"


def show_webhooks(now: datetime) -> None:
    """Every webhook with its log, and the form for another; only told of on smaller plans."""
    db = get_runtime().db
    account = get_account(db)
    is_included = is_entitled(account.plan, Feature.WEBHOOKS)
    st.text(
        "Another program, such as a CRM, is told at once what happens at your gates: who came, by "
        "which address, and whether they consent. Each message is signed as Standard Webhooks has "
        "it, and tried again for three days."
    )
    if not is_included:
        st.text(f"🔒 {LOCKED[Feature.WEBHOOKS]} Until then nothing is sent.")
    _show_made_secret()
    for webhook in find_webhooks(db):
        _show_webhook(webhook, ZoneInfo(account.time_zone), now)
    if is_included:
        with st.form("settings_webhook_form"):
            st.markdown("**Add a webhook**")
            _show_webhook_fields(_NEW, "", OFFERED_KINDS)
            st.form_submit_button(
                "Add webhook", on_click=_add_typed, args=(get_nonce(SETTINGS_PAGE),)
            )


def _show_webhook(webhook: Webhook, zone: ZoneInfo, now: datetime) -> None:
    number = webhook.webhook_id
    with st.container(border=True):
        state = "On" if webhook.is_on else "Off"
        st.markdown(f"**Webhook {number}** · {state}")
        st.text(f"{webhook.address}\nTold of {', '.join(sorted(webhook.kinds))}")
        if webhook.trouble is not None:
            st.warning(as_plain(f"{webhook.trouble}. Mend it, then turn it on again."))
        test, switch, change = st.columns(3)
        test.button(
            "Send a test",
            key=f"settings_webhook_test_{number}",
            width="stretch",
            on_click=_send_test,
            args=(number, get_nonce(SETTINGS_PAGE)),
        )
        switch.button(
            "Turn off" if webhook.is_on else "Turn on",
            key=f"settings_webhook_switch_{number}",
            help="While it is off, what happens is not told. What waits already waits on.",
            width="stretch",
            on_click=_switch,
            args=(number, not webhook.is_on),
        )
        with change.popover("Change…", key=f"settings_webhook_change_{number}", width="stretch"):
            _show_changes(webhook)
        show_webhook_log(webhook, zone, now)


def _show_changes(webhook: Webhook) -> None:
    number = webhook.webhook_id
    with st.form(f"settings_webhook_form_{number}", border=False):
        _show_webhook_fields(_webhook_field(number), webhook.address, sorted(webhook.kinds))
        st.form_submit_button("Save webhook", on_click=_save_typed, args=(number,))
    st.text("A new secret counts at once. The one before counts beside it for 24 hours.")
    st.button(
        "New secret",
        key=f"settings_webhook_secret_{number}",
        width="stretch",
        on_click=_renew_secret,
        args=(number, get_nonce(SETTINGS_PAGE)),
    )
    st.text("Removing it forgets its deliveries too, those that wait among them.")
    st.button(
        "Remove webhook",
        key=f"settings_webhook_remove_{number}",
        width="stretch",
        on_click=_remove_webhook,
        args=(number,),
    )


def _show_webhook_fields(field: str, address: str, kinds: Sequence[WebhookKind]) -> None:
    st.text_input(
        "Address",
        address,
        key=f"{field}_address",
        max_chars=LONGEST_ADDRESS,
        placeholder="https://crm.example.com/hook",
        autocomplete="off",
    )
    for kind in OFFERED_KINDS:
        st.checkbox(f"{KIND_WORDS[kind]} ({kind})", kind in kinds, key=_box(field, kind))


def _show_made_secret() -> None:
    number, secret = recall(_MADE, _NOTHING)
    if not secret:
        return
    with st.container(border=True):
        st.markdown(f"**The secret of webhook {number}**")
        show_to_copy(secret, "Copy secret", key="settings_secret")
        st.text(
            "Copy it to the receiving program now: it is not shown again. With it the program "
            "knows that a message comes from here."
        )
        st.button("I have copied it", key="settings_copied", on_click=forget, args=(_MADE,))


def _webhook_field(webhook_id: int) -> str:
    return f"settings_webhook_{webhook_id}"


def _box(field: str, kind: WebhookKind) -> str:
    return f"{field}_{kind.name.lower()}"


def _read_typed_webhook(field: str) -> WebhookWanted:
    chosen = (kind for kind in OFFERED_KINDS if get_widget_value(_box(field, kind), False))
    return WebhookWanted(
        address=get_widget_value(f"{field}_address", ""),
        kinds=frozenset(chosen),
        allows_loopback=get_runtime().settings.webhook_loopback,
    )


def _add_typed(nonce: str) -> None:
    wanted = _read_typed_webhook(_NEW)

    def add(db: Database, member: Member, now: datetime) -> Outcome:
        return _tell_secret(add_webhook(get_runtime().gate, wanted, member, now), "is added")

    if _make_secret_once(nonce, add):
        set_widget_value(f"{_NEW}_address", "")


def _renew_secret(webhook_id: int, nonce: str) -> None:
    def renew(db: Database, member: Member, now: datetime) -> Outcome:
        made = renew_webhook_secret(get_runtime().gate, webhook_id, member, now)
        return _tell_secret(made, "has a new secret")

    _make_secret_once(nonce, renew)


def _tell_secret(made: MadeSecret, what: str) -> Outcome:
    number = made.webhook.webhook_id
    sentence = f"Webhook {number} {what}. Copy its secret now."
    return Outcome(sentence, made_id=number, shown_once=(made.secret,))


def _make_secret_once(nonce: str, make: Change) -> bool:
    outcome = carry_out_once(SETTINGS_PAGE, nonce, make)
    if outcome.shown_once:
        remember(_MADE, (outcome.made_id, outcome.shown_once[0]))
    return bool(outcome.shown_once)


def _save_typed(webhook_id: int) -> None:
    wanted = _read_typed_webhook(_webhook_field(webhook_id))
    _carry_out_on(
        lambda db, member, now: change_webhook(db, webhook_id, wanted, member, now), "Saved."
    )


def _switch(webhook_id: int, is_on: bool) -> None:
    done = "It is told again." if is_on else "It is told nothing from now on."
    _carry_out_on(
        lambda db, member, now: switch_webhook(db, webhook_id, member, now, is_on=is_on), done
    )


def _remove_webhook(webhook_id: int) -> None:
    _carry_out_on(
        lambda db, member, now: remove_webhook(db, webhook_id, member, now),
        "Removed. It is told nothing any more.",
    )
    if recall(_MADE, _NOTHING)[0] == webhook_id:
        forget(_MADE)


def _send_test(webhook_id: int, nonce: str) -> None:
    def send(db: Database, member: Member, now: datetime) -> Outcome:
        try_webhook(db, webhook_id, member, now)
        return Outcome("A test is on its way. Look at the deliveries for its answer.")

    carry_out_once(SETTINGS_PAGE, nonce, send)


def _carry_out_on(act: Callable[[Database, Member, datetime], None], done: str) -> None:
    def change(db: Database, member: Member, now: datetime) -> Outcome:
        act(db, member, now)
        return Outcome(done)

    carry_out(SETTINGS_PAGE, change)
