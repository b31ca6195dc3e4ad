"""The copy of a notice in the corner, for whoever looks at a part of the page far away from it."""

import streamlit as st

# Whether the notice itself is in sight is known a moment later. Once it was, its copy is not
# needed any more; another notice's copy appears anew.
_SCRIPT = """
export default function (component) {
  const { place, number, sentence, is_refusal } = component.data
  const copy = component.parentElement.querySelector(".copy")
  copy.textContent = sentence
  if (copy.dataset.told === String(number)) return
  copy.dataset.told = number
  copy.className = is_refusal ? "copy refused" : "copy done"
  const notice = document.querySelector(`.st-key-${place} [data-testid="stAlert"]`)
  if (!notice) return
  const watcher = new IntersectionObserver(([seen]) => {
    copy.classList.toggle("needed", !seen.isIntersecting)
    if (seen.isIntersecting) watcher.disconnect()
  }, { threshold: 0.5 })
  watcher.observe(notice)
  return () => watcher.disconnect()
}
"""

_STYLE = """
.copy {
    position: fixed; z-index: 999990; inset: auto 1rem 1rem 1rem; margin-inline: auto;
    max-width: 34rem; padding: 0.75rem 1rem; border-radius: 8px; overflow-wrap: anywhere;
    box-shadow: 0 4px 18px rgb(0 0 0 / 0.3); pointer-events: none; visibility: hidden;
    box-sizing: border-box;
}
.needed { animation: copy-is-read 12.5s; }
.done { background: light-dark(#14532d, #bbf7d0); color: light-dark(#fff, #052e16); }
.refused { background: light-dark(#991b1b, #fecaca); color: light-dark(#fff, #450a0a); }
@keyframes copy-is-read {
    from, 96% { visibility: visible; opacity: 1; }
    to { visibility: visible; opacity: 0; }
}
"""

# The notice itself is read out; its copy is for the eyes.
_copy = st.components.v2.component(
    "gatebook_notice_copy",
    html='<div class="copy" aria-hidden="true"></div>',
    css=_STYLE,
    js=_SCRIPT,
)


def show_notice_copy(place: str, number: int, sentence: str, *, is_refusal: bool) -> None:
    """Show the sentence in the corner while the notice in the container `place` is out of sight.

    It fades after some seconds. No two notices have one `number`.
    """
    _copy(
        key=f"{place}_copy",
        data={"place": place, "number": number, "sentence": sentence, "is_refusal": is_refusal},
    )
