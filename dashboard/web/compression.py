"""Compressed responses: answers fast on the way out, static files once and well, then from memory."""

from __future__ import annotations

import gzip
import threading
from typing import Final

from backports import zstd
from flask import Flask, Request, Response, request

_TYPES: Final = frozenset(
    {
        "text/html",
        "text/css",
        "text/plain",
        "text/javascript",
        "application/javascript",
        "application/json",
        "image/svg+xml",
    }
)
_SMALLEST: Final = 600
_LEVELS: Final = {"zstd": (3, 15), "gzip": (5, 9)}
"""By encoding: the level for answers, and the one for static files, which are compressed once."""


def compress(server: Flask) -> None:
    """Compress what ``server`` sends, for clients that understand it; set how long each kind may be kept."""
    kept: dict[tuple[str, str], bytes] = {}
    lock = threading.Lock()

    def finish(response: Response) -> Response:
        static = _is_static(request)
        _set_caching(response, static=static)
        encoding = _encoding(request, response)
        if encoding is None:
            return response
        response.direct_passthrough = False
        close = getattr(response.response, "close", None)
        if static:
            key = (request.full_path, encoding)
            with lock:
                if key not in kept:
                    kept[key] = _packed(response.get_data(), encoding, _LEVELS[encoding][1])
            packed = kept[key]
            if close is not None:  # the file, which is not even read where its packed form is at hand
                close()
        else:
            data = response.get_data()
            if len(data) < _SMALLEST:
                return response
            packed = _packed(data, encoding, _LEVELS[encoding][0])
        response.set_data(packed)
        response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
        etag, weak = response.get_etag()
        if etag is not None and not weak:
            response.set_etag(etag, weak=True)
        return response

    server.after_request(finish)


def _is_static(asked: Request) -> bool:
    """Whether the address names one version of a file for ever: it carries the fingerprint that Dash gives."""
    return ((asked.endpoint or "").endswith("dash_assets.static") and "m" in asked.args) or _fingerprinted(asked)


def _fingerprinted(asked: Request) -> bool:
    values = asked.view_args or {}
    return ".v" in str(values.get("fingerprinted_path", ""))


def _set_caching(response: Response, *, static: bool) -> None:
    if static and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.mimetype == "application/json" or response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    else:
        response.headers["Cache-Control"] = "no-cache"


def _encoding(asked: Request, response: Response) -> str | None:
    plain = "Content-Encoding" not in response.headers and response.status_code == 200 and asked.method != "HEAD"
    if not plain or response.mimetype not in _TYPES:
        return None
    for encoding in _LEVELS:
        if asked.accept_encodings.quality(encoding) > 0:
            return encoding
    return None


def _packed(data: bytes, encoding: str, level: int) -> bytes:
    return zstd.compress(data, level) if encoding == "zstd" else gzip.compress(data, level, mtime=0)
