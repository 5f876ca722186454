"""Follows the log of a lake: lists it, reads what is new, and keeps the state up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

from qod.errors import WarehouseError
from qod.warehouse import checkpoint, log, purpose
from qod.warehouse.checkpoint import Checkpoint, Columns
from qod.warehouse.log import FOLDER, Commit, DamagedError
from qod.warehouse.state import State
from qod.warehouse.store import Store

T = TypeVar("T")

_TRIES: Final = 5


class Journal:
    """The state of a lake, as its log tells it. Not for several threads at once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.columns = Columns(store)
        self._state = State(Checkpoint(), self.columns)
        self._heads: frozenset[str] = frozenset()
        self._own: dict[str, Commit] = {}
        self._listed_at = float("-inf")

    def state(self) -> State:
        """What holds now. Files of the log are immutable, so only new ones are read.

        Raises FileNotFoundError where a file went between the listing and the reading, and WarehouseError where one
        cannot be read; ``looking_again`` tells the two from what lasts.
        """
        if purpose.current().kind == "page" and time.monotonic() < self._listed_at + self.store.share_seconds:
            return self._state
        names = self.store.names(FOLDER)
        heads = frozenset(name for name in names if name.endswith(checkpoint.SUFFIX))
        if heads != self._heads or not names.issuperset(self._state.names):
            head = self._head(heads, names)
            if head != self._state.checkpoint or not names.issuperset(self._state.names):
                self._state = State(head, self.columns)
                self.columns.keep_only(head.named)
            self._heads = heads
        new = sorted(
            name
            for name in names - self._state.names - self._state.checkpoint.covers - heads
            if name.endswith(log.SUFFIX)
        )
        self._state.add({name: (self._own[name],) for name in new if name in self._own})
        unread = [name for name in new if name not in self._own]
        read = self.store.read([f"{FOLDER}/{name}" for name in unread])
        self._state.add({name: log.decode(data, name=name) for name, data in zip(unread, read, strict=True)})
        self._own.clear()
        self._listed_at = time.monotonic()
        return self._state

    @property
    def heads(self) -> frozenset[str]:
        """The names of all checkpoints in the last listing."""
        return self._heads

    def forget(self) -> None:
        """Look at everything anew the next time: a file that the state names has gone."""
        self._state, self._heads = State(Checkpoint(), self.columns), frozenset()
        self._listed_at = float("-inf")

    def written(self, commit: Commit | None = None) -> None:
        """The next question must list the log: this process added to it. A commit it made need not be read back."""
        if commit is not None:
            self._own[f"{commit.delivery_id}{log.SUFFIX}"] = commit
        self._listed_at = float("-inf")

    def _head(self, heads: Collection[str], names: frozenset[str]) -> Checkpoint:
        """The newest checkpoint that lacks nothing.

        Two processes may each have made one from the same commits and some that the other did not see. Those commits
        are still there, and are read beside it; a checkpoint made so late that they are not is passed over.
        """
        held: dict[str, Checkpoint] = {}

        def read(name: str) -> Checkpoint:
            if name not in held:
                (data,) = self.store.read([f"{FOLDER}/{name}"])
                held[name] = checkpoint.decode(data, name=name)
            return held[name]

        newest = sorted(heads, reverse=True)
        for name in newest:
            others = [other for other in newest if other != name and other not in read(name).covers]
            if all(read(other).covers <= read(name).covers | names for other in others):
                return read(name)
        return read(newest[0]) if newest else Checkpoint()


def newest_of(names: Iterable[str]) -> str:
    """The newest delivery or checkpoint in a listing of the log, without reading any; empty when there is none."""
    return max((name for name in names if name.endswith(log.SUFFIX)), default="").removesuffix(log.SUFFIX)


def looking_again(ask: Callable[[], T], journal: Journal) -> T:
    """What ``ask`` returns, asked again where a file it needs was folded away meanwhile, or is seen in part.

    A mounted bucket may show a file before all of it is there. What is still so after some tries is raised.
    """
    for attempt in range(_TRIES):
        try:
            return ask()
        except (FileNotFoundError, DamagedError) as error:
            if attempt == _TRIES - 1:
                if isinstance(error, DamagedError):
                    raise
                raise WarehouseError(
                    f"A file of the warehouse {journal.store} is not there: {error.filename or error}.",
                    hint="'vigie check --warehouse' names the missing files; restore them from a backup.",
                ) from error
            journal.forget()
            time.sleep(0.02 * (attempt + 1))
    raise AssertionError("unreachable")
