"""What holds: a checkpoint and the commits since then, kept up to date as they come, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from qod.contract import TABLES
from qod.warehouse.checkpoint import Checkpoint, Columns
from qod.warehouse.held import Held
from qod.warehouse.log import SUFFIX, Commit

_SHOWN: Final = frozenset(TABLES) - {"batches", "batch_variables", "predictions", "held", "outcomes"}
"""Tables whose deliveries pages show at once; a batch or a truth is shown once it is evaluated."""


class State:
    """The union of a checkpoint and the commits it was given. Each is taken once, and none is ever taken back."""

    def __init__(self, checkpoint: Checkpoint, columns: Columns) -> None:
        self.checkpoint = checkpoint
        self.stamp = checkpoint.stamp
        self.newest = checkpoint.newest
        self.names: set[str] = set()
        self._commits: dict[str, Commit] = {}
        # A table of a later release is held too: its commits must survive being sealed by this one.
        self._tables = {name: Held(name) for name in (*TABLES, *checkpoint.tables)}
        self._files, self._scopes = set(checkpoint.tables), set(checkpoint.tables)
        self._columns = columns

    def add(self, named: Mapping[str, Iterable[Commit]]) -> None:
        """Take in commits, by the name they have in the log; those that are here already are passed over."""
        for name, commits in named.items():
            self.names.add(name)
            for commit in commits:
                known = f"{commit.delivery_id}{SUFFIX}" in self.checkpoint.covers
                if known or commit.delivery_id in self._commits:
                    continue  # an earlier release repeats commits when it folds the log
                self._commits[commit.delivery_id] = commit
                self.newest = max(self.newest, commit.delivery_id)
                if commit.kind != "fold" and any(file.table in _SHOWN for file in commit.files):
                    self.stamp = max(self.stamp, commit.delivery_id)
                for file in commit.files:
                    if file.table not in self._tables:
                        self._tables[file.table] = Held(file.table)
                    self._tables[file.table].pending.append(file)

    @property
    def table_names(self) -> tuple[str, ...]:
        """The tables of the contract, and those of later releases that are here."""
        return tuple(self._tables)

    @property
    def commits(self) -> tuple[Commit, ...]:
        """The commits since the checkpoint, in the order of their identifiers."""
        return tuple(commit for _, commit in sorted(self._commits.items()))

    def tables(self, names: Sequence[str], *, scopes: bool = False) -> list[Held]:
        """Some tables, made ready to be asked: what the checkpoint has of them is read now, at once, if it was not.

        Scopes are read where they are asked for, or where commits came since the checkpoint. Raises FileNotFoundError
        when the checkpoint has been replaced by another: look again.
        """
        held = {name: self._tables[name] for name in names}
        files = [name for name in names if name in self._files]
        keys = [name for name in names if name in self._scopes and (scopes or held[name].pending)]
        parts = self.checkpoint.tables
        read = self._columns.read([*(parts[n].files for n in files), *(parts[n].scopes for n in keys)])
        for name, rows in zip(files, read, strict=False):
            held[name].files = rows
            self._files.remove(name)
        for name, rows in zip(keys, read[len(files) :], strict=True):
            held[name].scopes = rows
            self._scopes.remove(name)
        return list(held.values())

    def delivered_at(self, name: str) -> str:
        """When the table was last delivered to (ISO 8601); empty before the first time."""
        part = self.checkpoint.tables.get(name)
        commits = (c for c in self._commits.values() if c.kind != "fold" and any(f.table == name for f in c.files))
        return max([part.delivered_at if part else "", *(commit.delivered_at for commit in commits)])
