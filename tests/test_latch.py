"""The rise and fall of colours, sequence by sequence as worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.colour import AMBER, GREEN, GREY, NOTE, RED, run_starts
from dashboard.judging.latch import latched

LETTERS = {"g": GREEN, "a": AMBER, "r": RED, ".": GREY, "R": RED, "n": NOTE}


def shown(soft: str) -> str:
    """The shown colours of one subject; R is a red that shows at once."""
    codes = np.array([LETTERS[letter] for letter in soft], np.int8).reshape(-1, 1)
    once = np.array([letter == "R" for letter in soft], bool).reshape(-1, 1)
    names = {GREEN: "g", AMBER: "a", RED: "r", GREY: "."}
    return "".join(names[code] for code in latched(codes, once).shown[:, 0].tolist())


@pytest.mark.parametrize(
    ("soft", "expected"),
    [
        ("gagg", "gggg"),  # one amber alone never shows
        ("gaag", "ggaa"),  # the second of three shows
        ("gagag", "gggaa"),  # two of three, not in a row
        ("gaggag", "gggggg"),  # two of four are not enough
        ("aagag", "gaaaa"),  # below twice, then again: it holds
        ("aagggg", "gaaagg"),  # the third in a row below lets it fall
        ("grg", "ggg"),  # one red alone shows nothing, not even amber
        ("grr", "ggr"),
        ("gra", "gga"),  # a red reaches amber too
        ("rraaag", "grrraa"),  # red falls after three below red, amber holds
        ("gRg", "grr"),  # an overwhelming red shows at once
        ("Rggg", "rrrg"),
        ("Raaag", "rrraa"),
        ("a.a", "g.a"),  # grey counts neither way
        ("ag.a", "gg.a"),
        ("aa.g.g.g", "ga.a.a.g"),
        ("a....a", "g....a"),  # the vote is five batches old
        ("a.....a", "g.....g"),  # six: it is history
        ("....", "...."),
        ("", ""),
    ],
)
def test_sequences(soft: str, expected: str) -> None:
    assert shown(soft) == expected


def test_the_misses_of_the_shown_colour_are_counted() -> None:
    codes = np.array([[2], [2], [1], [1], [1], [0]], np.int8)
    below = latched(codes, np.zeros((6, 1), bool)).below
    assert below[:, 0].tolist() == [0, 0, 1, 2, 0, 1]


def test_subjects_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(3)
    codes = rng.integers(-1, 3, (40, 5)).astype(np.int8)
    once = (codes == RED) & (rng.random((40, 5)) < 0.3)
    together = latched(codes, once)
    for s in range(5):
        alone = latched(codes[:, [s]], once[:, [s]])
        np.testing.assert_array_equal(alone.shown[:, 0], together.shown[:, s])
        np.testing.assert_array_equal(alone.below[:, 0], together.below[:, s])


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("rrgrr", [0, 0, 2, 3, 3]),
        ("rar", [0, 1, 2]),  # another colour breaks a run
        ("r.r", [0, 1, 0]),  # grey does not
        ("r..g", [0, 1, 1, 3]),
        ("..aa", [0, 0, 2, 2]),
        (".a.a", [0, 1, 2, 1]),
        ("nng", [0, 0, 2]),
    ],
)
def test_runs(codes: str, expected: list[int]) -> None:
    column = np.array([[LETTERS[letter]] for letter in codes], np.int8)
    assert run_starts(column)[:, 0].tolist() == expected


def voted(soft: str, windows: list[int]) -> str:
    codes = np.array([LETTERS[letter] for letter in soft], np.int8).reshape(-1, 1)
    at_once = np.zeros(codes.shape, bool)
    return "".join(
        "garx."[code] for code in latched(codes, at_once, np.array(windows).reshape(-1, 1)).shown[:, 0].tolist()
    )


@pytest.mark.parametrize(
    ("soft", "windows", "expected"),
    [
        ("gaaagg", [3] * 6, "gggggg"),  # one batch, in three windows, does not confirm itself
        ("gaaaag", [3] * 6, "ggggaa"),  # the window of batches 2 to 4 shares none with that of -1 to 1
        ("agggggag", [3] * 8, "ggggggaa"),  # the window before the last one counts too
        ("aggggggga", [3] * 9, "ggggggggg"),
        ("a..a", [2] * 4, "g..a"),  # grey where the last window ended: the one before it
        ("aaa", [3] * 3, "ggg"),
        ("aa", [1, 1], "ga"),
        ("aag", [1, 1, 1], "gaa"),
    ],
)
def test_windows_that_share_a_batch_have_one_vote(soft: str, windows: list[int], expected: str) -> None:
    assert voted(soft, windows) == expected


def test_windows_of_one_batch_change_nothing() -> None:
    rng = np.random.default_rng(5)
    codes = rng.integers(-1, 3, (60, 8)).astype(np.int8)
    once = (codes == RED) & (rng.random(codes.shape) < 0.1)
    plain, windowed = latched(codes, once), latched(codes, once, np.ones(codes.shape, np.int64))
    np.testing.assert_array_equal(plain.shown, windowed.shown)
    np.testing.assert_array_equal(plain.below, windowed.below)
