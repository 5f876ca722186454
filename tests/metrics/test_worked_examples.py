"""Every published worked example, through the product's own functions, at the precision it was printed with."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from scipy.stats import norm

from dashboard.metrics.chi_square import chi_square
from dashboard.metrics.chi_square_p_value import chi_square_tail
from dashboard.metrics.js_distance import js_distance
from dashboard.metrics.ks import ks
from dashboard.metrics.l_infinity import l_infinity
from dashboard.metrics.psi import bins_in_use, psi
from dashboard.metrics.psi_noise import critical
from dashboard.metrics.wasserstein import Values, wasserstein
from dashboard.performance.truth_counts import ScoreCounts, residuals
from qod.bins import freeze_numeric
from qod.counting import count_numeric

EXAMPLES: Final = json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text("utf-8"))

Input = Mapping[str, Any]
Counts = np.ndarray[Any, np.dtype[np.int64]]

MANY: Final = 10**12
"""Rows that make counts of published shares."""


def whole(shares: Any) -> Counts:
    return np.rint(np.asarray(shares) * MANY).astype(np.int64)


def letters(given: Input) -> tuple[Counts, Counts]:
    sides = [Counter(given[side]) for side in ("ref", "cur")]
    levels = sorted(sides[0] | sides[1])
    first, second = (np.array([side[level] for level in levels]) for side in sides)
    return first, second


def both(given: Input, names: tuple[str, str] = ("ref", "cur")) -> tuple[Counts, Counts]:
    return np.array(given[names[0]]), np.array(given[names[1]])


def shifted(given: Input) -> float:
    """The PSI of deciles of a normal variable whose mean moves."""
    cuts = norm.ppf(np.arange(11) / 10)
    return float(psi(whole(np.full(10, 0.1)), whole(np.diff(norm.cdf(cuts - given["d"]))), pseudo_count=0))


def critical_value(given: Input) -> float:
    return float(critical(np.array(1 / given["n"] + 1 / given["m"]), np.array(given["B"]), given["alpha"]))


def tail(given: Input) -> float:
    first, second = both(given)
    return float(chi_square_tail(chi_square(first, second), bins_in_use(first, second)))


def kolmogorov_statistic(given: Input) -> float:
    first, second = both(given)
    n, m = first.sum(), second.sum()
    return float(ks(first, second)) * math.sqrt(n * m / (n + m))


def levels_drawn(_: Input) -> float:
    random = np.random.RandomState(1)
    sides = {"ref": random.choice(list("abcd"), 10_000), "cur": random.choice(list("abce"), 1000)}
    return float(js_distance(*letters(sides)))


def normals_drawn(_: Input) -> float:
    random = np.random.RandomState(1)
    training, batch = random.normal(0, 1, 10_000), random.normal(0, 1, 1000)
    edges = np.histogram_bin_edges(training, bins="doane")
    edges[0], edges[-1] = -np.inf, np.inf
    return float(js_distance(*(np.histogram(rows, edges)[0] for rows in (training, batch))))


def distance(training: Any, batch: Any) -> float:
    """The product's distance is in standard deviations of the training; the published ones are in the rows' unit."""
    bins = freeze_numeric(np.asarray(training, float))
    found = [count_numeric(np.asarray(rows, float), bins) for rows in (training, batch)]
    one, other = (Values(f.counts[0, :-1], f.mean[0], f.low[0], f.high[0], f.quantiles[0]) for f in found)
    return float(wasserstein(np.array(bins.edges), found[0].sd[0], one, other) * found[0].sd[0])


def moved_normals(_: Input) -> float:
    random = np.random.RandomState(1)
    return distance(random.normal(0, 1, 10_000), random.normal(1, 1, 1000))


def performance(name: str, counts: Callable[[Input], Any]) -> Callable[[Input], float]:
    """A measure of performance; the rows stand ten times in it, as there is no value for fewer than ten."""

    def value(given: Input) -> float:
        found = getattr(import_module(f"dashboard.metrics.{name}"), name)(counts(given)).value
        return math.nan if found is None else float(found)

    return value


def scored(score: str, *, truth: str = "y", positive: Any = 1) -> Callable[[Input], ScoreCounts]:
    def counts(given: Input) -> ScoreCounts:
        true = 10 * np.array([outcome == positive for outcome in given[truth]], np.int64)
        return ScoreCounts(np.array(given[score], float), true, 10 - true)

    return counts


def predicted(given: Input) -> Any:
    return residuals(np.array(given["p"], float), np.array(given["y"], float), np.full(len(given["y"]), 10))


ASSERTED: Final[dict[str, Callable[[Input], float]]] = {
    "psi_kascore": lambda given: float(psi(*both(given, ("ref_counts", "cur_counts")), pseudo_count=0)),
    "psi_exact_same": lambda given: float(psi(whole(given["ref"]), whole(given["cur"]), pseudo_count=0)),
    "psi_strappy_x": lambda _: float(psi(np.array([6, 5]), np.array([5, 4]), pseudo_count=0)),
    "chi2_homog_same": tail,
    "chi2_popmon": lambda given: float(chi_square(*both(given))),
    "chi2_popmon_p": tail,
    "ks_popmon": kolmogorov_statistic,
    "linf_nml_new": lambda given: float(l_infinity(*letters(given))),
    "linf_nml_same": lambda given: float(l_infinity(*letters(given))),
    "linf_nml_total": lambda given: float(l_infinity(*letters(given))),
    "js_nml_cat": levels_drawn,
    "js_nml_cont": normals_drawn,
    "js_scipy_1": lambda given: float(js_distance(*both(given, ("p", "q")))),
    "js_scipy_2": lambda given: float(js_distance(whole(given["p"]), whole(given["q"]))) * math.sqrt(math.log(2)),
    "wass_nml": moved_normals,
    "wass_scipy_1": lambda given: distance(given["u"], given["v"]),
    "wass_scipy_2": lambda given: distance(np.repeat(given["u"], given["uw"]), np.repeat(given["v"], given["vw"])),
    **dict.fromkeys(("psi_crit_200_50000", "psi_crit_1000_1000", "psi_crit_10000_50000"), critical_value),
    **dict.fromkeys(("psi_shift_0.1", "psi_shift_0.25", "psi_shift_0.5", "psi_shift_1.0"), shifted),
    # The measures of performance.
    "sk_auc": performance("auc", scored("s")),
    "sk_ap": performance("average_precision", scored("s")),
    "sk_brier": performance("brier", scored("p")),
    "sk_logloss": performance("log_loss", scored("p_spam", positive="spam")),
    "sk_mse": lambda given: performance("rmse", predicted)(given) ** 2,
    "sk_rmse": performance("rmse", predicted),
    "sk_mae": performance("mae", predicted),
    "sk_r2": performance("r2", predicted),
    "sk_mape": performance("mape", predicted),
    "mlx_lift": performance("lift", scored("pred")),
    **dict.fromkeys(
        ("flights_hour_2013-01", "flights_hour_2013-06", "flights_carrier_2013-07"),
        lambda given: float(psi(*both(given, ("ref_counts", "cur_counts")))),
    ),
}
"""What an example's input gives here, by the example's name."""

LACKING: Final = {
    "psi_popmon": "adds 1e-5 to each share and does not renormalise; the product adds 0.5 to each count",
    "kl_popmon_1": "the product has no one-sided divergence",
    "kl_popmon_2": "the product has no one-sided divergence",
    "chi2_gof_evidently": "takes the training rows for certain; the product tests two samples",
    "hellinger_evidently": "the product has no Hellinger distance; the Jensen-Shannon distance says the same",
    "hell_nml_cat": "the product has no Hellinger distance; the Jensen-Shannon distance says the same",
    "gtest_evidently": "the product tests with chi-square",
    "ksprob_popmon": "the product gives no p-value of KS on bins, which is too large",
    "tm_ece": "bins of equal width; the product's hold equally many rows",
    "tm_mce": "the product has no largest calibration error",
    "tm_rmsce": "the product has no root mean squared calibration error",
}
"""The examples of measures that the product does not have, and why."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_a_published_example(example: dict[str, Any]) -> None:
    name = example["id"]
    assert (name in ASSERTED) != (name in LACKING), f"{name} stands in one of the two tables"
    if name in ASSERTED:
        assert ASSERTED[name](example["input"]) == pytest.approx(example["expected"], abs=example["tol"])


def test_every_entry_is_an_example() -> None:
    assert ASSERTED.keys() | LACKING.keys() == {example["id"] for example in EXAMPLES}
