"""Where the keyboard is after a step: at the first thing to do, not nowhere."""

import streamlit as st

# A page that was just loaded keeps the browser's own focus, and whoever types keeps typing. What
# held the focus is taken out of the page only when the step is drawn to its end, so it is looked
# after for a moment.
_SCRIPT = """
const PATIENCE = 20, PAUSE = 100
let timer

function mark(invalid) {
  for (const field of document.querySelectorAll("[data-gate-invalid]")) {
    field.removeAttribute("aria-invalid")
    delete field.dataset.gateInvalid
  }
  const field = invalid && document.querySelector(invalid)
  if (!field) return
  field.setAttribute("aria-invalid", "true")
  field.dataset.gateInvalid = "yes"
}

function isElsewhere(target) {
  const active = document.activeElement
  return active && active !== target && active.matches("input") && active.offsetParent !== null
}

export default function (component) {
  const { step, target, invalid } = component.data
  const root = document.documentElement
  const before = root.dataset.gateStep
  root.dataset.gateStep = step
  const isNew = before !== undefined && before !== step
  let round = 0
  clearInterval(timer)
  timer = setInterval(() => {
    mark(invalid)
    const field = document.querySelector(target)
    if (isNew && field && field !== document.activeElement) {
      if (round && isElsewhere(field)) round = PATIENCE
      else field.focus({ preventScroll: false })
    }
    if (++round > PATIENCE) clearInterval(timer)
  }, PAUSE)
  return () => clearInterval(timer)
}
"""

_focus = st.components.v2.component("gatebook_focus", html="<span></span>", js=_SCRIPT)


def focus_step(step: str, target: str, *, invalid: str = "") -> None:
    """Let the browser focus what `target` selects whenever another step than before is shown.

    `invalid` selects the field that is marked as wrong, if one is.
    """
    _focus(key="focus", data={"step": step, "target": target, "invalid": invalid})
