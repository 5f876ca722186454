"""A request over HTTP to whoever trains, and its answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.outbound import Answer, OutboundError, hosts_of, post
from dashboard.retrain.target import Reply
from dashboard.settings import Settings
from dashboard.text import Language, Text

_NOT_REACHED = Text(
    "{name} was not reached, so nothing was asked: {reason}",
    "{name} n\u2019a pas été joint et rien n\u2019a été demandé\u00a0; détail technique\u00a0: «\u00a0{reason}\u00a0»",
)
_NO_ANSWER = Text(
    "{name} gave no answer, and may have the request all the same: {reason}",
    "{name} n\u2019a pas répondu et a peut-être la demande malgré tout\u00a0; détail technique\u00a0: "
    "«\u00a0{reason}\u00a0»",
)
_REDIRECT: Final = Text(
    "it answers with a redirect, and none is followed: set the address it leads to",
    "il renvoie ailleurs, ce qui n\u2019est pas suivi\u00a0: indiquez l\u2019adresse finale",
)
_WRONG: Final = Text("it does not take the request", "il n\u2019accepte pas la demande")
_BUSY: Final = Text("it takes no requests for now", "il n\u2019accepte rien pour le moment")
_STATUS = Text("{name} answers {status}: {why}.", "{name} répond {status}\u00a0: {why}.")
_BROKEN = Text(
    "{name} answers {status}: it failed within itself, and may have the request all the same.",
    "{name} répond {status}\u00a0: erreur interne, et il a peut-être la demande malgré tout.",
)


def asked(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    settings: Settings,
    deadline: float,
    *,
    name: Text,
) -> Answer | Reply:
    """What ``url`` answers, or, without an answer, the reply that says so; ``name`` is what the target is called."""
    try:
        return post(url, body, headers, private_hosts=hosts_of(settings.private_hosts), deadline=deadline)
    except OutboundError as error:
        template = _NO_ANSWER if error.sent else _NOT_REACHED
        return Reply("unknown" if error.sent else "refused", _filled(template, name, reason=error.reason), down=True)


def reply_to(answer: Answer, name: Text, known: Mapping[int, Text]) -> Reply:
    """The reply that an answer other than success makes; ``known`` says why, by status.

    What the other side says of itself is left out: it may hold anything.
    """
    status = answer.status
    if status >= 500 and status != 503:
        return Reply("unknown", _filled(_BROKEN, name, status=status))
    why = known.get(status) or (_REDIRECT if 300 <= status < 400 else _BUSY if status in (429, 503) else _WRONG)
    return Reply("refused", _filled(_STATUS, name, status=status, why=why))


def _filled(template: Text, name: Text, **values: object) -> Text:
    """The sentence with the target's name, and other texts, in its own language."""

    def of(language: Language) -> str:
        own = {key: value[language] if isinstance(value, Text) else value for key, value in values.items()}
        return template[language].format(name=name[language], **own)

    return Text(of("en"), of("fr"))
