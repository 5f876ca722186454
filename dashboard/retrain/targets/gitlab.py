"""The target GitLab: a pipeline, started with a trigger token."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote, urlencode

from dashboard.foreign import json_object
from dashboard.outbound import Answer
from dashboard.retrain.over_http import asked, reply_to
from dashboard.retrain.request import Request
from dashboard.retrain.target import Reply, Target, TargetKey
from dashboard.settings import Settings
from dashboard.text import Text

_NAME: Final = Text("GitLab", "GitLab")
_PREFIX: Final = "VIGIE_"
_LONGEST_LINK: Final = 500
_PART: Final = r"(?!\.+(/|$))[\w.-]+"
"""A part of a project's path; dots alone lead elsewhere."""

_WHY: Final = {
    400: Text(
        "it cannot start the pipeline: see that retrain.ref is a branch or tag whose pipelines take triggers",
        "il ne peut pas lancer le pipeline\u00a0: vérifiez que retrain.ref est une branche ou une étiquette dont les "
        "pipelines acceptent les déclencheurs",
    ),
    401: Text("it does not accept VIGIE_GITLAB_TOKEN", "il refuse VIGIE_GITLAB_TOKEN"),
    403: Text(
        "whoever made VIGIE_GITLAB_TOKEN may not start a pipeline there",
        "le titulaire de VIGIE_GITLAB_TOKEN n\u2019a pas le droit d\u2019y lancer un pipeline",
    ),
    404: Text(
        "it knows no such project, or not this token for it: check retrain.project and VIGIE_GITLAB_TOKEN",
        "il ne connaît pas ce projet, ou pas ce jeton pour lui\u00a0: vérifiez retrain.project et VIGIE_GITLAB_TOKEN",
    ),
}


def ask(request: Request, settings: Settings, deadline: float) -> Reply:
    """Start the pipeline, its variables those of the entry's conf and VIGIE_MODEL_ID and the like."""
    values = request.entry.values
    variables = {name: _written(value) for name, value in request.entry.conf.items()}
    variables |= {f"{_PREFIX}{name.upper()}": " ".join(value.split()) for name, value in request.facts.items()}
    form = {"token": settings.gitlab_token, "ref": values["ref"]}
    form |= {f"variables[{name}]": value for name, value in variables.items()}
    answer = asked(
        f"{settings.gitlab_url.rstrip('/')}/api/v4/projects/{quote(values['project'], safe='')}/trigger/pipeline",
        urlencode(form, errors="replace").encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        settings,
        deadline,
        name=_NAME,
    )
    if isinstance(answer, Reply):
        return answer
    if answer.status in (200, 201):
        return Reply("asked", facts=_facts(answer, settings))
    return reply_to(answer, _NAME, _WHY)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facts(answer: Answer, settings: Settings) -> dict[str, str]:
    """The pipeline's number and page, where the answer names them as GitLab does."""
    body = json_object(answer.body)
    number, link = body.get("id"), body.get("web_url")
    found = {"pipeline": str(number)} if type(number) is int else {}
    here = settings.gitlab_url.rstrip("/") + "/"
    if (
        isinstance(link, str)
        and link.startswith(here)
        and settings.gitlab_token not in link
        and len(link) <= _LONGEST_LINK
        and re.fullmatch(r"[\w./:%-]+", link)
    ):
        found["link"] = link
    return found


def _refuses(name: str, value: Any) -> str:
    """Why a pipeline takes no variable of this name and value; '' where it does."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return "a pipeline's variable has a name of letters, digits and _."
    if name.upper().startswith(_PREFIX):
        return f"names that begin with {_PREFIX} are Vigie's own: take another."
    return "" if isinstance(value, str | int | float) else "a pipeline's variable is text, a number, true or false."


TARGET: Final = Target(
    key="gitlab",
    name=_NAME,
    meaning=Text(
        "Starts a pipeline of GitLab with a trigger token; its variables are those of the entry's conf and "
        "VIGIE_MODEL_ID, VIGIE_MODEL_VERSION, VIGIE_SINCE, VIGIE_REQUEST_ID, VIGIE_REASON and VIGIE_URL.",
        "Lance un pipeline de GitLab avec un jeton de déclenchement\u00a0; ses variables sont celles de la conf de "
        "l\u2019entrée et VIGIE_MODEL_ID, VIGIE_MODEL_VERSION, VIGIE_SINCE, VIGIE_REQUEST_ID, VIGIE_REASON et "
        "VIGIE_URL.",
    ),
    needs=("gitlab_url", "gitlab_token"),
    keys=(
        TargetKey(
            "project",
            rf"\d{{1,19}}|{_PART}(/{_PART})+",
            "the project's number, or its path as group/project, in quotes",
        ),
        TargetKey("ref", r"[^\s~^:?*\[\\]{1,255}", "a branch or a tag"),
    ),
    repeatable=False,
    repeats=Text(
        "GitLab starts a second pipeline for a second request, and a trigger token cannot look for the first. So where "
        "nobody knows whether a request arrived, none is sent again until somebody has looked and approved it.",
        "GitLab lance un second pipeline pour une seconde demande, et un jeton de déclenchement ne permet pas de "
        "chercher le premier. Si l\u2019on ignore si une demande est arrivée, rien n\u2019est renvoyé avant que "
        "quelqu\u2019un ait vérifié et approuvé.",
    ),
    ask=ask,
    refuses=_refuses,
)
