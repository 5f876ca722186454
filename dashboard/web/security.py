"""Headers that keep a page to itself: nothing from elsewhere, no inline scripts but Dash's own, in no frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from flask import Flask, Response

_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy(script_hashes: Sequence[str]) -> str:
    """The Content-Security-Policy. Scripts come from here, or are one of ``script_hashes`` (Dash's starter).

    Styles may be inline: plotly writes them.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def protect(server: Flask, script_hashes: Callable[[], Sequence[str]]) -> None:
    """Send the headers with every response; the hashes are asked for when a page is served, not before."""

    def add(response: Response) -> Response:
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy(script_hashes()))
        return response

    server.after_request(add)
