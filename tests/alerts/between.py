"""A warehouse at whose doors a test can stand: something happens before or after what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from qod.warehouse import Warehouse


def nothing() -> None:
    """What happens where nothing is said."""


class Between:
    """The warehouse ``inner``, and what happens around each delivery and after each question."""

    def __init__(
        self,
        inner: Warehouse,
        *,
        before_delivery: Callable[[], None] = nothing,
        delivered: Callable[[], None] = nothing,
        answered: Callable[[], None] = nothing,
    ) -> None:
        self.inner = inner
        self.before_delivery, self.delivered, self.answered = before_delivery, delivered, answered

    def deliver(self, tables: Mapping[str, pa.Table], **options: Any) -> str:
        self.before_delivery()
        made = self.inner.deliver(tables, **options)
        self.delivered()
        return made

    def query(self, name: str, /, **params: Any) -> pa.Table:
        answer = self.inner.query(name, **params)
        self.answered()
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
