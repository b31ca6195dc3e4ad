"""What only a script in the browser can do: claim a pass, load again, fit a page to a phone."""

import streamlit as st

from gate.codes import secret_hash

# The grant travels in a form's body, never in an address. The form is a real navigation, so that
# the answer's cookie is in the next websocket's handshake.
_CLAIM_SCRIPT = """
export default function (component) {
  const { data, parentElement } = component
  const form = parentElement.querySelector("form")
  form.action = data.action
  form.querySelector("[name=grant]").value = data.grant
  form.querySelector("[name=link]").value = data.link
  form.querySelector("[name=back]").value = data.back
  form.querySelector("button").textContent = data.label
  if (!form.dataset.sent) {
    form.dataset.sent = "yes"
    form.submit()
  }
}
"""

_CLAIM_FORM = """
<form method="post">
  <input type="hidden" name="grant"><input type="hidden" name="link">
  <input type="hidden" name="back">
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
export default function () {
  const since = Date.now() - Number(sessionStorage.getItem("gatebook-reloaded") || 0)
  const timer = setTimeout(() => {
    sessionStorage.setItem("gatebook-reloaded", String(Date.now()))
    window.location.reload()
  }, Math.max(0, 5000 - since))
  return () => clearTimeout(timer)
}
"""

# The PDF viewer draws pages at their own size, which is wider than a phone. This scales the whole
# viewer so that the first page fits, and then leaves the zoom to the viewer's own controls. The
# viewer lays its pages out by getBoundingClientRect, which our scale would shrink a second time:
# so its pages are taught to answer in unscaled pixels, before any scale is set.
_FIT_SCRIPT = """
const scales = new WeakMap()

function teach(root) {
  for (const page of root.querySelectorAll("[data-index]")) {
    if (Object.hasOwn(page, "getBoundingClientRect")) continue
    page.getBoundingClientRect = () => {
      const seen = Element.prototype.getBoundingClientRect.call(page)
      const scale = scales.get(root) || 1
      return new DOMRect(seen.x, seen.y, seen.width / scale, seen.height / scale)
    }
  }
}

function fit() {
  const frame = document.querySelector(".st-key-shared_pdf")
  const parts = frame ? Array.from(frame.querySelectorAll("*")) : []
  const host = parts.find((part) => part.shadowRoot && part.shadowRoot.querySelector("canvas"))
  const drawn = host && host.shadowRoot.querySelector("canvas").style.width
  if (!drawn) return
  const root = host.shadowRoot
  if (!scales.has(root)) {
    new MutationObserver(() => teach(root)).observe(root, { childList: true, subtree: true })
  }
  teach(root)
  if (window.gatebookTranslate) window.gatebookTranslate(root)
  const natural = Number(host.dataset.naturalWidth) || parseFloat(drawn) + 32
  host.dataset.naturalWidth = String(natural)
  const scale = Math.min(1, frame.clientWidth / natural)
  scales.set(root, scale)
  const height = Math.round(window.innerHeight * 0.78)
  const content = root.querySelector("[class*=_content_]")
  if (content) content.style.height = `${Math.round(height / scale)}px`
  host.style.width = `${100 / scale}%`
  host.style.transformOrigin = "top left"
  host.style.transform = `scale(${scale})`
  frame.style.height = `${height}px`
  frame.style.overflow = "hidden"
}

export default function () {
  const timer = setInterval(fit, 250)
  return () => clearInterval(timer)
}
"""

_claim = st.components.v2.component(
    "gatebook_claim", html=_CLAIM_FORM, css=_CLAIM_STYLE, js=_CLAIM_SCRIPT
)
_fit = st.components.v2.component("gatebook_fit", html="<span></span>", js=_FIT_SCRIPT)
_reload = st.components.v2.component("gatebook_reload", html="<span></span>", js=_RELOAD_SCRIPT)


def claim_grant_in_browser(grant: str, slug: str, label: str) -> None:
    """Let the browser exchange the grant for its new cookie, by itself or by a click."""
    # Not the grant's own letters: Streamlit refuses a key with two underscores in a row.
    key = f"claim-{secret_hash(grant)[:16]}"
    data = {"grant": grant, "link": slug, "back": "", "label": label, "action": "/gate/claim"}
    _claim(key=key, data=data)


def claim_sign_in_in_browser(grant: str, back: str) -> None:
    """Let the browser exchange the grant of a sign-in for its new cookie, and go back there."""
    data = {"grant": grant, "link": "", "back": back, "label": "Continue", "action": "/desk/claim"}
    _claim(key=f"claim-{secret_hash(grant)[:16]}", data=data)


def reload_in_browser() -> None:
    """Let the browser load the page again, with the cookie that it has by now."""
    _reload(key="reload")


def fit_pdf_in_browser() -> None:
    """Let the PDF in the container `shared_pdf` be no wider than the page that shows it."""
    _fit(key="fit")
