"""How the rise of a measure went: since when it stands, how it came, and whether it is still what it began as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dashboard.colour import AMBER, GREEN, RED, Codes
from dashboard.finding import Finding
from dashboard.judging.arrival import arrival
from dashboard.say import say
from dashboard.text import Text

Values = npt.NDArray[np.float64]

Course = dict[str, Any]
"""Plain JSON: ``onset``, the day the rise began, ``value_then`` and ``rise_then``; ``began`` and ``level``, how it came
then and how it came to its present level, each an arrival and its day; ``lowest``, the least of that level."""

MUCH: Final = 2.0
"""A rise above training this many times larger or smaller than another is told apart from it."""


def courses(
    dates: Sequence[date],
    names: Sequence[str],
    codes: Codes,
    value: Values,
    training: Values,
    *,
    first: int,
    kept: Mapping[str, Course],
    series: Callable[[int, int], Values] | None = None,
) -> tuple[dict[tuple[int, int], Course], list[dict[str, Course]]]:
    """How each rise of ``value`` (T, S) above ``training`` began and came to its level, of every entry whose colour is
    amber or red; and, as every batch from ``first`` on found them, those of the batches before.

    A rise lasts while the colour of ``codes`` (T, S) is either of the two; grey does not end it. It has a new level
    where it is more than twice the lowest since the level it had. What has arrived is told from ``series(t, s)`` (T,),
    the value itself if it is not given. ``kept`` is what the first of these batches found.
    """
    judged = len(codes) - first
    risen = (codes == AMBER) | (codes == RED)
    if not kept and not risen[first:].any():
        return {}, [{} for _ in range(judged)]
    usual = np.broadcast_to(training, value.shape)
    ended = (codes >= GREEN) & ~risen
    place = {name: s for s, name in enumerate(names)}
    running = {place[name]: course for name, course in kept.items()}
    told: dict[tuple[int, int], Course] = {}
    left: list[dict[str, Course]] = []
    for t in range(first, len(codes)):
        left.append({names[s]: course for s, course in sorted(running.items())})
        running = {s: course for s, course in running.items() if not ended[t, s]}
        for s in np.flatnonzero(risen[t]).tolist():
            now, course = float(value[t, s] - usual[t, s]), running.get(s)
            if course is None or now > MUCH * course["lowest"]:
                of = value[:, s] if series is None else series(t, s)
                how, at = arrival(of, t, usual=float(usual[t, s]))
                level = [how, dates[at].isoformat()]
                course = {**course, "level": level, "lowest": now} if course else {
                    "onset": dates[t].isoformat(),
                    "value_then": float(value[t, s]),
                    "rise_then": now,
                    "began": level,
                    "level": level,
                    "lowest": now,
                }  # fmt: skip
            elif now < course["lowest"]:
                course = {**course, "lowest": now}
            running[s] = told[t, s] = course
    return told, left


def course_facts(course: Course | None, rise: float) -> dict[str, Any]:
    """The facts of a finding whose rise went like that and stands at ``rise`` now; none where there is no course.

    ``course`` is grown, fallen or steady against what it began with, ``arrival`` sudden, gradual or first.
    """
    if course is None:
        return {}
    then = course["rise_then"]
    how = "grown" if rise > MUCH * then else "fallen" if rise * MUCH < then else "steady"
    arrived, day = course["level" if how == "grown" else "began"]
    return {
        "arrival": arrived,
        "arrived": day,
        "course": how,
        "onset": course["onset"],
        "value_then": course["value_then"],
    }


def course_step(finding: Finding) -> tuple[Text, ...]:
    """Since when a finding stands and how it arrived, as a step of its derivation; nothing where neither was kept."""
    facts, near = finding.facts, finding.batch_date
    if not facts.get("arrival"):
        return ()
    values = {"onset": finding.since, **facts, "since": finding.since, "colour": _COLOURS[finding.colour]}
    return say(_STANDS, values, near=near), say(_CAME[facts["arrival"]], values, near=near)


_COLOURS: Final = {"amber": Text("amber", "orange"), "red": Text("red", "rouge"), "note": Text("a note", "une note")}
_STANDS: Final = Text(
    "It began on {onset:date}, and has been {colour} since {since:date}.",
    "Le changement a commencé le {onset:date} ; la couleur est {colour} depuis le {since:date}.",
)
_CAME: Final = {
    "sudden": Text(
        "It came at once: on {arrived:date} one step between two batches made at least half of it, which points to a "
        "break upstream.",
        "Il est venu d'un coup : le {arrived:date}, un seul saut entre deux lots en a fait au moins la moitié, ce qui "
        "désigne une rupture en amont.",
    ),
    "gradual": Text(
        "It came little by little: no step between two batches made half of it, which points to the world and not to "
        "a break.",
        "Il est venu peu à peu : aucun saut entre deux lots n'en a fait la moitié, ce qui désigne le monde et non une "
        "rupture.",
    ),
    "first": Text(
        "The version's first batch already had it: what training read was different.",
        "Le premier lot de la version l'avait déjà : l'apprentissage lisait autre chose.",
    ),
}
