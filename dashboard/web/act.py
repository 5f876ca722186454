"""Writing from a page: one plain POST route that checks who, from where, what and about what, then delivers events."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import flask

from dashboard import events
from dashboard.events import Event, Place, Statement
from dashboard.finding import Finding
from dashboard.format import french
from dashboard.text import Language, Text
from dashboard.troubles import Trouble
from dashboard.web.identity import Identity, RefusedError
from dashboard.web.reader import Reader, Reading
from dashboard.web.trouble import WORDS, kind_of
from dashboard.web.views.fleet import fleet_rows
from dashboard.web.views.retraining import awaited
from dashboard.web.views.troubles import current
from dashboard.written import WrongInputError, statement
from qod.errors import UnavailableError, VigieError
from qod.warehouse.purpose import purpose

LOG: Final = logging.getLogger("vigie.web")

MOST_BYTES: Final = 32_768
"""The largest body that is read; the longest text takes two thirds of it when every character is escaped."""

_ELSEWHERE = Text(
    "This request comes from another site; nothing was written.",
    "Cette demande vient d'un autre site ; rien n'a été écrit.",
)
_NOT_JSON = Text(
    "Send what you write as JSON (Content-Type: application/json).",
    "Envoyez ce que vous écrivez en JSON (Content-Type: application/json).",
)
_NO_OBJECT = Text("The request is no JSON object.", "La demande n'est pas un objet JSON.")
_TOO_LARGE = Text("The request is too large.", "La demande est trop grande.")
_NO_TARGET = Text(
    "It does not say what it is about: an incident or a model.",
    "Il manque ce dont il s'agit : un incident ou un modèle.",
)
_NO_INCIDENT = Text(
    "There is no such incident now; it may be over. Load the page again.",
    "Cet incident n'existe pas, ou plus. Rechargez la page.",
)
_NO_MODEL = Text("There is no such model.", "Ce modèle n'existe pas.")
_NO_VARIABLE = Text("The model has no such variable.", "Le modèle n'a pas cette variable.")
_NO_BATCH = Text("The model has no such batch.", "Le modèle n'a pas ce lot.")
_NO_FINDING = Text(
    "There is nothing of the kind to take care of now; it may be over. Load the page again.",
    "Il n'y a là rien dont s'occuper, ou plus rien. Rechargez la page.",
)
_NOTHING_WRITTEN = Text("Nothing was written; try again.", "Rien n'a été écrit ; réessayez.")
_FAILED = Text("The warehouse took nothing.", "L'entrepôt de données n'a rien accepté.")
_READ_ONLY = Text(
    "This server may not write to the warehouse.", "Ce serveur n'a pas le droit d'écrire dans l'entrepôt de données."
)
_NOT_AWAITED = Text(
    "No request to train this model anew waits for an answer now. Load the page again.",
    "Aucune demande de réentraînement de ce modèle n'attend de réponse. Rechargez la page.",
)
_DONE: Final = {
    "acknowledged": Text("Acknowledged.", "Pris en charge."),
    "snoozed": Text("Snoozed.", "Mis en pause."),
    "reopened": Text("Reopened.", "Rouvert."),
    "note": Text("The note is kept.", "La note est gardée."),
    "retraining_approved": Text("Approved.", "Approuvé."),
    "retraining_declined": Text("Declined.", "Refusé."),
}


def add_act(
    server: flask.Flask,
    address: str,
    reader: Reader,
    identity: Identity,
    language_of: Callable[[str | None], Language],
) -> None:
    """Serve POST at ``address``; ``language_of`` gives the language of a request that states one, or none."""

    def act() -> flask.Response:
        asked = flask.request
        language = language_of(None)
        try:
            _from_here(asked)
            body = _body(asked)
            stated = body.get("lang")
            language = language_of(stated if isinstance(stated, str) else None)
            with purpose("page", "act"):
                said = _written(reader, body, identity.author(asked.headers))
        except RefusedError as error:
            return _answer(error.status, language, error=error.said)
        except WrongInputError as error:
            return _answer(422, language, error=error.said)
        except VigieError as error:
            LOG.error("what somebody wrote could not be kept: %s", error)
            return _answer(503, language, error=_why(error))
        return _answer(200, language, said=said)

    server.add_url_rule(address, "act", act, methods=["POST"])


def _answer(status: int, language: Language, **words: Text) -> flask.Response:
    """The words in the reader's language as JSON; with the moment from which on pages show what was written."""
    said = {key: french(text.fr) if language == "fr" else text.en for key, text in words.items()}
    response = flask.jsonify(**said, **({"wrote": time.time()} if status == 200 else {}))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _from_here(asked: flask.Request) -> None:
    """Refuse what another site sends through a reader's browser.

    Browsers say where a request comes from, in Sec-Fetch-Site, which no page can forge, or, older ones, in Origin.
    """
    where = asked.headers.get("Sec-Fetch-Site")
    here = where == "same-origin" if where is not None else _host(asked.headers.get("Origin", "")) == asked.host
    if not here:
        raise RefusedError(403, _ELSEWHERE)


def _host(origin: str) -> str | None:
    """The host that an origin names; None where it names none."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:  # half an IPv6 address
        return None


def _body(asked: flask.Request) -> Mapping[str, Any]:
    if asked.mimetype != "application/json":
        raise RefusedError(415, _NOT_JSON)
    if asked.content_length is None or asked.content_length > MOST_BYTES:
        raise RefusedError(413, _TOO_LARGE)
    try:
        body = json.loads(asked.get_data(cache=False))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, _NO_OBJECT)
    return body


def _written(reader: Reader, body: Mapping[str, Any], author: str | None) -> Text:
    """Keep what ``body`` says; what has been done, in words. Nothing is kept of a request that is wrong in any way."""
    reading = reader.begin(within_seconds=0)
    now = datetime.now(UTC)
    today = reading.as_of or now.date()
    said = statement(body, author, today)
    about = body.get("about")
    made = _events(reading, said, about if isinstance(about, dict) else {}, now)
    if not _kept(reading, made):
        reader.deliver({"events": events.to_table(made)}, kind="events")
    return _DONE[said.kind]


def _kept(reading: Reading, made: list[Event]) -> bool:
    """Whether the very same was written already: by the first click of two."""
    kept = reading.rows("model_events", model_id=made[0].model_id)
    return any(row["event_id"] == made[0].event_id for row in kept)


def _events(reading: Reading, said: Statement, about: Mapping[str, Any], now: datetime) -> list[Event]:
    """The events of a statement about what the request names, once it is sure that there is such a thing."""
    incident, model = about.get("incident"), about.get("model_id")
    if isinstance(incident, str):
        for trouble in current(reading).troubles:
            if trouble.incident is not None and trouble.id == incident:
                return events.about(said, trouble.findings, now, incident=incident)
        raise RefusedError(404, _NO_INCIDENT)
    if not isinstance(model, str):
        raise RefusedError(422, _NO_TARGET)
    if all(row["model_id"] != model for row in fleet_rows(reading)):
        raise RefusedError(404, _NO_MODEL)
    if said.kind in events.APPROVALS:
        return _answered(reading, said, about, model, now)
    if isinstance(about.get("rule"), str) or said.kind != "note":
        return _of_findings(reading, said, about, model, now)
    return events.noted(said, _place(reading, about, model), now)


def _of_findings(reading: Reading, said: Statement, about: Mapping[str, Any], model: str, now: datetime) -> list[Event]:
    """Events about one finding of the model, or about all that it has alone."""
    subject, rule = about.get("subject"), about.get("rule")
    found: list[tuple[Trouble, Finding]] = [
        (trouble, finding)
        for trouble in current(reading).troubles
        for finding in trouble.findings
        if finding.model_id == model
    ]
    if isinstance(rule, str):
        found = [(trouble, one) for trouble, one in found if (one.subject, one.rule) == (subject, rule)]
    else:
        found = [(trouble, one) for trouble, one in found if trouble.incident is None]
    if not found:
        raise RefusedError(404, _NO_FINDING)
    return events.about(said, [finding for _, finding in found], now)


def _answered(reading: Reading, said: Statement, about: Mapping[str, Any], model: str, now: datetime) -> list[Event]:
    """The answer to the request to train a model anew, while that request waits for one."""
    waiting = awaited(map(events.from_row, reading.rows("model_events", model_id=model)))
    if waiting is None or about.get("since") != waiting.isoformat():
        raise RefusedError(404, _NOT_AWAITED)
    return events.answered(said, model, waiting, now)


def _place(reading: Reading, about: Mapping[str, Any], model: str) -> Place:
    """What a note is about: the model, a variable of it or a batch of it."""
    subject, batch = about.get("subject"), about.get("batch_id")
    if isinstance(batch, str):
        version = about.get("model_version")
        for row in reversed(reading.rows("batches", model_id=model)):
            if row["batch_id"] == batch and version in (None, row["model_version"]):
                return Place(model, "batch", row["model_version"], batch)
        raise RefusedError(404, _NO_BATCH)
    if not isinstance(subject, str) or subject == "model":
        return Place(model)
    if all(row["variable"] != subject for row in reading.rows("variables", model_id=model)):
        raise RefusedError(404, _NO_VARIABLE)
    return Place(model, subject)


def _why(error: VigieError) -> Text:
    """Why the warehouse kept nothing, for whoever wrote."""
    kind = kind_of(error)
    foreseen = WORDS[kind] if isinstance(error, UnavailableError) else _FAILED
    cause = _READ_ONLY if kind == "denied" else foreseen
    return Text(f"{cause.en} {_NOTHING_WRITTEN.en}", f"{cause.fr} {_NOTHING_WRITTEN.fr}")
