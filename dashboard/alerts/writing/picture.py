"""The picture of a message, with the words around it; a message without one is better than none."""

from __future__ import annotations

import logging
from typing import Final

from dashboard.alerts.writing.content import Picture
from dashboard.alerts.writing.course import Course, Reading, course_of
from dashboard.finding import Finding
from dashboard.format import name as named
from dashboard.links import WHOLE
from dashboard.say import say
from dashboard.text import Language, Text

_LOG: Final = logging.getLogger(__name__)
_FILE: Final = "course.png"

_CAPTION: Final = Text(
    "{subject}. {what}, {first:date} to {last:date}.", "{subject}. {what}, du {first:date} au {last:date}."
)
_OF_MODEL: Final = Text("{what}, {first:date} to {last:date}.", "{what}, du {first:date} au {last:date}.")
_MEASURED: Final = Text("{caption} In the last batch {value}.", "{caption} Dans le dernier lot : {value}.")
_DASHED: Final = Text(
    "{caption} Dashed: where amber and red begin.", "{caption} En tirets : où commencent l'orange et le rouge."
)
_LIMITS: Final = Text(" Amber from {amber}, red from {red}.", " Orange dès {amber}, rouge dès {red}.")


def picture(reading: Reading | None, finding: Finding, language: Language, *, model: str = "") -> Picture | None:
    """The course of what ``finding`` is about; None where there is none, or where it cannot be read or drawn.

    ``model`` is the name of its model, where the message is about several.
    """
    if reading is None or finding.family == "freshness":
        return None
    try:
        # Pillow is loaded by the messages that have a picture, and by nothing else.
        from dashboard.alerts.writing.figure import HEIGHT, WIDTH, figure

        course = course_of(reading, finding)
        if course is None:
            return None
        caption = _caption(course, finding, model)
        alt, shown = _alt(course, caption)[language], caption[language]
        if course.amber is not None and course.red is not None:
            shown = say(_DASHED, {"caption": caption}, near=finding.batch_date)[language]
        return Picture(_FILE, figure(course, language), alt, shown, WIDTH, HEIGHT)
    except Exception as error:  # whatever it is, the message matters more
        _LOG.warning("The figure of a message could not be drawn: %s.", type(error).__name__)
        return None


def _caption(course: Course, finding: Finding, model: str) -> Text:
    of_variable = bool(course.values) and finding.subject not in WHOLE
    values = {
        "subject": ", ".join(named(name) for name in (model, finding.subject if of_variable else "") if name),
        "what": course.what,
        "first": course.days[0],
        "last": course.days[-1],
    }
    return say(_CAPTION if values["subject"] else _OF_MODEL, values, near=finding.batch_date)


def _alt(course: Course, caption: Text) -> Text:
    """What the picture shows, for whoever does not see it."""
    near, last = course.days[-1], course.values[-1] if course.values else None
    if last is None:
        return caption

    def number(value: float) -> Text:
        return say(Text(f"{{value:{course.unit}}}", f"{{value:{course.unit}}}"), {"value": value}, near=near)

    text = say(_MEASURED, {"caption": caption, "value": number(last)}, near=near)
    if course.amber is None or course.red is None:
        return text
    limits = say(_LIMITS, {"amber": number(course.amber), "red": number(course.red)}, near=near)
    return Text(text.en + limits.en, text.fr + limits.fr)
