"""The lake: Parquet files in a folder, a log of commits beside them, and DuckDB to ask the questions."""

from __future__ import annotations

import atexit
import hashlib
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from qod.contract import SOURCES, TABLES, arrow_schema
from qod.errors import WarehouseError
from qod.warehouse import Delivery, cut, duck, log, query
from qod.warehouse.log import Commit, DataFile, LiveFile, Scope, Snapshot
from qod.warehouse.state import State

if TYPE_CHECKING:
    import duckdb

_SEPARATOR: Final = "\x1f"
_ROW_GROUP: Final = 120_000
_TRIES: Final = 5


class LakeWarehouse:
    """The tables as Parquet files under ``root``; see docs/architecture.md for the layout.

    Safe with several processes and threads reading and writing at once. Nothing is ever changed in place.
    """

    def __init__(self, root: Path) -> None:
        if root.exists() and not root.is_dir():
            raise WarehouseError(f"The warehouse {str(root)!r} is a file, not a folder.", hint="name a folder.")
        self.root = root
        self._lock = threading.RLock()
        self._seen: dict[str, tuple[Commit, ...]] = {}
        self._state = State()
        self._snapshot = self._state.snapshot()
        self._database: duckdb.DuckDBPyConnection | None = None

    # -- reading -------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """What holds now. Commit files are immutable, so only new ones are read."""
        with self._lock:
            seen = self._read_log()
            if seen.keys() != self._seen.keys():
                held = {c.delivery_id for commits in seen.values() for c in commits}
                if any(c.delivery_id not in held for commits in self._seen.values() for c in commits):
                    self._state, self._seen = State(), {}  # the folder was emptied and filled again
                for name in seen.keys() - self._seen.keys():
                    self._state.add(seen[name])
                self._seen = seen
                self._snapshot = self._state.snapshot()
            return self._snapshot

    def _read_log(self) -> dict[str, tuple[Commit, ...]]:
        folder = self.root / log.FOLDER
        for attempt in range(_TRIES):
            try:
                names = (
                    sorted(p.name for p in folder.iterdir() if p.name.endswith(log.SUFFIX)) if folder.exists() else []
                )
                return {
                    name: self._seen.get(name) or log.decode((folder / name).read_bytes(), name=name) for name in names
                }
            except OSError as error:
                # A file was folded away between the listing and the reading: list again.
                if attempt == _TRIES - 1:
                    raise WarehouseError(f"The warehouse {self.root} cannot be read: {error}.") from error
                time.sleep(0.02 * (attempt + 1))
        raise AssertionError("unreachable")

    def stamp(self) -> str:
        """The last delivery that changed what pages show (see ``Warehouse.stamp``); empty before the first."""
        return self.snapshot().stamp

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The rows of ``queries/<name>.sql``; a file folded away meanwhile makes it look again, not fail."""
        question = query.load(name)
        missing, extra = set(question.params) - set(params), set(params) - set(question.params)
        if missing or extra:
            raise TypeError(f"query {name} takes {sorted(question.params)}, got {sorted(params)}")
        return self._ask(question.tables, lambda shapes: duck.transpiled(name, shapes), params)

    def table(self, name: str) -> pa.Table:
        """All rows of a table that hold now, delivery columns included."""
        return self._ask((name,), lambda shapes: f"SELECT * FROM {duck.source(name, shapes[0][1])}", {})

    def _ask(self, tables: tuple[str, ...], sql_of: Any, params: dict[str, Any]) -> pa.Table:
        import duckdb

        model_id = params.get("model_id")
        for attempt in range(_TRIES):
            snapshot = self.snapshot()
            bound, shapes = dict(params), []
            for name in tables:
                files = _pruned(snapshot.live[name], model_id, params)
                dead = [_SEPARATOR.join((str(self.root / str(f.file.path)), *scope)) for f in files for scope in f.dead]
                shape = "dirty" if dead else "clean" if files else "empty"
                shapes.append((name, shape))
                if files:
                    bound[f"files_{name}"] = [str(self.root / str(f.file.path)) for f in files]
                if dead:
                    bound[f"dead_{name}"] = dead
            try:
                result = self._connection().sql(sql_of(tuple(shapes)), params=bound or None).to_arrow_table()
                return duck.typed(result)
            except duckdb.IOException as error:
                if attempt == _TRIES - 1:
                    raise WarehouseError(
                        f"A file of the warehouse {self.root} cannot be read: {duck.first_line(error)}",
                        hint="'vigie check --warehouse' names the damaged files.",
                    ) from error
                time.sleep(0.02 * (attempt + 1))
            except duckdb.Error as error:
                raise WarehouseError(
                    f"The warehouse {self.root} could not answer: {duck.first_line(error)}",
                    hint="'vigie check --warehouse' names files that break the contract.",
                ) from error
        raise AssertionError("unreachable")

    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        with self._lock:
            if self._database is None:
                self._database = duckdb.connect()
                atexit.register(self._database.close)  # at the very end DuckDB would complain of it
                self._database.execute("SET GLOBAL TimeZone='UTC'")
                for name in TABLES:
                    empty = pa.Table.from_batches([], arrow_schema(name))
                    self._database.register("empty", empty)
                    self._database.execute(f"CREATE TABLE empty_{name} AS SELECT * FROM empty")
                    self._database.unregister("empty")
            return self._database.cursor()

    def inputs(self) -> dict[str, str]:
        """By model: a digest of the deliveries that hold now in the tables that evaluation reads."""
        held: dict[str, set[str]] = {}
        with self._lock:
            snapshot = self.snapshot()
            for name in SOURCES:
                for scope, order in snapshot.orders[name].items():
                    held.setdefault(scope[0], set()).add(f"{name} {order}")
        return {model: hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16] for model, ids in held.items()}

    # -- writing -------------------------------------------------------------------------------------------

    def deliver(self, tables: Mapping[str, pa.Table], *, kind: str, emptied: Iterable[tuple[str, ...]] = ()) -> str:
        """Write one delivery; see ``Warehouse.deliver``. A process killed on the way leaves what held before."""
        now = datetime.now(UTC)
        snapshot = self.snapshot()
        newest = snapshot.commits[-1].delivery_id if snapshot.commits else ""
        delivery_id = log.new_id(newest, now)
        gone = tuple(emptied)
        scopes: dict[tuple[str, ...], dict[Scope, None]] = {}
        stamped = {}
        for name, rows in tables.items():
            stamped[name] = cut.stamped(name, rows, delivery_id, now)
            scopes.setdefault(TABLES[name].scope, dict.fromkeys(gone)).update(
                dict.fromkeys(cut.scopes(name, stamped[name]))
            )
        files: list[DataFile] = []
        for name, rows in stamped.items():
            written = self.write_files(name, rows, delivery_id, dict.fromkeys(cut.scopes(name, rows), delivery_id))
            covered = {scope for file in written for scope in file.scopes}
            files += written
            bare = tuple(scope for scope in scopes[TABLES[name].scope] if scope not in covered)
            if bare:
                files.append(DataFile(name, None, 0, None, None, None, bare, (delivery_id,) * len(bare)))
        self.commit(Commit(delivery_id, now.isoformat(timespec="microseconds"), kind, tuple(files)))
        return delivery_id

    def commit(self, *commits: Commit) -> None:
        """Make the files of ``commits`` visible, all at once."""
        name = f"{commits[-1].delivery_id}{log.SUFFIX}"
        try:
            log.write_once(self.root / log.FOLDER / name, log.encode(commits))
        except OSError as error:
            raise WarehouseError(f"The warehouse {self.root} cannot be written: {error}.") from error

    def write_files(self, name: str, rows: pa.Table, label: str, orders: Mapping[Scope, str]) -> list[DataFile]:
        """Write ``rows`` of the table as Parquet: large tables a file a model and month, the others one file."""
        files = []
        for model_id, month, part in cut.parts(name, rows):
            folder = Path(name) if model_id is None else Path(name) / f"model_id={cut.file_name(model_id)}" / month
            path = folder / f"{label}.parquet"
            try:
                self._write_parquet(self.root / path, part)
            except OSError as error:
                raise WarehouseError(f"The warehouse {self.root} cannot be written: {error}.") from error
            held = cut.scopes(name, part)
            first, last = cut.date_range(name, part)
            files.append(
                DataFile(
                    name, path.as_posix(), part.num_rows, model_id, first, last, held, tuple(orders[s] for s in held)
                )
            )
        return files

    @staticmethod
    def _write_parquet(path: Path, rows: pa.Table) -> None:
        import pyarrow.parquet as pq

        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)
        log.write_once(path, sink.getvalue().to_pybytes())

    # -- keeping house -------------------------------------------------------------------------------------

    def deliveries(self, model_id: str) -> list[Delivery]:
        """Every delivery about a model, oldest first; folded ones keep the identifier they were delivered with."""
        snapshot = self.snapshot()
        commits = {commit.delivery_id: commit for commit in snapshot.commits}
        found: dict[tuple[str, str], dict[Scope, None]] = {}
        for commit in snapshot.commits:
            for file in commit.files:
                if file.table in TABLES:
                    for scope, order in zip(file.scopes, file.orders, strict=True):
                        if scope[0] == model_id:
                            found.setdefault((order, file.table), {})[scope] = None
        history = []
        for (order, table), scopes in sorted(found.items()):
            commit, columns = commits[order], TABLES[table].scope
            history.append(
                Delivery(
                    order,
                    commit.delivered_at,
                    commit.kind,
                    table,
                    next(iter(scopes))[1] if "model_version" in columns else None,
                    tuple(scope[2] for scope in scopes) if "batch_id" in columns else (),
                    sum(f.rows for f in commit.files if f.table == table and f.model_id in (None, model_id)),
                    any(snapshot.orders[table].get(scope) == order for scope in scopes),
                )
            )
        return history

    def tidy(self) -> None:
        """Fold small files and the log together; readers and writers go on meanwhile."""
        from qod.warehouse.fold import fold

        fold(self)


def _pruned(files: tuple[LiveFile, ...], model_id: str | None, params: Mapping[str, Any]) -> list[LiveFile]:
    since, until = params.get("since"), params.get("until")
    kept = []
    for live in files:
        file = live.file
        if model_id is not None and file.model_id is not None and file.model_id != model_id:
            continue
        if isinstance(since, date) and file.last is not None and file.last < since.isoformat():
            continue
        if isinstance(until, date) and file.first is not None and file.first > until.isoformat():
            continue
        kept.append(live)
    return kept
