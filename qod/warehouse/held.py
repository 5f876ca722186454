"""What one table holds: the columns of a checkpoint, and what the commits since then changed in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qod.warehouse import Scope
from qod.warehouse.checkpoint import FILES, SCOPES
from qod.warehouse.log import Claim, DataFile, LiveFile
from qod.warehouse.prune import EVERYTHING, Bounds

SEPARATOR: Final = "\x1f"


def key_of(scope: Scope) -> str:
    """A scope as one text; names have no control characters."""
    return SEPARATOR.join(scope)


def scope_of(key: str) -> Scope:
    """The scope that ``key`` stands for."""
    return tuple(key.split(SEPARATOR))


class Holding(NamedTuple):
    """The delivery of a scope that holds, its days, its number of rows, and the places of the files with them."""

    order: str
    first: str | None
    last: str | None
    rows: int
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table made ready for the next checkpoint.

    ``folded`` are files whose rows all stand in others too; ``replaced`` are files that a later delivery took rows of.
    Neither holds rows any more.
    """

    files: pa.Table
    scopes: pa.Table
    folded: tuple[str, ...]
    replaced: tuple[str, ...]


@dataclass(slots=True)
class Held:
    """One table. ``files`` and ``scopes`` are the checkpoint's; scopes are needed once something is pending.

    A scope may lie in several places (an outcome file spans months), and each place is folded by itself: of two files
    of one delivery in one place, the one of the later commit, a fold, holds.
    """

    name: str
    files: pa.Table = field(default_factory=FILES.empty_table)
    scopes: pa.Table = field(default_factory=SCOPES.empty_table)
    pending: list[DataFile] = field(default_factory=list)
    _added: list[DataFile] = field(default_factory=list)
    _dead: dict[int, set[str]] = field(default_factory=dict)
    _replaced: set[int] = field(default_factory=set)
    _holdings: dict[str, Holding] = field(default_factory=dict)
    _touched: list[int] = field(default_factory=list)

    # -- what holds ----------------------------------------------------------------------------------------

    def live(self, within: Bounds = EVERYTHING) -> tuple[LiveFile, ...]:
        """The files with rows that hold, but those that the models or the days rule out."""
        self._settle()
        kept = []
        for place, row in self._rows(within):
            dead = self._dead.get(place, set())
            if len(dead) < row.pop("scopes"):
                dead = dead.union(row.pop("dead"))
                del row["replaced"]
                kept.append(LiveFile(DataFile(self.name, **row, claims={}), _scopes(dead)))
        for place, file in enumerate(self._added, self.files.num_rows):
            dead = self._dead.get(place, set())
            if file.path is None or len(dead) == len(file.claims):
                continue
            if within.models is not None and file.model_id is not None and file.model_id not in within.models:
                continue
            if within.since is not None and file.last is not None and file.last < within.since:
                continue
            if within.until is not None and file.first is not None and file.first > within.until:
                continue
            kept.append(LiveFile(file, _scopes(dead)))
        return tuple(kept)

    def _rows(self, within: Bounds) -> Iterator[tuple[int, dict[str, Any]]]:
        files = self.files
        if not files.num_rows:
            return
        kept = pa.repeat(pa.scalar(True), files.num_rows)
        if within.models is not None:
            of_models = pc.is_in(files["model_id"], pa.array(within.models, pa.string()))
            kept = pc.and_(kept, pc.or_(of_models, pc.is_null(files["model_id"])))
        if within.since is not None:
            kept = pc.and_(kept, pc.fill_null(pc.greater_equal(files["last"], within.since), True))
        if within.until is not None:
            kept = pc.and_(kept, pc.fill_null(pc.less_equal(files["first"], within.until), True))
        places = pc.indices_nonzero(kept)
        yield from zip(places.to_pylist(), files.take(places).to_pylist(), strict=True)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The path and the rows of every file, also of those whose rows no longer hold."""
        self._settle()
        yield from zip(self.files["path"].to_pylist(), self.files["rows"].to_pylist(), strict=True)
        yield from ((file.path, file.rows) for file in self._added if file.path is not None)

    def holdings(self) -> Iterator[tuple[str, Holding]]:
        """Every scope that was ever delivered, by key."""
        self._settle()
        touched = frozenset(self._touched)
        for place, row in enumerate(self.scopes.to_pylist()):
            if place not in touched:
                yield row.pop("key"), Holding(**row)
        yield from self._holdings.items()

    def order(self, key: str) -> str:
        """The delivery of a scope that holds; empty when there never was one."""
        self._settle()
        held = self._taken(key)
        return held.order if held else ""

    def rows(self) -> int:
        """The number of rows that hold."""
        self._settle()
        base = self.scopes.filter(self._untouched())["rows"] if self.scopes.num_rows else pa.array([], pa.int64())
        return (pc.sum(base).as_py() or 0) + sum(held.rows for held in self._holdings.values())

    # -- taking in commits ---------------------------------------------------------------------------------

    def _settle(self) -> None:
        pending, self.pending = self.pending, []
        for file in pending:
            self._take(file)

    def _take(self, file: DataFile) -> None:
        place = self.files.num_rows + len(self._added)
        self._added.append(file)
        for scope, claim in file.claims.items():
            key = key_of(scope)
            held = self._taken(key)
            if held is None or claim.order > held.order:
                for holder in held.files if held else ():
                    self._kill(holder, key, replaced=True)
                files = () if file.path is None else (place,)
                self._holdings[key] = Holding(claim.order, claim.first, claim.last, claim.rows, files)
            elif claim.order < held.order:
                self._kill(place, key, replaced=True)
            elif file.path is not None:
                self._share(place, key, held, claim)

    def _share(self, place: int, key: str, held: Holding, claim: Claim) -> None:
        """Another file with rows of the delivery that holds: it is beside the others, or a fold of one of them."""
        folder, label = self._place(place)
        kept = []
        for holder in held.files:
            its_folder, its_label = self._place(holder)
            if its_folder != folder:
                kept.append(holder)
            elif its_label < label:
                self._kill(holder, key, replaced=False)
            else:
                self._kill(place, key, replaced=False)
                return
        first, last, rows = held.first, held.last, held.rows
        if len(kept) == len(held.files):
            first = None if first is None or claim.first is None else min(first, claim.first)
            last = None if last is None or claim.last is None else max(last, claim.last)
            rows += claim.rows
        self._holdings[key] = Holding(held.order, first, last, rows, (*kept, place))

    def _kill(self, place: int, key: str, *, replaced: bool) -> None:
        self._dead.setdefault(place, set()).add(key)
        if replaced:
            self._replaced.add(place)

    def _taken(self, key: str) -> Holding | None:
        """The holding of a scope, taken over from the checkpoint where it is there."""
        held = self._holdings.get(key)
        if held is None and (place := self._find(key)) is not None:
            self._touched.append(place)
            held = self._holdings[key] = self._sealed(place)
        return held

    def _sealed(self, place: int) -> Holding:
        row = self.scopes.slice(place, 1).to_pylist()[0]
        del row["key"]
        return Holding(**{**row, "files": tuple(row["files"])})

    def _find(self, key: str) -> int | None:
        if not self.scopes.num_rows:
            return None
        keys = self.scopes["key"].chunk(0)
        place = bisect_left(keys, key, key=pa.StringScalar.as_py)
        return place if place < len(keys) and keys[place].as_py() == key else None

    def _place(self, place: int) -> tuple[str, str]:
        """The folder of a file, and the commit that wrote it."""
        base = self.files.num_rows
        if place >= base:
            file = self._added[place - base]
            return file.place, file.label
        folder, _, name = self.files["path"][place].as_py().rpartition("/")
        return folder, name.removesuffix(".parquet")

    # -- the next checkpoint -------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether commits were taken in since the checkpoint."""
        return bool(self.pending or self._added)

    def seal(self) -> Sealed:
        """What the next checkpoint has of this table."""
        self._settle()
        kept: list[dict[str, Any]] = []
        moved: list[int | None] = []
        folded: list[str] = []
        replaced: list[str] = []
        for place, row in enumerate(self._all_files()):
            newly = self._dead.get(place, set())
            row["scopes"] -= len(newly)
            row["replaced"] = row["replaced"] or place in self._replaced
            row["dead"] = sorted(newly.union(row["dead"]))
            moved.append(len(kept) if row["scopes"] else None)
            if row["scopes"]:
                kept.append(row)
            elif row["path"] is not None and newly:
                (replaced if row["replaced"] else folded).append(row["path"])
        paths = {row["path"] for row in kept}
        return Sealed(
            pa.Table.from_pylist(kept, FILES),
            self._sealed_scopes(pa.array(moved, pa.int64())),
            tuple(path for path in folded if path not in paths),
            tuple(path for path in replaced if path not in paths),
        )

    def _all_files(self) -> Iterator[dict[str, Any]]:
        yield from self.files.to_pylist()
        for file in self._added:
            yield {
                "path": file.path,
                "rows": file.rows,
                "bytes": file.bytes,
                "model_id": file.model_id,
                "first": file.first,
                "last": file.last,
                "scopes": 0 if file.path is None else len(file.claims),
                "replaced": False,
                "dead": [],
            }

    def _sealed_scopes(self, moved: pa.Array) -> pa.Table:
        base = self.scopes
        if base.num_rows:
            base = base.filter(self._untouched())
        fresh = pa.Table.from_pylist(
            [
                {"key": key, "order": h.order, "first": h.first, "last": h.last, "rows": h.rows, "files": list(h.files)}
                for key, h in self._holdings.items()
            ],
            SCOPES,
        )
        rows = pa.concat_tables([base, fresh]).combine_chunks()
        if not rows.num_rows:
            return rows
        lists = rows["files"].chunk(0)
        files = pa.ListArray.from_arrays(lists.offsets, moved.take(lists.values))
        return rows.set_column(rows.schema.get_field_index("files"), SCOPES.field("files"), files).sort_by("key")

    def _untouched(self) -> pa.Array:
        mask = np.ones(self.scopes.num_rows, bool)
        mask[self._touched] = False
        return pa.array(mask)


def _scopes(keys: set[str]) -> tuple[Scope, ...]:
    return tuple(sorted(map(scope_of, keys)))
