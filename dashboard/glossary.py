"""docs/statistics.md, rendered from the metrics and rules: ``python -m dashboard.glossary > docs/statistics.md``."""

from __future__ import annotations

import sys
from typing import Final

from dashboard import metrics, rules
from dashboard.derived_variables import DERIVED, MEANING, DerivedVariable
from dashboard.evaluation import health
from dashboard.format import french
from dashboard.measured import FALSE_COLOURS, REAL_DAYS
from dashboard.metric import Metric
from dashboard.policy import KEYS
from dashboard.policy_key import Key
from dashboard.rule import FAMILIES, Rule
from dashboard.text import Language, Text

INTRODUCTION: Final = """\
# The statistics

What every number means, and which rule colours it. The glossary of the pages says the same, in English and French,
from the same declarations: `dashboard/metrics/` has one file a metric, `dashboard/rules/` one file a rule. This page
is made from them by `make docs`; a test fails when it is stale.

## What everything rests on

**Bins are frozen at training and kept as counts.** A numeric variable gets at most ten bins from the quantiles of its
training rows, with edges midway between values, and a bin of its own for a value that is very frequent; a categorical
one keeps its levels. Beside them stand guard bins: *missing* always, *other* and *unseen* for levels. A batch is
counted in the same bins. Counts add up, so that small batches can be judged together, and they carry the number of
rows, without which no difference can be told from chance.

**A change must be real, large enough, and lasting.** PSI measures how far a batch is from training. Part of it is
chance: with n training rows, m batch rows and B bins in use, c = 1/n + 1/m, a PSI without any drift has mean c (B -
1), and PSI / c follows a chi-square law with B - 1 degrees of freedom. So a PSI counts only above what chance exceeds
once in 200 batches, its size is judged with the noise taken off, and it takes a second batch to change a colour.
Small batches are judged together, and then the second must be a window that shares no batch with the first: windows
that overlap hold the same rows, and one unlucky batch would confirm itself.

**Overnight breaks are not drift.** Missing values, unseen and vanished levels, values out of range, changed types,
absent and frozen variables have rules of their own, under quality. When one arrives in a single batch the finding says
so, since that points to a break upstream; a slow change points to the world.

**Performance waits for the truth.** A cohort's measures count once its outcome window has passed and 95 % of its
outcomes are known; before that they are provisional, without a colour, because young cohorts look better than they
are.

**No data is grey, never green.** A number that does not exist (no rows, one bin, no baseline, too few positives) is
empty, and what rests on it is grey, with a sentence that says why.
"""

MEASURED: Final = f"""\
## What the drift rule was measured to do

By simulation, `python -m benchmarks.false_colours --models 1000`. "PSI above .10" colours whatever the number of rows,
"p-value alone" whatever the size of the change, with p-values held together over a batch (Benjamini and Hochberg, .01).

{FALSE_COLOURS}
On a year of real flights, `python -m benchmarks.flights_by_day`: weather and weekday are one for all rows of a day, so
that days differ by far more than chance. Of 90 training days, the floor is what they show themselves.

{REAL_DAYS}"""

_FAMILY_NAMES: Final = {
    "drift": "Drift",
    "quality": "Data quality",
    "performance": "Performance",
    "freshness": "Freshness",
}


def statistics_page() -> str:
    """The whole page in Markdown."""
    found = rules.load().values()
    parts = [
        INTRODUCTION,
        "## Metrics\n",
        "What `measures` holds, by the `metric` column.\n",
        *(_metric(metric) for metric in metrics.load().values()),
        "## Derived variables\n",
        f"{MEANING.en}\n",
        *(_derived(variable) for variable in DERIVED),
        "## Rules\n",
        f"**The colour of a model.** {health.MEANING.en}\n",
        "**Since when.** A finding's run of one colour begins with the first batch that has it; grey batches in "
        "between do not end it.\n",
    ]
    for family in FAMILIES:
        parts.append(f"### {_FAMILY_NAMES[family]}\n")
        parts += [_rule(rule) for rule in found if rule.family == family]
    parts += [MEASURED, _policy()]
    return "\n".join(parts)


def written(words: str | Text, language: Language = "en") -> str:
    """A formula, condition or source as ``language`` writes it; one without words is the same in both."""
    if isinstance(words, str):
        return words
    return french(words.fr) if language == "fr" else words.en


def _metric(metric: Metric) -> str:
    better = {"low": "Lower is better.", "high": "Higher is better.", None: "Neither way is better."}[metric.better]
    of = " and ".join(metric.subjects)
    return (
        f"### {metric.name.en}\n\n"
        f"`{metric.key}`, of a {of}. {metric.meaning.en} {better}\n\n"
        f"- Formula: {written(metric.formula)}\n- Example: {metric.example.en}\n- Source: {written(metric.source)}\n"
    )


def _derived(variable: DerivedVariable) -> str:
    return (
        f"### {variable.name.en}\n\n"
        f"`{variable.key}`. {variable.meaning.en}\n\n"
        f"- Formula: {written(variable.formula)}\n- Example: {variable.example.en}\n"
        f"- Source: {written(variable.source)}\n"
    )


def _rule(rule: Rule) -> str:
    return (
        f"#### {rule.name.en}\n\n"
        f"`{rule.key}`: {', '.join(rule.colours)}. {rule.meaning.en}\n\n"
        f"- Condition: {written(rule.condition)}\n- Example: {rule.example.en}\n- Source: {written(rule.source)}\n"
    )


def _policy() -> str:
    rows = "\n".join(f"| `{key.place}` | {key.default} | {_holds(key)} |" for key in KEYS)
    return (
        "## The policy\n\n"
        "Every threshold can be changed for the fleet, and by a model for itself; a rule can be switched off. The "
        "later of default, fleet and model wins, and for a variable what is said of it. "
        "[models.md](models.md#the-policy) says how it is written.\n\n"
        f"| key | default | means |\n|---|---|---|\n{rows}\n"
    )


def _holds(key: Key) -> str:
    return f"{key.meaning.en}{'; by variable too' if key.by_variable else ''}"


if __name__ == "__main__":
    sys.stdout.write(statistics_page())
