"""The page's HTTP answers: what is shown, with the headers that keep it to itself."""

from collections.abc import Mapping

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.web.survey_page.pages import STYLE_HASH

_POLICY = f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""The address is the only key: it is told to nobody, kept by no cache and shown in no frame."""


def page(html: str, status: int = 200, **more: str) -> Response:
    """A page."""
    return HTMLResponse(html, status, {**HEADERS, **more})


def wait(html: str, seconds: int, status: int = 429) -> Response:
    """A page that asks to come back in so many seconds."""
    return page(html, status, **{"Retry-After": str(seconds)})


def see(address: str) -> Response:
    """Look there now: a reload then sends nothing again. The address is relative, whatever stands before it."""
    return RedirectResponse(address, 303, dict(HEADERS))
