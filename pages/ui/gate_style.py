"""How the gate looks beside what every page has: made for a thumb, and in Arabic from the right."""

import streamlit as st

# Fields below 16 px make a phone zoom in when they are touched. The hints inside a focused field
# are Streamlit's, in English, and cover what was typed.
_STYLE = """
<style>
[data-testid="InputInstructions"] { display: none; }
[data-testid="stMain"] :is(input, [data-testid="stTextInputRootElement"]),
[data-testid="stSelectbox"] [role="group"] { font-size: 16px !important; min-height: 44px; }
[data-testid="stMain"] :is([data-testid="stTextInputRootElement"], [role="group"]) {
    box-sizing: border-box; height: auto;
}
[data-testid="stMain"] :is(.stButton, .stFormSubmitButton) button,
[data-testid="stMain"] :is(.primary-link, .quiet-link) { min-height: 44px; }
[data-testid="stMain"] :is(.primary-link, .quiet-link) {
    box-sizing: border-box; align-content: center; margin-top: 0.5rem;
}
.st-key-shared_document [data-testid="stMarkdown"] :is(pre, pre code) {
    white-space: pre-wrap !important; overflow-wrap: anywhere; overflow: visible;
}
[data-testid="stSelectboxVirtualDropdown"] [data-item-hl] {
    display: block; align-content: center; text-overflow: ellipsis;
}
.st-key-gate_dead_end { min-height: 76vh; justify-content: center; }
.st-key-gate_dead_end h2 { max-width: 26rem; margin-inline: auto; text-align: center !important; }
</style>
"""

# What is typed here reads from left to right in every language, and a document in its own way.
_RIGHT_TO_LEFT = """
<style>
[data-testid="stMain"] { direction: rtl; }
[data-testid="stMain"] :is(p, h2, h3, label, [data-testid="stText"]) {
    direction: rtl !important; text-align: right !important;
}
[data-testid="stMain"] button p { text-align: center !important; }
[data-testid="stMain"] input:is([type="email"], [type="tel"]) {
    direction: ltr; text-align: right;
}
[data-testid="stTextInputRootElement"] { padding-inline: 7.5px; }
[data-testid="stSelectboxVirtualDropdown"] [data-item-hl] { direction: rtl; }
.st-key-shared_document :is([data-testid="stMarkdown"], [data-testid="stCode"]) {
    direction: ltr;
}
.st-key-shared_document [data-testid="stMarkdown"]
    :is(p, h1, h2, h3, h4, h5, h6, li, td, th, blockquote) {
    direction: ltr !important; unicode-bidi: plaintext; text-align: start !important;
}
</style>
"""


def apply_gate_style(*, is_right_to_left: bool) -> None:
    """Write the gate's CSS to the page, after that of every page."""
    st.html(_STYLE + (_RIGHT_TO_LEFT if is_right_to_left else ""))
