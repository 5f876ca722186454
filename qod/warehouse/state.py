"""What holds: the union of commits, kept up to date as they come, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from qod.contract import TABLES
from qod.warehouse.log import Commit, DataFile, LiveFile, Scope, Snapshot


@dataclass(slots=True)
class _Held:
    """One table: its files, and for each scope the newest delivery and the files that hold its rows.

    A scope may lie in several places (an outcome file spans months), and each place is folded by itself: of two files
    of one delivery in one place, the one of the later commit, a fold, holds.
    """

    files: list[tuple[str, DataFile]] = field(default_factory=list)
    dead: list[set[Scope]] = field(default_factory=list)
    orders: dict[Scope, str] = field(default_factory=dict)
    holders: dict[Scope, tuple[int, ...]] = field(default_factory=dict)
    live: tuple[LiveFile, ...] | None = ()

    def add(self, commit_id: str, file: DataFile) -> None:
        index, self.live = len(self.files), None
        self.files.append((commit_id, file))
        self.dead.append(set())
        for scope, order in zip(file.scopes, file.orders, strict=True):
            held = self.orders.get(scope, "")
            if order > held:
                for holder in self.holders.get(scope, ()):
                    self.dead[holder].add(scope)
                self.orders[scope] = order
                self.holders[scope] = () if file.path is None else (index,)
            elif order < held:
                self.dead[index].add(scope)
            elif file.path is not None:
                self._share(index, commit_id, scope)

    def _share(self, index: int, commit_id: str, scope: Scope) -> None:
        """Another file with rows of the delivery that holds: it is beside the others, or a fold of one of them."""
        place = self.files[index][1].place
        kept = []
        for holder in self.holders[scope]:
            holder_commit, holder_file = self.files[holder]
            if holder_file.place != place:
                kept.append(holder)
            elif holder_commit < commit_id:
                self.dead[holder].add(scope)
            else:
                self.dead[index].add(scope)
                return
        self.holders[scope] = (*kept, index)

    def snapshot(self) -> tuple[LiveFile, ...]:
        if self.live is None:
            self.live = tuple(
                LiveFile(file, tuple(sorted(dead)))
                for (_, file), dead in zip(self.files, self.dead, strict=True)
                if file.path is not None and len(dead) < len(file.scopes)
            )
        return self.live


_SHOWN: Final = frozenset(TABLES) - {"batches", "batch_variables", "predictions", "outcomes"}
"""Tables whose deliveries pages show at once; a batch or a truth is shown once it is evaluated."""


class State:
    """The union of the commits it was given. Each is taken once, and none is ever taken back."""

    def __init__(self, commits: Iterable[Commit] = ()) -> None:
        self._commits: dict[str, Commit] = {}
        self._stamp = ""
        self._tables = {name: _Held() for name in TABLES}
        self.add(commits)

    def add(self, commits: Iterable[Commit]) -> None:
        """Take in commits; those it has already are passed over, since folding the log repeats them."""
        for commit in commits:
            if commit.delivery_id in self._commits:
                continue
            self._commits[commit.delivery_id] = commit
            if commit.kind != "fold" and any(file.table in _SHOWN for file in commit.files):
                self._stamp = max(self._stamp, commit.delivery_id)
            for file in commit.files:
                if file.table in self._tables:  # else it is a table of a later release
                    self._tables[file.table].add(commit.delivery_id, file)

    def snapshot(self) -> Snapshot:
        """What holds now; it does not change when commits are added."""
        return Snapshot(
            tuple(sorted(self._commits.values(), key=lambda commit: commit.delivery_id)),
            {name: held.snapshot() for name, held in self._tables.items()},
            {name: held.orders for name, held in self._tables.items()},
            self._stamp,
        )
