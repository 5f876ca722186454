"""Numbers and their words in both languages."""

from __future__ import annotations

import pytest

from dashboard.plural import rows_word


@pytest.mark.parametrize(
    ("number", "en", "fr"), [(0, "rows", "ligne"), (1, "row", "ligne"), (2, "rows", "lignes"), (2000, "rows", "lignes")]
)
def test_words_after_a_number(number: int, en: str, fr: str) -> None:
    assert (rows_word(number).en, rows_word(number).fr) == (en, fr)
