"""A simulated model: who owns it, what it predicts, from which variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Task = Literal["binary", "multiclass", "regression"]
Cadence = Literal["P1D", "P7D", "P1M"]
Cohort = Literal["batch", "week", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoModel:
    """One simulated model.

    ``variables`` stand in order of importance; one written ``-name`` lowers the score. ``rate`` is the share of
    positives (binary) or the mean outcome (regression); ``spread`` the standard deviation of the score's logit (binary,
    multiclass) or of the predicted values over their mean (regression): the larger, the better the model.
    ``rows`` is the usual size of a batch. ``retrained`` is how many days ago the second version went into use.
    ``youngest`` cuts the history of a model that has been in use for fewer days than the others.
    """

    model_id: str
    name: str
    description: str
    team: str
    owner: str
    variables: str
    entity: str
    rows: int
    rate: float
    spread: float = 1.15
    task: Task = "binary"
    cadence: Cadence = "P1D"
    cohort: Cohort = "month"
    outcome_window_days: int = 30
    segments: tuple[str, ...] = ("consumer", "business")
    classes: tuple[str, ...] = ()
    retrained: int | None = None
    youngest: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The variables' names, most important first."""
        return tuple(name.lstrip("-") for name in self.variables.split())
