"""The viewer's language, told to the browser and to who listens to the page.

What Streamlit says of itself in English is said in that language too, wherever it shows up.
"""

import streamlit as st

from pages.ui.gate_style import apply_gate_style
from pages.ui.words import is_right_to_left, say

# What Streamlit and its components say, with # for a number, and our word for it.
_SAID_BY_STREAMLIT = {
    "Skip to main content": "around.skip",
    "No results": "around.no_results",
    "# options available.": "around.options",
    "# option available.": "around.options",
    "Connection error": "around.lost_title",
    "Streamlit server is not responding. Are you connected to the internet?": "around.lost",
    "Open": "around.open",
    "Close": "around.close",
    "Dismiss": "around.close",
    "Show password": "around.show_password",
    "Hide password": "around.hide_password",
    "Zoom In": "around.zoom_in",
    "Zoom Out": "around.zoom_out",
    "Link to heading": "around.heading_link",
    "Copy to clipboard": "around.copy",
    "Copied": "around.copied",
}

# The page itself is Streamlit's, in English; its root is told what it holds now. Its words are
# changed in place: React writes a text again only when it has another one. The text of a document
# is nobody's to change.
_SCRIPT = """
const LABELS = ["aria-label", "title"]
let words = {}

function find(text) {
  const number = (text.match(/[0-9]+/) || [""])[0]
  const known = words[text.trim().replace(/[0-9]+/, "#")]
  return known && known.replace("#", number)
}

function translateNode(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const parent = node.parentElement
    const said = parent && !parent.closest(".st-key-shared_document") && find(node.data)
    if (said && said !== node.data) node.data = said
    return
  }
  for (const name of LABELS) {
    const said = node.hasAttribute && node.hasAttribute(name) && find(node.getAttribute(name))
    if (said && said !== node.getAttribute(name)) node.setAttribute(name, said)
  }
  translate(node)
}

function translate(root) {
  for (const node of root.childNodes) translateNode(node)
}

function observe() {
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translateNode)
      else translateNode(change.target)
    }
  })
  observer.observe(document.body, {
    attributeFilter: LABELS, characterData: true, childList: true, subtree: true,
  })
}

export default function (component) {
  const { data } = component
  document.documentElement.lang = data.language
  document.documentElement.dir = data.direction
  words = data.words
  if (window.gatebookTranslate) return
  window.gatebookTranslate = translate
  observe()
  translate(document.body)
}
"""

_tell_browser = st.components.v2.component("gatebook_language", html="<span></span>", js=_SCRIPT)


def apply_direction(language: str) -> None:
    """Mark the whole page as being in this language, and turn it around where that needs it."""
    is_turned = is_right_to_left(language)
    apply_gate_style(is_right_to_left=is_turned)
    words = {english: say(name, language=language) for english, name in _SAID_BY_STREAMLIT.items()}
    direction = "rtl" if is_turned else "ltr"
    _tell_browser(
        key="language", data={"language": language, "direction": direction, "words": words}
    )
