"""Links that lead out of the application: only to web addresses, never to a script."""

from __future__ import annotations

from urllib.parse import urlsplit

from dashboard import format as form
from dashboard.web import html


def outside_link(words: str, address: str) -> html.Node:
    """A link when ``address`` is an http(s) one, else both as plain text."""
    if not is_web(address):
        return html.span(f"{form.name(words)}: {form.name(address, longest=80)}")
    return html.a(form.name(words), href=address.strip(), rel="noopener noreferrer", target="_blank", class_="outside")


def is_web(address: object) -> bool:
    """Whether ``address`` is an http or https address with a host."""
    if not isinstance(address, str) or not address.isprintable():
        return False
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
