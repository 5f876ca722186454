"""The predictions page: the score over time and its batch on screen, or how to bring scores."""

from __future__ import annotations

import pytest

from tests.web.asking import Asker, of_class, of_kind, text
from tests.web.parts import beneath, figure, link_of, page, table_rows

PREDICTIONS = "/models/moving/predictions"


@pytest.mark.parametrize("query", ["", "?of=class", "?lang=fr&of=class&mode=change&order=change&last=0"])
def test_the_score_and_its_class_have_the_cards_of_a_variable(moving_pages: Asker, query: str) -> None:
    body = page(moving_pages, PREDICTIONS + query)
    for key in ("said", "history", "batch"):
        assert figure(body, key)["data"]
    (current,) = [link for link in of_kind(of_class(body, "tabs"), "A") if link["props"].get("aria-current")]
    assert text(current) in ("Predictions", "Prédictions")
    assert "Inputs" not in text(of_class(body, "breadcrumbs"))


def test_mean_score_share_predicted_positive_and_rows_stand_beside_training(moving_pages: Asker) -> None:
    body = page(moving_pages, PREDICTIONS)
    said = beneath(body, "said")
    assert said["columns"][1:] == ["Mean of score", "Share of rows at .50 or above", "Rows of each batch"]
    _, mean, share, rows = said["rows"][-1]
    assert rows == 400
    assert 0.4 < mean < 0.6
    facts = {row[0]: row[-1] for row in table_rows(body, "variable-facts")}
    assert float(facts["Mean"]) == pytest.approx(mean, abs=0.001)
    # The class by itself counts the same rows as positive.
    of_class_page = beneath(page(moving_pages, f"{PREDICTIONS}?of=class&mode=counts"), "history")
    positive = of_class_page["columns"].index("positive")
    assert of_class_page["rows"][-1][positive] / rows == pytest.approx(share)
    lead = text(of_class(body, "lead")).replace("\u00a0", " ")
    assert "Mean of score: 0." in lead
    assert "at training." in lead


def test_training_is_a_dotted_level_in_the_figure(moving_pages: Asker) -> None:
    shapes = figure(page(moving_pages, PREDICTIONS), "said")["layout"]["shapes"]
    levels = [shape for shape in shapes if shape.get("xref") == "x domain"]
    assert len(levels) == 2
    assert 0.4 < levels[0]["y0"] < 0.6


def test_controls_keep_what_is_looked_at(moving_pages: Asker) -> None:
    body = page(moving_pages, f"{PREDICTIONS}?of=class&batch=2026-11-10")
    assert link_of(body, "change") == f"{PREDICTIONS}?of=class&batch=2026-11-10&mode=change"
    assert link_of(body, "Score") == f"{PREDICTIONS}?batch=2026-11-10"


def test_a_model_without_scores_learns_how_to_deliver_them(changing_pages: Asker) -> None:
    body = page(changing_pages, "/models/changing/predictions")
    assert "No scores were delivered." in text(body)
    assert "vigie reference changing v2 training.parquet --score SCORE" in text(body)
    assert "vigie batch changing v2 DATE batch.parquet --score SCORE" in text(body)


def test_a_model_without_training_rows_learns_that_first(moving_pages: Asker) -> None:
    assert "vigie reference bare VERSION" in text(page(moving_pages, "/models/bare/predictions"))
