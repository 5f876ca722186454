"""Real data through the command line, held to published numbers: the whole way from files to colours."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from tests.commands import vigie
from tests.test_published_performance import CARLOAN

DATA = Path(__file__).parent / "data"

DRIFTING = {"car_value", "loan_length", "repaid_loan_on_prev_car", "y_pred_proba"}
"""Their PSI is above .25 from chunk 5 on; salary_range is near .25, and the others never move."""

CALM = {"debt_to_income_ratio", "driver_tenure", "size_of_downpayment"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both real models delivered and evaluated, the car loans from CSV, the flights from Parquet."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_WAREHOUSE", str(folder / "warehouse"))
        _deliver_carloan(folder)
        _deliver_flights(folder)
        vigie("evaluate", "--as-of", "2019-08-15")
        vigie("check", "--warehouse")
    return folder / "warehouse"


def _deliver_carloan(folder: Path) -> None:
    entry = folder / "carloan.toml"
    entry.write_text('model_id = "carloan"\ntask = "binary"\ncadence = "P30D"\noutcome_window_days = 10\n')
    for name in ("reference", "analysis"):
        pa_csv.write_csv(pq.read_table(DATA / "carloan" / f"{name}.parquet"), folder / f"{name}.csv")
    vigie("register", entry)
    vigie(
        *("reference", "carloan", "v1", folder / "reference.csv"),
        *("--score", "y_pred_proba", "--outcome", "repaid", "--date", "timestamp", "--threshold", "0.65"),
    )
    vigie(
        *("history", "carloan", "v1", folder / "analysis.csv", "--date", "timestamp", "--every", "5000"),
        *("--id", "id", "--score", "y_pred_proba"),
    )
    outcomes = DATA / "carloan" / "analysis_outcomes.parquet"
    vigie("outcomes", "carloan", outcomes, "--id", "id", "--outcome", "repaid")


def _deliver_flights(folder: Path) -> None:
    entry = folder / "flights.toml"
    entry.write_text('model_id = "flights"\ntask = "binary"\ncadence = "P1M"\noutcome_window_days = 1\n')
    year = pq.read_table(DATA / "flights" / "flights_2013.parquet")
    months = pa.array([day.isoformat()[:7] for day in year.column("date").to_pylist()])
    training = year.filter(pa.compute.less(months, "2013-04"))
    pq.write_table(training, folder / "training.parquet")
    vigie("register", entry)
    vigie("reference", "flights", "v1", folder / "training.parquet", "--score", "p", "--outcome", "y", "--date", "date")
    vigie(
        *("history", "flights", "v1", DATA / "flights" / "flights_2013.parquet", "--date", "date"),
        *("--every", "month", "--score", "p", "--outcome", "y"),
    )


@pytest.fixture
def measures(warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(warehouse))
    frames = []
    for model in ("carloan", "flights"):
        (tmp_path / "measures.csv").write_text(vigie("measures", model).stdout)
        frames.append(pd.read_csv(tmp_path / "measures.csv").assign(model=model))
    return pd.concat(frames)


def of(measures: pd.DataFrame, model: str, metric: str) -> pd.DataFrame:
    """One metric of a model, the batches numbered from 0 and named by month."""
    found = measures[(measures["model"] == model) & (measures["metric"] == metric)]
    dates = {date: place for place, date in enumerate(sorted(found["batch_date"].unique()))}
    return found.assign(chunk=found["batch_date"].map(dates), period=found["batch_date"].str[:7])


def test_auc_of_every_car_loan_chunk(measures: pd.DataFrame) -> None:
    expected = pd.read_csv(DATA / "carloan" / "expected_measures_by_chunk.csv").query("period == 'analysis'")
    found = of(measures, "carloan", "auc").merge(expected, on="chunk")
    assert len(found) == 10
    assert (found["value"] - found["roc_auc"]).abs().max() < 1e-6


REALISED = {key: column for key, column in CARLOAN.items() if key not in ("auc", "auc_error", "by_width")}


@pytest.mark.parametrize("metric", REALISED)
def test_realised_performance_of_every_car_loan_chunk(measures: pd.DataFrame, metric: str) -> None:
    """All of it the whole way; test_published_performance.py has more of each from the rows themselves."""
    expected = pd.read_csv(DATA / "carloan" / "expected_measures_by_chunk.csv").query("period == 'analysis'")
    # What is also published under the metric's name would be taken for it.
    published = expected[["chunk"]].assign(published=expected[REALISED[metric]])
    found = of(measures, "carloan", metric).merge(published, on="chunk")
    assert len(found) == 10
    assert (found["value"] - found["published"]).abs().max() < 1e-6
    assert (found["low"] < found["value"]).all()
    assert (found["value"] < found["high"]).all()


def test_psi_of_every_car_loan_chunk_and_variable(measures: pd.DataFrame) -> None:
    expected = pd.read_csv(DATA / "carloan" / "expected_drift_by_chunk.csv").query("period == 'analysis'")
    found = of(measures, "carloan", "psi").merge(expected, left_on=["chunk", "subject"], right_on=["chunk", "feature"])
    assert len(found) == 90
    assert (found["value"] - found["psi10"]).abs().max() < 0.002


def test_the_drifting_variables_are_red_from_chunk_five_and_nothing_before(measures: pd.DataFrame) -> None:
    shown = of(measures, "carloan", "drift")
    late, early = shown[shown["chunk"] >= 5], shown[shown["chunk"] < 5]
    assert set(early["value"]) == {0.0}
    assert set(late[late["subject"].isin(DRIFTING)]["value"]) == {2.0}
    assert set(late[late["subject"].isin(CALM)]["value"]) == {0.0}


def test_psi_of_every_month_of_flights(measures: pd.DataFrame) -> None:
    expected = pd.read_csv(DATA / "flights" / "expected_psi_by_month.csv").query("feature != 'dest'")
    found = of(measures, "flights", "psi").merge(
        expected, left_on=["period", "subject"], right_on=["period", "feature"]
    )
    assert len(found) == len(expected) == 120
    assert (found["value"] - found["psi_laplace"]).abs().max() < 0.002


def drift_of(model: str, batch: str) -> pd.DataFrame:
    """Every drift measure of a batch against training, one row a variable."""
    printed = vigie("measures", model, "--batch", batch, "--all", "--against", "training").stdout
    rows = pd.read_csv(StringIO(printed))
    return rows[rows["bin"].isna()].pivot_table(index="subject", columns="metric", values="value", dropna=False)


def test_every_drift_measure_of_a_month_of_flights(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bins made from the rows, counts and all: what the table has in columns of its own."""
    monkeypatch.setenv("VIGIE_WAREHOUSE", str(warehouse))
    expected = pd.read_csv(DATA / "flights" / "expected_psi_by_month.csv")
    expected = expected.query("period == '2013-07' and feature != 'dest'").set_index("feature")
    found = drift_of("flights", "2013-07").loc[expected.index]
    columns = {"psi": "psi_laplace", "psi_noise": "psi_null_mean", "psi_debiased": "psi_debiased"}
    columns |= {"psi_p_value": "psi_p", "js_distance": "js_distance_b2", "l_infinity": "linf"}
    columns |= {"chi_square": "chi2", "chi_square_p_value": "chi2_p", "bins_in_use": "bins_nonempty"}
    for metric, column in columns.items():
        assert found[metric].to_numpy() == pytest.approx(expected[column].to_numpy(), rel=1e-6, abs=1e-8), metric
    assert ((found["changed"] == 1) == (expected["psi_p"] < 0.01)).all()


def test_the_categorical_drift_of_a_car_loan_chunk(measures: pd.DataFrame) -> None:
    """Levels need no bins, so that the documented numbers are those of the product."""
    batches = of(measures, "carloan", "psi").groupby("chunk")["batch_id"].first()
    expected = pd.read_csv(DATA / "carloan" / "expected_drift_by_chunk.csv").query("period == 'analysis'")
    for chunk in (2, 6):
        names = ["repaid_loan_on_prev_car", "salary_range", "size_of_downpayment"]
        rows = expected[expected["chunk"] == chunk].set_index("feature").loc[names]
        found = drift_of("carloan", batches[chunk]).loc[names]
        assert found["js_distance"].to_numpy() == pytest.approx(rows["js_doc"].to_numpy(), abs=2e-6)
        assert found["chi_square"].to_numpy() == pytest.approx(rows["chi2"].to_numpy(), rel=1e-6)
        # Of a variable with two levels the documentation has Yates' correction.
        assert found["chi_square"]["salary_range"] == pytest.approx(rows["chi2_doc"]["salary_range"], rel=1e-5)


def test_auc_and_interval_of_every_month_of_flights(measures: pd.DataFrame) -> None:
    expected = pd.read_csv(DATA / "flights" / "expected_performance_by_month.csv")
    found = of(measures, "flights", "auc").merge(expected, on="period")
    assert len(found) == 12
    assert (found["value"] - found["auc"]).abs().max() < 1e-6
    assert (found["low"] - found["auc_lo95_logit"]).abs().max() < 1e-6
    assert (found["high"] - found["auc_hi95_logit"]).abs().max() < 1e-6
    assert (found["n_x"] == found["n_labelled"]).all()
