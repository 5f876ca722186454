"""Cases of a proof that take long: `make test-all` runs them, `make test` does not."""

from __future__ import annotations

from typing import Any

import pytest


def slow(*cases: Any) -> list[Any]:
    """The cases, for pytest.mark.parametrize, marked slow."""
    return [pytest.param(case, marks=pytest.mark.slow) for case in cases]
