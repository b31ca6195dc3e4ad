"""The two things that only a script in the browser can do: claim a pass, and load again."""

import streamlit as st

# The grant travels in a form's body, never in an address. The form is a real navigation, so that
# the answer's cookie is in the next websocket's handshake.
_CLAIM_SCRIPT = """
export default function (component) {
  const { data, parentElement } = component
  const form = parentElement.querySelector("form")
  form.querySelector("[name=grant]").value = data.grant
  form.querySelector("[name=link]").value = data.link
  form.querySelector("button").textContent = data.label
  if (!form.dataset.sent) {
    form.dataset.sent = "yes"
    form.submit()
  }
}
"""

_CLAIM_FORM = """
<form method="post" action="/gate/claim">
  <input type="hidden" name="grant"><input type="hidden" name="link">
  <button type="submit"></button>
</form>
"""

_CLAIM_STYLE = """
button {
  font: inherit; font-weight: 500; border: 0; border-radius: 8px; padding: .6rem 1.1rem;
  background: var(--st-primary-color); color: light-dark(#ffffff, #0b1222); cursor: pointer;
}
"""

_RELOAD_SCRIPT = """
export default function (component) {
  const since = Date.now() - Number(sessionStorage.getItem("gatebook-reloaded") || 0)
  if (since > 5000) {
    sessionStorage.setItem("gatebook-reloaded", String(Date.now()))
    window.location.reload()
  }
}
"""

_claim = st.components.v2.component(
    "gatebook_claim", html=_CLAIM_FORM, css=_CLAIM_STYLE, js=_CLAIM_SCRIPT
)
_reload = st.components.v2.component("gatebook_reload", html="<span></span>", js=_RELOAD_SCRIPT)


def claim_grant_in_browser(grant: str, slug: str, label: str) -> None:
    """Let the browser exchange the grant for its new cookie, by itself or by a click."""
    _claim(key=f"claim-{grant[:8]}", data={"grant": grant, "link": slug, "label": label})


def reload_in_browser() -> None:
    """Let the browser load the page again, with the cookie that it has by now."""
    _reload(key="reload")
