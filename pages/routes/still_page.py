"""Small pages without any script, beside Streamlit's: share addresses and the sign-in button."""

from html import escape

from starlette.responses import HTMLResponse

from pages.routes.policy import STILL_POLICY
from pages.ui.words import is_right_to_left

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="/app/static/icon.svg">
{head}
<style>
@font-face {{
    font-family: Inter; font-weight: 100 900; font-display: swap;
    src: url("/app/static/inter-latin.woff2") format("woff2");
}}
:root {{ color-scheme: light dark; }}
body {{
    margin: 0; min-height: 100vh; display: grid; place-items: center;
    font: 1rem/1.5 Inter, system-ui, sans-serif;
    background: light-dark(#fff, #0f172a); color: light-dark(#0f172a, #e8edf5);
}}
main {{ max-width: 26rem; padding: 1.5rem; text-align: center; }}
h1 {{ font-size: 1.375rem; font-weight: 650; margin: 0 0 .5rem; }}
p {{ margin: 0 0 1.25rem; }}
button, a.button {{
    font: inherit; font-weight: 500; border: 0; border-radius: 8px; cursor: pointer;
    padding: .65rem 1.25rem; text-decoration: none; display: inline-block;
    background: light-dark(#1d4ed8, #7cb0ff); color: light-dark(#fff, #0b1222);
}}
form.fields {{ text-align: left; }}
.fields label {{ display: block; font-weight: 500; margin: 0 0 1rem; }}
.fields input {{
    box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .6rem .75rem; font: inherit;
    border: 1px solid light-dark(#64748b, #94a3b8); border-radius: 8px;
    background: transparent; color: inherit;
}}
.fields input[readonly] {{ background: light-dark(#f1f5f9, #1e293b); }}
.fields button {{ width: 100%; }}
.refusal {{
    padding: .75rem 1rem; border-radius: 8px; text-align: left;
    background: light-dark(#fef2f2, #3a1d27); color: light-dark(#991b1b, #fecaca);
}}
:focus-visible {{ outline: 3px solid light-dark(#1d4ed8, #7cb0ff); outline-offset: 3px; }}
</style>
</head>
<body><main><h1>{title}</h1>{body}</main></body>
</html>
"""


def render_still_page(
    title: str, body: str, *, head: str = "", status_code: int = 200, language: str = "en"
) -> HTMLResponse:
    """A page of this title; `body` and `head` are HTML of ours, with people's words escaped."""
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return HTMLResponse(
        _PAGE.format(
            title=escape(title), body=body, head=head, language=language, direction=direction
        ),
        status_code=status_code,
        headers={
            "Content-Security-Policy": STILL_POLICY,
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        },
    )
