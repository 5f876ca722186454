"""The target webhook: a signed request in JSON to whatever starts the training."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from dashboard.retrain.over_http import asked, reply_to
from dashboard.retrain.request import Request
from dashboard.retrain.target import Reply, Target
from dashboard.settings import Settings
from dashboard.signature import signed
from dashboard.text import Text

VERSION: Final = 1
"""The version of the JSON that is posted."""

_NAME: Final = Text("The retraining webhook", "Le webhook de réentraînement")

_REFUSED = Text(
    "it does not accept the signature or the address: check VIGIE_RETRAIN_URL and VIGIE_RETRAIN_SECRET",
    "il refuse la signature ou l\u2019adresse\u00a0: vérifiez VIGIE_RETRAIN_URL et VIGIE_RETRAIN_SECRET",
)
_ABSENT = Text(
    "nothing is at that address: check VIGIE_RETRAIN_URL", "rien à cette adresse\u00a0: vérifiez VIGIE_RETRAIN_URL"
)
_WHY: Final = {401: _REFUSED, 403: _REFUSED, 404: _ABSENT}


def ask(request: Request, settings: Settings, deadline: float) -> Reply:
    """Post the request; any status from 200 to 299 takes it, and a 409 that names it says that it was taken before."""
    said = {"version": VERSION, "kind": "retrain", **request.facts, "conf": request.entry.conf}
    body = json.dumps(said, ensure_ascii=False).encode(errors="replace")
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": request.request_id,
        **signed(body, settings.retrain_secret, datetime.now(UTC)),
    }
    answer = asked(settings.retrain_url, body, headers, settings, deadline, name=_NAME)
    if isinstance(answer, Reply):
        return answer
    if answer.takes(request.request_id):
        return Reply("asked")
    return reply_to(answer, _NAME, _WHY)


TARGET: Final = Target(
    key="webhook",
    name=Text("the retraining webhook", "le webhook de réentraînement"),
    meaning=Text(
        "Posts JSON to VIGIE_RETRAIN_URL: version, kind (retrain), request_id, model_id, model_version, since, reason, "
        "url and conf; signed where VIGIE_RETRAIN_SECRET is set.",
        "Envoie du JSON à VIGIE_RETRAIN_URL\u00a0: version, kind (retrain), request_id, model_id, model_version, "
        "since, reason, url et conf\u00a0; signé si VIGIE_RETRAIN_SECRET est défini.",
    ),
    needs=("retrain_url",),
    keys=(),
    repeatable=True,
    repeats=Text(
        "Idempotency-Key is the request\u2019s identifier, the same each time: the receiver has to train once for "
        "each, and may answer a repeat with 409 and that identifier.",
        "Idempotency-Key est l\u2019identifiant de la demande, toujours le même\u00a0: au destinataire de "
        "n\u2019entraîner qu\u2019une fois pour chacun\u00a0; il peut répondre à une répétition par 409 et cet "
        "identifiant.",
    ),
    ask=ask,
)
