"""What google's clients raise, as sentences: what went wrong, and what to do."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from qod.errors import UnavailableError, VigieError, WarehouseError
from qod.warehouse.bigquery.connect import Place

CREDENTIALS: Final = "GOOGLE_APPLICATION_CREDENTIALS"

_ON_PROJECT: Final = {
    "bigquery.jobs.": "roles/bigquery.jobUser",
    "bigquery.readsessions.": "roles/bigquery.readSessionUser",
    "bigquery.datasets.create": "roles/bigquery.user",
}
_ON_DATASET: Final = {
    "bigquery.tables.getData": "roles/bigquery.dataViewer",
    "bigquery.tables.get": "roles/bigquery.dataViewer",
    "bigquery.tables.list": "roles/bigquery.dataViewer",
    "bigquery.datasets.get": "roles/bigquery.dataViewer",
    "bigquery.datasets.update": "roles/bigquery.dataOwner",
    "bigquery.tables.": "roles/bigquery.dataEditor",
}
"""The narrowest predefined role with a permission, by the beginning of the permission's name.

Source: https://cloud.google.com/bigquery/docs/access-control, "BigQuery permissions".
"""


_EXHAUSTED: Final = ("Resources exceeded", "Query exceeded resource limits")

_PASSING: Final = (
    *("rateLimitExceeded", "backendError", "internalError", "badGateway"),
    *("jobRateLimitExceeded", "jobBackendError", "jobInternalError"),
)
"""Reasons that a later try may do away with, whatever the code of the reply."""


def hung(seconds: float, *, doing: str, place: Place) -> UnavailableError:
    """The error of an answer that did not come within ``seconds``."""
    return UnavailableError(
        f"BigQuery did not answer {doing} on {place} within {seconds:g} seconds.",
        trouble="hang",
        hint="it may be slow or out of reach: try again later.",
    )


def reason(error: BaseException) -> str:
    """BigQuery's word for what is wrong, as accessDenied; empty where it gives none."""
    first = (getattr(error, "errors", None) or [{}])[0]
    return str(first.get("reason", "")) if isinstance(first, dict) else ""


def about_location(error: BaseException) -> bool:
    """Whether it would help to know where the dataset is."""
    return bool(re.search(r"was not found in location|different locations", _said(error)))


def translated(error: Exception, *, doing: str, place: Place, location: str | None = None) -> VigieError:
    """The error to raise in place of one of google's clients; ``doing`` is what failed, as "the query fleet".

    ``location`` is where the dataset is, if that is known.
    """
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

    if isinstance(error, api.RetryError) and isinstance(error.cause, Exception):
        error = error.cause
    if isinstance(error, auth.GoogleAuthError):
        return _of_credentials(error, place)
    if isinstance(error, api.GoogleAPICallError):
        return _of_reply(error, doing, place, location)
    return _of_connection(error, doing, place)


# -- who asks ----------------------------------------------------------------------------------------------


def _of_credentials(error: Exception, place: Place) -> VigieError:
    from google.auth import exceptions as auth

    if isinstance(error, auth.DefaultCredentialsError) and not isinstance(error, auth.InvalidOperation):
        if os.environ.get(CREDENTIALS):
            return WarehouseError(
                f"The credentials that {CREDENTIALS} names cannot be used: {_said(error)}",
                hint="name the JSON key file of a service account, or unset it to use the machine's own identity.",
            )
        return WarehouseError(
            f"There are no Google credentials, so {place} cannot be read.",
            hint="run 'gcloud auth application-default login' on a laptop, or set "
            f"{CREDENTIALS} to the key file of a service account, or attach a service account to the job or "
            "service where it runs (Cloud Run).",
        )
    if isinstance(error, auth.TransportError):
        return UnavailableError(
            f"Google's token service cannot be reached, so {place} cannot be read: {_said(error)}",
            trouble="unreachable",
            hint="check the network and its proxy.",
        )
    return UnavailableError(
        f"The Google credentials are no longer accepted by {place}: {_said(error)}",
        trouble="expired",
        hint="run 'gcloud auth application-default login' again, or give the service account a new key.",
    )


# -- what BigQuery replies ---------------------------------------------------------------------------------


def _of_reply(error: Any, doing: str, place: Place, location: str | None) -> VigieError:
    from google.api_core import exceptions as api

    why, said = reason(error), _said(error)
    if why == "bytesBilledLimitExceeded":
        return WarehouseError(
            f"BigQuery would bill more for {doing} than is allowed: {said}",
            hint="raise VIGIE_MAX_BYTES_BILLED (in bytes) if that is right.",
        )
    if isinstance(error, api.Unauthorized):
        return _of_credentials(error, place)
    if re.search(r"concurrent update|Too many DML statements", said):
        return UnavailableError(
            f"Something else changed the same table of {place} during {doing}: {said}",
            trouble="busy",
            hint="nothing was changed: do it again.",
        )
    if why in ("resourcesExceeded", "billingTierLimitExceeded") or said.startswith(_EXHAUSTED):
        return WarehouseError(
            f"BigQuery has not enough memory or processors for {doing} on {place}: {said}",
            hint="look at fewer columns at a time, or at a sample of the rows in a table of its own.",
        )
    if why == "quotaExceeded":
        return UnavailableError(
            f"A quota of the project {place.project} is used up, so BigQuery refused {doing}: {said}",
            trouble="quota",
            hint="wait until it is renewed (daily quotas: at midnight Pacific time), or ask for a higher one.",
        )
    if why in ("stopped", "timeout") or isinstance(error, api.GatewayTimeout):
        return UnavailableError(f"BigQuery gave up {doing} on {place}: {said}", trouble="hang", hint="try again later.")
    if isinstance(error, api.ServerError | api.TooManyRequests) or why in _PASSING:
        return UnavailableError(
            f"BigQuery is busy and refused {doing} on {place} for now: {said}", trouble="busy", hint="try again later."
        )
    if isinstance(error, api.Forbidden):
        return _denied(said, why, doing, place)
    if about_location(error) or isinstance(error, api.NotFound):
        return _missing(said, doing, place, location)
    if said.startswith("Too many partitions"):
        return WarehouseError(
            f"BigQuery refused {doing} on {place}: {said}",
            hint="one delivery may be about 4,000 days at most: deliver a longer history in parts.",
        )
    if re.search(r"Unrecognized name|Name .* not found inside", said):
        return WarehouseError(
            f"A table of {place} lacks a column that this release knows, so {doing} was refused: {said}",
            hint=f"'VIGIE_WAREHOUSE={place.address} vigie init' adds it.",
        )
    return WarehouseError(f"BigQuery refused {doing} on {place}: {said}")


def _denied(said: str, why: str, doing: str, place: Place) -> VigieError:
    if why == "accessNotConfigured" or "has not been used in project" in said:
        return WarehouseError(
            f"The BigQuery API is not enabled in the project {place.project}.",
            hint=f"run 'gcloud services enable bigquery.googleapis.com --project {place.project}'.",
        )
    if why == "billingNotEnabled" or "Billing has not been enabled" in said:
        return WarehouseError(
            f"The project {place.project} has no billing account, and without one BigQuery changes no rows.",
            hint="link a billing account to the project: the sandbox cannot be delivered to.",
        )
    if "insufficient authentication scopes" in said:
        return WarehouseError(
            f"The credentials may not be used for BigQuery, so {doing} on {place} was refused: {said}",
            hint="give the machine or the login the scope https://www.googleapis.com/auth/cloud-platform.",
        )
    billed = re.search(r"permission to use project (\S+?)\.?\s", said)
    if billed:
        return UnavailableError(
            f"The account that Vigie runs as may not use the project {billed[1]}: {said}",
            trouble="denied",
            hint=f"grant it roles/serviceusage.serviceUsageConsumer on the project {billed[1]}, or name another one: "
            "'gcloud auth application-default set-quota-project PROJECT'.",
        )
    found = re.search(r"bigquery\.[A-Za-z]+\.[A-Za-z]+", said)
    permission = found[0] if found else "bigquery.tables.getData" if "permission to query table" in said else ""
    where, role = _role(permission, place)
    return UnavailableError(
        f"The account that Vigie runs as may not do {doing} on {place}"
        + (f": it lacks {permission}." if permission else f": {said}"),
        trouble="denied",
        hint=f"grant it {role} on {where}." if role else "ask who administers the project for the missing role.",
    )


def _role(permission: str, place: Place) -> tuple[str, str]:
    for roles, where in (
        (_ON_PROJECT, f"the project {place.project}"),
        (_ON_DATASET, f"the dataset {place}"),
    ):
        for beginning, role in roles.items():
            if permission.startswith(beginning):
                return where, role
    return "", ""


def _missing(said: str, doing: str, place: Place, location: str | None) -> VigieError:
    ran = re.search(r"in location ([A-Za-z0-9-]+)", said)
    if location and (ran is None or ran[1].lower() != location.lower()):
        return WarehouseError(
            f"The dataset {place} is in {location}, and {doing} needs it elsewhere: {said}",
            hint="all that one query reads and writes must be in one location.",
        )
    if re.search(r"Not found: Dataset", said):
        return WarehouseError(
            f"The dataset of {doing} was not found: {said}",
            hint=f"'VIGIE_WAREHOUSE={place.address} vigie init' creates it; check its name and location.",
        )
    if re.search(r"Not found: Table", said):
        return WarehouseError(
            f"A table of {doing} was not found: {said}",
            hint=f"'VIGIE_WAREHOUSE={place.address} vigie init' creates what is missing.",
        )
    return WarehouseError(f"BigQuery did not find what {doing} on {place} names: {said}")


# -- what lies between -------------------------------------------------------------------------------------


def _of_connection(error: Exception, doing: str, place: Place) -> VigieError:
    from requests import exceptions as http

    if isinstance(error, TimeoutError | http.Timeout):
        return UnavailableError(
            f"BigQuery did not answer {doing} on {place} in time.",
            trouble="hang",
            hint="it may be slow or out of reach: try again later.",
        )
    text = repr(error)
    if isinstance(error, http.ConnectionError | OSError) and not re.search(
        r"aborted|reset|IncompleteRead|disconnected|Broken pipe", text, re.IGNORECASE
    ):
        return UnavailableError(
            f"BigQuery cannot be reached, so {doing} on {place} has no answer.",
            trouble="unreachable",
            hint="check the network and its proxy.",
        )
    if isinstance(error, http.RequestException | OSError | ValueError):
        return UnavailableError(
            f"The connection to BigQuery broke before {doing} on {place} was answered.",
            trouble="broken",
            hint="try again.",
        )
    return WarehouseError(f"BigQuery failed in {doing} on {place}: {type(error).__name__}: {_said(error)}")


def _said(error: BaseException) -> str:
    """The first line of what the error says, without the address that was asked, as a sentence."""
    first = (getattr(error, "errors", None) or [{}])[0]
    text = (first.get("message") if isinstance(first, dict) else None) or getattr(error, "message", None)
    # google.auth's errors may hold their cause beside the sentence, and would print both as a tuple.
    text = text or (error.args[0] if error.args else "") or str(error)
    line = next((line.strip() for line in str(text).splitlines() if line.strip()), type(error).__name__)
    line = re.sub(r"^(?:GET|POST|PUT|PATCH|DELETE) \S+: ", "", line)
    return line if line.endswith((".", "!", "?")) else f"{line}."
