"""The queries: files of BigQuery SQL that state what they answer and which parameters they take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qod.contract import TABLES
from qod.errors import UnknownNameError

if TYPE_CHECKING:
    from sqlglot import exp

FOLDER: Final = Path(__file__).resolve().parents[2] / "queries"

_FACT = re.compile(r"^-- (What|Param): (.+)$")


@dataclass(frozen=True, slots=True)
class Query:
    """One query file: its name, what it answers, its typed parameters and its SQL."""

    name: str
    what: str
    params: Mapping[str, str]
    sql: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it reads, sorted; they are looked for when first asked after, since that takes a parser."""
        return _tables(self.sql)


def names() -> tuple[str, ...]:
    """The names of all queries, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))


@cache
def load(name: str) -> Query:
    """The query ``name``, read from its file and held against its own declaration.

    Raises UnknownNameError when there is no such file and ValueError when what it declares and what it
    uses differ: both are mistakes in the program, found by the test that loads every query.
    """
    path = FOLDER / f"{name}.sql"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not path.is_file():
        raise UnknownNameError("query", name, names())
    sql = path.read_text(encoding="utf-8")
    what, params = "", {}
    for line in sql.splitlines():
        fact = _FACT.match(line)
        if fact is None:
            break
        if fact[1] == "What":
            what = fact[2]
        else:
            key, _, type = fact[2].partition(" ")
            params[key] = type
    used = set(re.findall(r"@(\w+)", re.sub(r"--[^\n]*", "", sql)))
    if not what:
        raise ValueError(f"queries/{name}.sql: its first line must say '-- What: ...'")
    if used != set(params):
        raise ValueError(f"queries/{name}.sql: declares {sorted(params)}, uses {sorted(used)}")
    return Query(name, what, params, sql)


def parse(sql: str) -> exp.Expr:
    """The syntax tree of one statement in BigQuery's dialect."""
    import sqlglot

    return sqlglot.parse_one(sql, read="bigquery")


@cache
def _tables(sql: str) -> tuple[str, ...]:
    from sqlglot import exp

    return tuple(sorted({table.name for table in parse(sql).find_all(exp.Table)} & set(TABLES)))
