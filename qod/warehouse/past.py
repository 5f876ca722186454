"""What was delivered in the past: the history of a model, and what is new in it since somebody looked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from qod.contract import SOURCES, TABLES
from qod.warehouse import Delivery
from qod.warehouse.checkpoint import Sources
from qod.warehouse.cut import days
from qod.warehouse.held import SEPARATOR, key_of, scope_of
from qod.warehouse.journal import Journal
from qod.warehouse.log import Claim, Commit
from qod.warehouse.news import Changed, ModelNews, News
from qod.warehouse.state import State

_LIMIT: Final = 1 << 128


def rows_of(commits: Iterable[Commit]) -> list[dict[str, Any]]:
    """What commits delivered: one row of ``checkpoint.PAST`` a delivery, table and scope; folds deliver nothing."""
    commits = list(commits)
    folded: dict[tuple[str, str], dict[str, Claim]] = {}
    for commit in commits:
        for file in commit.files if commit.kind == "fold" else ():
            for scope, claim in file.claims.items():
                folded.setdefault((claim.order, file.table), {})[key_of(scope)] = claim
    rows = []
    for commit in commits:
        for table in dict.fromkeys(file.table for file in commit.files if commit.kind != "fold"):
            for key, claim in _claims(commit, table, folded.get((commit.delivery_id, table), {})).items():
                rows.append(
                    {
                        "delivery_id": commit.delivery_id,
                        "delivered_at": commit.delivered_at,
                        "kind": commit.kind,
                        "table": table,
                        "key": key,
                        "first": claim.first,
                        "last": claim.last,
                        "rows": claim.rows,
                    }
                )
    return rows


def _claims(commit: Commit, table: str, folded: Mapping[str, Claim]) -> dict[str, Claim]:
    """What a delivery claimed in a table. An earlier release forgot the scopes of a file once it was folded."""
    claims: dict[str, Claim] = {}
    for file in (file for file in commit.files if file.table == table):
        for scope, claim in file.claims.items():
            key = key_of(scope)
            if key in claims:  # one scope over several months
                held = claims[key]
                claim = Claim(claim.order, *days((held, claim)), held.rows + claim.rows)
            claims[key] = claim
        if file.rows and not file.claims:
            for place, (key, claim) in enumerate(folded.items()):
                claims.setdefault(key, Claim(claim.order, claim.first, claim.last, 0 if place else file.rows))
    return claims


# -- news --------------------------------------------------------------------------------------------------


def with_deliveries(sources: Mapping[str, Sources], rows: Iterable[Mapping[str, Any]]) -> dict[str, Sources]:
    """What was delivered of each model once ``rows`` were delivered too."""
    held = dict(sources)
    for model_id, ids in _by_model(rows).items():
        before = held.get(model_id, Sources())
        held[model_id] = Sources(max(before.newest, *ids), (before.digest + _sum(ids)) % _LIMIT)
    return held


def _by_model(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    """The rows that evaluation reads, by model and delivery."""
    held: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in rows:
        if row["table"] in SOURCES:
            held.setdefault(scope_of(row["key"])[0], {}).setdefault(row["delivery_id"], []).append(row)
    return held


def _sum(ids: Iterable[str]) -> int:
    """A digest of a set: it does not depend on the order, and what was added can be taken out again."""
    return sum(int.from_bytes(hashlib.blake2b(id.encode(), digest_size=16).digest(), "big") for id in ids) % _LIMIT


def news(journal: Journal, marks: Mapping[str, str]) -> News:
    """The news since ``marks``; see ``Warehouse.news``.

    A mark is the newest delivery that was seen of a model and the sum of all that were. If the sum of those up to it is
    another now, one became visible late: then anything may have changed.
    """
    state = journal.state()
    loose = rows_of(state.commits)
    sources = with_deliveries(state.checkpoint.sources, loose)
    (models,) = state.tables(["models"], scopes=True)
    registered = sorted(scope_of(key)[0] for key, held in models.holdings() if held.files)
    behind = {}
    for model_id in registered:
        seen = _read(marks.get(model_id, ""))
        if seen is not None and seen != sources.get(model_id):
            behind[model_id] = seen
    later = _by_model([*_segments(journal, state, behind), *loose])
    found = {}
    for model_id in registered:
        now = sources.get(model_id, Sources())
        changes: tuple[Changed, ...] | None = () if _read(marks.get(model_id, "")) == now else None
        if model_id in behind:
            seen = behind[model_id]
            after = {id: rows for id, rows in later.get(model_id, {}).items() if id > seen.newest}
            if (now.digest - _sum(after)) % _LIMIT == seen.digest:
                changes = tuple(_changed(row) for id in sorted(after) for row in after[id])
        found[model_id] = ModelNews(f"{now.newest} {now.digest:032x}", changes)
    return News(state.newest, found)


def _read(mark: str) -> Sources | None:
    newest, _, digest = mark.partition(" ")
    try:
        return Sources(newest, int(digest, 16))
    except ValueError:
        return None


def _changed(row: Mapping[str, Any]) -> Changed:
    table, scope = row["table"], scope_of(row["key"])
    columns = TABLES[table].scope
    first, last = (date.fromisoformat(row[end]) if row[end] else None for end in ("first", "last"))
    return Changed(
        row["delivery_id"],
        table,
        scope[1] if "model_version" in columns else None,
        scope[2] if "batch_id" in columns else None,
        first,
        last,
    )


def _segments(journal: Journal, state: State, behind: Mapping[str, Sources]) -> list[dict[str, Any]]:
    """The deliveries in the checkpoint's past of models that are ``behind``, after the newest that was seen of each.

    Of the tables that evaluation reads.
    """
    rows: list[dict[str, Any]] = []
    models, seen = pa.array(behind, pa.string()), pa.array([one.newest for one in behind.values()], pa.string())
    since = min(seen.to_pylist(), default=None)
    asked = [segment.path for segment in state.checkpoint.past if since is not None and segment.newest > since]
    for segment in journal.columns.read(asked, keep=False):
        later = segment.filter(
            pc.and_(pc.is_in(segment["table"], pa.array(SOURCES)), pc.greater(segment["delivery_id"], since))
        )
        places = pc.index_in(pc.list_element(pc.split_pattern(later["key"], SEPARATOR, max_splits=1), 0), models)
        rows += later.filter(pc.greater(later["delivery_id"], seen.take(places))).to_pylist()
    return rows


# -- the history of a model --------------------------------------------------------------------------------


def deliveries(journal: Journal, model_id: str) -> list[Delivery]:
    """Every delivery about a model, oldest first; folded ones keep the identifier they were delivered with."""
    state = journal.state()
    start = key_of((model_id, ""))
    rows = [row for row in rows_of(state.commits) if row["key"] == model_id or row["key"].startswith(start)]
    for segment in journal.columns.read([segment.path for segment in state.checkpoint.past], keep=False):
        mine = pc.or_(pc.equal(segment["key"], model_id), pc.starts_with(segment["key"], start))
        rows += segment.filter(mine).to_pylist()
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["table"] in TABLES:
            grouped.setdefault((row["delivery_id"], row["table"]), []).append(row)
    names = sorted({table for _, table in grouped})
    held = dict(zip(names, state.tables(names, scopes=True), strict=True))
    history = []
    for (order, table), claims in sorted(grouped.items()):
        scopes, columns = [scope_of(row["key"]) for row in claims], TABLES[table].scope
        history.append(
            Delivery(
                order,
                claims[0]["delivered_at"],
                claims[0]["kind"],
                table,
                scopes[0][1] if "model_version" in columns else None,
                tuple(scope[2] for scope in scopes) if "batch_id" in columns else (),
                sum(row["rows"] for row in claims),
                any(held[table].order(row["key"]) == order for row in claims),
            )
        )
    return history
