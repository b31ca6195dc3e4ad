"""Text that is there to be copied: it stands in full, with a button that copies it."""

import streamlit as st

# A browser gives its clipboard to pages over https and on this machine only. Elsewhere the older
# way works, for which the text has to be selected; where that is refused too, it stays selected.
_SCRIPT = """
const SHOWN = 4000
const REFUSED = "Your browser copies nothing for this page. "
  + "The text is selected: copy it with Ctrl+C or ⌘C."

function select(place) {
  const shown = document.querySelector(`.st-key-${place} [data-testid="stCode"] code`)
  if (shown) window.getSelection().selectAllChildren(shown)
  return Boolean(shown)
}

async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return select(place) && document.execCommand("copy")
  }
}

export default function (component) {
  const { text, label, place } = component.data
  const button = component.parentElement.querySelector("button")
  const words = button.querySelector("span")
  const told = component.parentElement.querySelector("[role=status]")
  const rest = () => {
    clearTimeout(button.timer)
    words.textContent = label
    told.textContent = ""
    button.classList.remove("copied")
  }
  if (button.text !== text) rest()
  button.text = text
  button.onclick = async () => {
    rest()
    const isCopied = await copy(text, place)
    told.className = isCopied ? "unseen" : ""
    told.textContent = isCopied ? "Copied" : REFUSED
    if (!isCopied) return
    words.textContent = "Copied"
    button.classList.add("copied")
    button.timer = setTimeout(rest, SHOWN)
  }
}
"""

_HTML = """
<button type="button">
  <svg aria-hidden="true" viewBox="0 0 24 24" width="18" height="18" fill="none"
    stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <rect x="9" y="9" width="12" height="12" rx="2"/>
    <path d="M5 15H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v1"/>
  </svg><span></span>
</button>
<span role="status"></span>
"""

_STYLE = """
button {
    display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2.5rem;
    padding: 0.25rem 0.75rem; border: 1px solid light-dark(#cbd5e1, #3b4a63); border-radius: 8px;
    background: transparent; color: var(--st-text-color); cursor: pointer;
    font: inherit; font-size: 0.875rem;
}
button:hover, button.copied {
    border-color: var(--st-primary-color); color: var(--st-primary-color);
}
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[role=status]:not(.unseen) { display: block; color: var(--st-text-color); }
"""

_copy = st.components.v2.component("gatebook_copy", html=_HTML, css=_STYLE, js=_SCRIPT)


def show_to_copy(text: str, label: str, *, key: str, wrap_lines: bool = True) -> None:
    """The text, and below it a button with this label that copies it and says so.

    `key` is the text's place on the page, and no other's.
    """
    place = f"{key}_to_copy"
    with st.container(key=place, gap="small"):
        st.code(text, language=None, wrap_lines=wrap_lines)
        _copy(key=f"{place}_button", data={"text": text, "label": label, "place": place})
