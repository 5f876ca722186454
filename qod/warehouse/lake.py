"""The lake: Parquet files in a folder or bucket, a log of commits beside them, and DuckDB to ask the questions."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from qod.contract import TABLES, arrow_schema
from qod.errors import UnavailableError, WarehouseError
from qod.threads import in_threads
from qod.warehouse import EMPTY, Delivery, Scope, TableState, checkpoint, cut, duck, log, past, purpose, query, seal
from qod.warehouse.emptied import emptied_files
from qod.warehouse.folder import FolderStore
from qod.warehouse.held import SEPARATOR
from qod.warehouse.journal import Journal, looking_again, newest_of
from qod.warehouse.ledger import LEDGER, Entry
from qod.warehouse.log import Commit, DamagedError, DataFile, LiveFile
from qod.warehouse.news import News
from qod.warehouse.prune import bounds
from qod.warehouse.store import Store

if TYPE_CHECKING:
    import duckdb

_ROW_GROUP: Final = 120_000

_SEAL_AT: Final = 64
"""So many commits after the last checkpoint make a delivery seal the log, so that readers never have many to read."""

_SEAL_EVERY: Final = 16
"""Of deliveries at once, about one in so many seals it."""

_PAGE_SECONDS: Final = 9.0
"""A page waits no longer for another question to be answered."""


class LakeWarehouse:
    """The tables as Parquet files in ``store`` (a path is a folder); see docs/architecture.md for the layout.

    Safe with several processes and threads reading and writing at once. Nothing is ever changed in place.
    """

    def __init__(self, store: Store | Path) -> None:
        self.store: Store = FolderStore(store) if isinstance(store, Path) else store
        self.journal = Journal(self.store)
        self._lock = threading.RLock()
        self._database: duckdb.DuckDBPyConnection | None = None

    @property
    def root(self) -> Path:
        """The folder; only a lake in one has it."""
        if not isinstance(self.store, FolderStore):
            raise TypeError(f"{self.store} is no folder")
        return self.store.root

    # -- reading -------------------------------------------------------------------------------------------

    def live_files(self, *names: str) -> dict[str, tuple[LiveFile, ...]]:
        """The files that hold rows, by table: of all tables, or of those named."""
        with self._alone():

            def ask() -> dict[str, tuple[LiveFile, ...]]:
                asked = names or tuple(TABLES)
                tables = self.journal.state().tables(asked)
                return {name: held.live() for name, held in zip(asked, tables, strict=True)}

            return looking_again(ask, self.journal)

    def stamp(self) -> str:
        """The last delivery that changed what pages show (see ``Warehouse.stamp``); empty before the first."""
        with self._alone():
            return looking_again(lambda: self.journal.state().stamp, self.journal)

    def query(self, name: str, /, **params: Any) -> pa.Table:
        """The rows of ``queries/<name>.sql``; a file folded away meanwhile makes it look again, not fail."""
        question = query.load(name)
        missing, extra = set(question.params) - set(params), set(params) - set(question.params)
        if missing or extra:
            raise TypeError(f"query {name} takes {sorted(question.params)}, got {sorted(params)}")
        return self._ask(name, question.tables, lambda shapes: duck.transpiled(name, shapes), params)

    def table(self, name: str) -> pa.Table:
        """All rows of a table that hold now, delivery columns included."""
        return self._ask(f"table {name}", (name,), lambda shapes: f"SELECT * FROM {duck.source(*shapes[0])}", {})

    def _ask(
        self,
        name: str,
        tables: Sequence[str],
        sql_of: Callable[[tuple[tuple[str, duck.Shape], ...]], str],
        params: Mapping[str, Any],
    ) -> pa.Table:
        import duckdb

        afresh = False

        def ask() -> pa.Table:
            nonlocal afresh
            at, start = datetime.now(UTC), time.perf_counter()
            files = self._files(tables, params)
            bound, shapes = dict(params), list[tuple[str, duck.Shape]]()
            paths = [str(live.file.path) for held in files for live in held]
            names = iter(self.store.local(paths, afresh=afresh))
            size = 0
            for table, held in zip(tables, files, strict=True):
                opened = [(live, next(names)) for live in held]
                dead = [SEPARATOR.join((path, *scope)) for live, path in opened for scope in live.dead]
                shapes.append((table, "dirty" if dead else "clean" if opened else "empty"))
                if opened:
                    bound[f"files_{table}"] = [path for _, path in opened]
                if dead:
                    bound[f"dead_{table}"] = dead
                size += sum(live.file.bytes or os.path.getsize(path) for live, path in opened)
            try:
                rows = duck.typed(self._cursor().sql(sql_of(tuple(shapes)), params=bound or None).to_arrow_table())
            except duckdb.Error as error:
                if not afresh or isinstance(error, duckdb.IOException):
                    afresh = True  # a file was folded away meanwhile, or a copy of one is damaged
                    raise DamagedError(
                        f"A file of the warehouse {self.store} cannot be read: {duck.first_line(error)}",
                        hint="'vigie check --warehouse' names the damaged files.",
                    ) from error
                raise WarehouseError(
                    f"The warehouse {self.store} could not answer: {duck.first_line(error)}",
                    hint="'vigie check --warehouse' names files that break the contract.",
                ) from error
            asked = purpose.current()
            seconds = time.perf_counter() - start
            LEDGER.book(Entry(at, asked.kind, asked.name, name, size, 0, False, seconds, rows.num_rows))
            return rows

        with self.store.one_question():
            return looking_again(ask, self.journal)

    def _files(self, tables: Sequence[str], params: Mapping[str, Any]) -> list[tuple[LiveFile, ...]]:
        """The files of each table that the parameters cannot rule out, all as of one moment."""
        with self._alone():
            held = self.journal.state().tables(tables)
            within = bounds(params)
            return [table.live(within) for table in held]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread at a time; pages that wait for one whose question hangs do not hang after it one by one."""
        with self.store.one_question():
            if not self._lock.acquire(timeout=_PAGE_SECONDS if purpose.current().kind == "page" else -1):
                raise UnavailableError(
                    f"The warehouse {self.store} did not answer another question within {_PAGE_SECONDS:g} seconds.",
                    trouble="hang",
                )
            try:
                yield
            finally:
                self._lock.release()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
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

    def news(self, marks: Mapping[str, str], *, since: str = "") -> News:
        """What is new since the marks; see ``Warehouse.news``. The marks say enough: ``since`` is not needed."""
        with self._alone():
            return looking_again(lambda: past.news(self.journal, marks), self.journal)

    def deliveries(self, model_id: str) -> list[Delivery]:
        """Every delivery about a model, oldest first; folded ones keep the identifier they were delivered with."""
        with self._alone():
            return looking_again(lambda: past.deliveries(self.journal, model_id), self.journal)

    def states(self) -> list[TableState]:
        """Every table of the contract; no file of rows is read for it."""

        def ask() -> list[TableState]:
            state, found = self.journal.state(), []
            for name, held in zip(TABLES, state.tables(tuple(TABLES), scopes=True), strict=True):
                rows, sizes = held.rows(), [live.file.bytes for live in held.live()]
                known = [size for size in sizes if size is not None]
                total = sum(known) if len(known) == len(sizes) else None  # an earlier release did not write sizes
                at = datetime.fromisoformat(state.delivered_at(name)) if rows else None
                found.append(TableState(name, rows, total, at))
            return found

        with self._alone():
            return looking_again(ask, self.journal)

    # -- writing -------------------------------------------------------------------------------------------

    def next_id(self, now: datetime) -> str:
        """An identifier after all that the log has now; it is listed, not read."""
        return log.new_id(newest_of(self.store.names(log.FOLDER)), now)

    def deliver(
        self,
        tables: Mapping[str, pa.Table],
        *,
        kind: str,
        emptied: Mapping[str, Iterable[Scope]] = EMPTY,
        days: Collection[date] | None = None,
    ) -> str:
        """Write one delivery; see ``Warehouse.deliver``. A process killed on the way leaves what held before."""
        now = datetime.now(UTC)
        names = self.store.names(log.FOLDER)
        delivery_id = log.new_id(newest_of(names), now)
        stamped = {name: cut.stamped(name, rows, delivery_id, now) for name, rows in tables.items()}
        files = self.write_files(list(stamped.items()), delivery_id)
        files += emptied_files(files, list(stamped), emptied, delivery_id)
        self.commit(Commit(delivery_id, now.isoformat(timespec="microseconds"), kind, tuple(files)))
        head = max((name for name in names if name.endswith(checkpoint.SUFFIX)), default="")
        loose = sum(name > head for name in names)
        if loose >= _SEAL_AT and loose % _SEAL_EVERY == 0:
            with suppress(WarehouseError):  # the delivery is made; another will seal the log
                self._seal()
        return delivery_id

    def commit(self, commit: Commit) -> None:
        """Make the files of ``commit`` visible, all at once."""
        self.store.write({f"{log.FOLDER}/{commit.delivery_id}{log.SUFFIX}": log.encode((commit,))})
        with self._lock:
            self.journal.written(commit)

    def write_files(self, pieces: Sequence[tuple[str, pa.Table]], label: str) -> list[DataFile]:
        """Write rows of tables as Parquet: large tables a file a model and month, the others one file a piece."""
        files, parts = [], {}
        for name, rows in pieces:
            for model_id, month, part in cut.parts(name, rows):
                folder = name if model_id is None else f"{name}/model_id={cut.file_name(model_id)}/{month}"
                path, claims = f"{folder}/{label}.parquet", cut.claims(name, part)
                parts[path] = part
                model, (first, last) = cut.only_model(name, claims), cut.days(claims.values())
                files.append(DataFile(name, path, part.num_rows, None, model, first, last, claims))
        contents = dict(zip(parts, in_threads(lambda path: _parquet(parts[path]), list(parts), None), strict=True))
        self.store.write(contents)
        return [replace(file, bytes=len(contents[path])) for file, path in zip(files, contents, strict=True)]

    # -- keeping house -------------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Fold small files and the log together; readers and writers go on meanwhile."""
        from qod.warehouse.fold import fold

        with self._lock:
            looking_again(lambda: fold(self), self.journal)

    def _seal(self) -> None:
        with self._lock:
            looking_again(lambda: seal.seal(self.journal), self.journal)


def _parquet(rows: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    # Measured numbers hardly ever repeat: a dictionary of them takes time and space.
    repeating = [leaf for field in rows.schema for leaf in _leaves(field.name, field.type)]
    pq.write_table(
        rows, sink, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP, use_dictionary=repeating
    )
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _leaves(path: str, kind: pa.DataType) -> Iterator[str]:
    """The paths under which Parquet stores the values of a column, but for those that are no whole numbers."""
    if pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    elif not pa.types.is_floating(kind):
        yield path
