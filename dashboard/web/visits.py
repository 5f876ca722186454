"""How often each page was asked for since this process began: what its costs are divided by."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Final


class Visits:
    """Counts by page; safe with many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._since: datetime | None = None

    def count(self, page: str) -> None:
        """One more visit."""
        with self._lock:
            self._since = self._since or datetime.now(UTC)
            self._counts[page] += 1

    @property
    def since(self) -> datetime | None:
        """When the first visit came."""
        return self._since

    def of(self, page: str) -> int:
        """The visits of a page so far."""
        with self._lock:
            return self._counts[page]


VISITS: Final = Visits()
"""The visits of this process."""
