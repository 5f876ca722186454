"""The projection that is frozen at training, and the reconstruction error of rows, against scikit-learn's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from qod import projection
from qod.bins import Floats
from qod.projection import Projection, fit, reconstruction_errors


def related(n: int, p: int, *, seed: int, missing: float = 0.0) -> Floats:
    """Rows (p, n) of variables that go together, of very different sizes."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(p, 4)) @ random.normal(size=(4, n)) + random.normal(size=(p, n))
    values = values * 10.0 ** random.integers(-3, 6, (p, 1)) + random.normal(size=(p, 1)) * 100
    return np.where(random.random((p, n)) < missing, np.nan, values)


def names(p: int) -> list[str]:
    return [f"x{place}" for place in range(p)]


def errors(found: Projection, values: Floats) -> Floats:
    rows = dict(zip(names(len(values)), values, strict=True))
    return reconstruction_errors(found, values.shape[1], rows.__getitem__)


def fitted(values: Floats) -> Projection:
    found = fit(names(len(values)), values)
    assert found is not None
    return found


@pytest.mark.parametrize(("p", "missing"), [(3, 0.0), (7, 0.1), (25, 0.1), (60, 0.02)])
def test_errors_are_those_of_scikit_learn(p: int, missing: float) -> None:
    training, batch = np.split(related(800, p, seed=p, missing=missing), [500], axis=1)
    fill, scale, pca = SimpleImputer(), StandardScaler(), PCA(0.65)
    pca.fit(scale.fit_transform(fill.fit_transform(training.T)))
    z = scale.transform(fill.transform(batch.T))
    if pca.n_components_ > 20:
        pca = PCA(20).fit(scale.transform(fill.transform(training.T)))
    away: Any = z - pca.inverse_transform(pca.transform(z))
    found = fitted(training)
    assert len(found.components) == pca.n_components_
    assert np.allclose(np.abs(np.asarray(found.components)), np.abs(pca.components_), atol=1e-8)
    assert np.abs(errors(found, batch) - np.linalg.norm(away, axis=1)).max() < 1e-5


def test_components_are_20_at_most_and_explain_65_percent_else() -> None:
    random = np.random.default_rng(0)
    assert len(fitted(random.normal(size=(60, 900))).components) == 20
    few = fitted(related(900, 10, seed=3))
    shares = PCA().fit(StandardScaler().fit_transform(related(900, 10, seed=3).T)).explained_variance_ratio_
    assert shares[: len(few.components)].sum() >= 0.65 > shares[: len(few.components) - 1].sum()


def test_variables_that_do_not_vary_are_left_out_and_two_are_too_few() -> None:
    values = related(200, 6, seed=1)
    values[1], values[3], values[4, 1:] = 7.0, np.nan, np.nan
    assert fitted(values).variables == ("x0", "x2", "x5")
    values[0] = 1e300 * np.sign(values[0])
    assert fit(names(6), values) is None


def test_the_signs_of_the_components_do_not_depend_on_the_machine() -> None:
    for weights in np.asarray(fitted(related(300, 8, seed=5)).components):
        assert weights[np.abs(weights).argmax()] > 0


def test_the_error_sees_what_no_variable_alone_shows() -> None:
    random = np.random.default_rng(2)
    shared = random.normal(size=2_000)
    values = np.stack([shared, shared, shared]) + 0.2 * random.normal(size=(3, 2_000))
    found = fitted(values)
    torn = np.stack([row[random.permutation(2_000)] for row in values])
    assert np.median(errors(found, torn)) > 4 * np.median(errors(found, values))


def test_whatever_a_row_holds_has_an_error() -> None:
    found = fitted(related(500, 5, seed=4))
    huge = np.array([[np.nan, np.inf, -np.inf, 1.7e308, -1.7e308]] * 5)
    given = errors(found, huge)
    assert given[:3].tolist() == [0.0, 0.0, 0.0]  # missing and infinite values stand for the mean
    assert given[3] == given[4]
    assert 500 < given[3] < np.inf


def test_a_rows_error_is_its_own_whatever_stands_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fitted(related(500, 30, seed=6))
    batch = related(5_000, 30, seed=7, missing=0.1)
    whole = errors(found, batch)
    order = np.random.default_rng(8).permutation(5_000)
    assert (errors(found, batch[:, order]) == whole[order]).all()
    parts = np.split(batch, [1, 700, 4_099], axis=1)
    assert (np.concatenate([errors(found, part) for part in parts]) == whole).all()
    monkeypatch.setattr(projection, "MOST_AT_ONCE", 999)
    assert (errors(found, batch) == whole).all()


def test_variables_that_are_one_leave_no_error() -> None:
    x = np.random.default_rng(9).normal(50, 3, 400)
    found = fitted(np.stack([x, -2 * x, x / 3 + 1]))
    assert set(errors(found, np.stack([x, -2 * x, x / 3 + 1])).tolist()) == {0.0}
