"""A case: one model that is red, and everything that a guard may look at before it is trained anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.alert_policy import AlertPolicy
from dashboard.events import Event
from dashboard.finding import Finding
from dashboard.incidents import Incident
from dashboard.retrain.course import Course
from dashboard.world import Model


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was read of a model's history; None where it is not known.

    ``reds`` are the red batches in a row, the newest last; ``trained`` is the day on which the version of the newest
    batch was trained, and ``rows`` how many rows of later days have a known truth, once they ``are_counted``.
    ``newest`` is the newest version and ``newest_on`` the day of it: the last of those on which it was trained and went
    into use.
    """

    reds: int | None = None
    trained: date | None = None
    rows: int | None = None
    newest: str | None = None
    newest_on: date | None = None
    are_counted: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """``since`` is the first day of the red run, ``today`` the day of the decision, UTC.

    ``broken`` are the amber and red findings of data quality on the newest batch and its inputs, ``breaks`` the
    incidents of broken data that the model is part of. ``events`` are the model's, oldest first: about retraining, and
    of new versions on trial. ``course`` is what became of the request about this red run so far.
    """

    model: Model
    since: date
    today: date
    request_id: str
    numbers: Numbers
    broken: tuple[Finding, ...]
    breaks: tuple[Incident, ...]
    events: tuple[Event, ...]
    course: Course

    @property
    def policy(self) -> AlertPolicy:
        """The model's own."""
        return self.model.policy
