"""What the way to a bucket raises, as sentences: what went wrong, and what to do."""

from __future__ import annotations

import os
import re
from typing import Final

from qod.errors import UnavailableError, VigieError, WarehouseError
from qod.warehouse.gcs.address import Place

_READS: Final = ("storage.objects.get", "storage.objects.list")
_LATER: Final = "it may be slow or out of reach: try again later."

BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Replies that a later try may change."""


def code_of(error: BaseException) -> int | None:
    """The HTTP status behind an error of gcsfs; None where there was no reply."""
    from requests.exceptions import ProxyError

    if isinstance(error, ProxyError):
        return 502  # gcsfs's own way to say so
    try:
        return int(getattr(error, "code", None) or 0) or None
    except ValueError:
        return None


def passing(error: BaseException) -> bool:
    """Whether the same request may succeed when it is sent again."""
    from aiohttp import ClientError

    return isinstance(error, ClientError | TimeoutError | ConnectionError) or code_of(error) in BUSY


def translated(error: BaseException, *, doing: str, place: Place, seconds: float) -> VigieError:
    """The error to raise in place of another; ``doing`` is what failed, as "the reading of 3 objects"."""
    from aiohttp import ClientConnectorError, ClientError
    from google.auth import exceptions as auth

    if isinstance(error, VigieError):
        return error
    if isinstance(error, auth.DefaultCredentialsError):
        if named := os.environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
            return WarehouseError(
                f"The credentials for {place} cannot be used: GOOGLE_APPLICATION_CREDENTIALS names {named!r}, which is "
                "not there or is not what it should be.",
                hint="name the JSON key file of a service account, or unset it to use the machine's own identity.",
            )
        return WarehouseError(
            f"There are no credentials for {place}.",
            hint="run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to the file of a "
            "service account; on Cloud Run the service's own account is taken.",
        )
    code = code_of(error)
    if isinstance(error, auth.GoogleAuthError) or code == 401:
        return UnavailableError(
            f"Cloud Storage did not accept the credentials for {doing} in {place}: {_first_line(error)}",
            trouble="expired",
            hint="sign in again with 'gcloud auth application-default login', or check the service account.",
        )
    if isinstance(error, FileNotFoundError):
        return WarehouseError(
            f"The bucket {place.bucket!r} was not found.",
            hint=f"make it with 'gcloud storage buckets create gs://{place.bucket} --location=LOCATION', or check the "
            "address.",
        )
    if isinstance(error, OSError) and str(error).startswith("Forbidden"):
        return _denied(str(error), doing, place)
    if code in BUSY:
        return UnavailableError(
            f"Cloud Storage refused {doing} in {place} for now (HTTP {code}).", trouble="busy", hint=_LATER
        )
    if isinstance(error, TimeoutError):
        return UnavailableError(
            f"Cloud Storage did not answer {doing} in {place} within {seconds:g} seconds.", trouble="hang", hint=_LATER
        )
    if isinstance(error, ClientConnectorError):
        return UnavailableError(
            f"Cloud Storage cannot be reached for {doing} in {place}: {_first_line(error)}",
            trouble="unreachable",
            hint="check the network, and STORAGE_EMULATOR_HOST if it is set.",
        )
    if isinstance(error, ClientError | ConnectionError):
        return UnavailableError(
            f"Cloud Storage broke off its reply to {doing} in {place}.", trouble="broken", hint=_LATER
        )
    return WarehouseError(f"Cloud Storage refused {doing} in {place}: {_first_line(error)}")


def _denied(said: str, doing: str, place: Place) -> UnavailableError:
    found = re.search(r"storage\.\w+\.\w+", said)
    permission = found[0] if found else None
    role = "roles/storage.objectViewer" if permission in _READS else "roles/storage.objectUser"
    return UnavailableError(
        f"Cloud Storage refused {doing} in {place}: the permission {permission or 'for it'} is missing.",
        trouble="denied",
        hint=f"grant {role} on the bucket {place.bucket!r} to the account that runs this (pages need "
        "roles/storage.objectViewer, producers and evaluate roles/storage.objectUser).",
    )


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    line = (text[0] if text else type(error).__name__)[:300]
    return line if line.endswith((".", "!", "?")) else f"{line}."
