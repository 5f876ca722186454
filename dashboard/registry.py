"""What is registered: MODEL.toml to a row of the table ``models``, the fleet's policy to one of ``policies``."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from dashboard.policy_key import as_written
from qod.errors import InputError, VigieError, nearest
from qod.names import check_name

if TYPE_CHECKING:
    import pyarrow as pa

TASKS: Final = ("binary", "multiclass", "regression")
COHORTS: Final = ("batch", "week", "month")
LINK_SCHEMES: Final = ("https://", "http://", "mailto:")
WEEK_DAYS: Final = 7
LONGEST_WINDOW_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class Key:
    """One key of MODEL.toml, named as its column of ``models``.

    ``kind`` is the TOML type it takes; ``default`` says in words what an absent key means.
    """

    name: str
    kind: Literal["text", "whole number", "table"]
    meaning: str
    default: str
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether a file without the key is refused."""
        return self.default == "required"


KEYS: Final[tuple[Key, ...]] = (
    Key("model_id", "text", "the identifier that deliveries and addresses of pages use; it never changes", "required"),
    Key("name", "text", "the name people know the model by", "the model_id"),
    Key("description", "text", "what it predicts and what for, in one or two sentences", "none"),
    Key("team", "text", "the team that answers for it", "none"),
    Key("owner_email", "text", "who gets its alerts", "none"),
    Key("task", "text", "what it predicts: yes or no, one of several classes, or a number", "required", TASKS),
    Key("cadence", "text", "how often a batch is due, as an ISO 8601 duration: P1D, P7D, P1M", "P1D"),
    Key(
        "cohort",
        "text",
        "what performance is measured over: each batch, or all batches of a week or a month",
        "batch when the cadence is a week or longer, else month",
        COHORTS,
    ),
    Key("outcome_window_days", "whole number", "days from a batch until its truth is complete", "0"),
    Key("links", "table", "addresses by name (https, http or mailto): repository, runbook, dag, ...", "none"),
    Key("policy", "table", "thresholds and rules that differ from the fleet's, by section", "none"),
    Key(
        "retrain",
        "table",
        "who is asked to train it anew, once its policy's guards hold: see docs/alerts.md",
        "never asked",
    ),
)
"""Every key there is; docs/models.md is made from this."""

_BY_NAME: Final = {key.name: key for key in KEYS}

FLEET: Final = "fleet"
"""``fleet = true`` makes a file the policy of the fleet."""


def read_entries(paths: Sequence[Path], *, now: datetime) -> dict[str, pa.Table]:
    """The rows of ``models`` and ``policies`` that the files describe, one a file, registered at ``now`` (with a zone).

    A table without rows is left out. Raises InputError naming file and key for the first thing that is wrong in any.
    """
    from qod.contract import table_from_columns

    rows: dict[str, list[dict[str, Any]]] = {"models": [], "policies": []}
    seen: dict[str, Path] = {}
    for path in paths:
        entries = _parse(path)
        table, row = ("policies", _fleet(path, entries)) if FLEET in entries else ("models", _model(path, entries))
        name = "the fleet's policy" if table == "policies" else f"model_id {row['model_id']!r}"
        if name in seen:
            raise InputError(
                f"{name} stands in {seen[name]} too.", file=str(path), hint="one file a model, and one for the fleet."
            )
        seen[name] = path
        rows[table].append({**row, "registered_at": now})
    return {
        table: table_from_columns(table, {name: [row[name] for row in found] for name in found[0]})
        for table, found in rows.items()
        if found
    }


def check_policies(
    tables: Mapping[str, pa.Table],
    *,
    files: Sequence[Path] = (),
    policies: Iterable[Mapping[str, Any]],
    models: Iterable[Mapping[str, Any]],
) -> None:
    """InputError where the fleet's policy and a model's would contradict each other once ``tables`` are delivered.

    ``files`` are those that ``tables`` were read from, for the message to name; ``policies`` and ``models`` are the
    rows that are registered so far.
    """
    from dashboard.stated import fleet_policy, parse_stated, policy_from

    new = {name: table.to_pylist() for name, table in tables.items()}
    fleet = fleet_policy(new.get("policies", policies))
    own = {row["model_id"]: row["policy"] for row in (models if "policies" in new else ())}
    own |= {row["model_id"]: row["policy"] for row in new.get("models", ())}
    for model_id, policy in own.items():
        try:
            policy_from(parse_stated(fleet), parse_stated(policy))
        except VigieError as error:
            changed = None if "policies" in new else model_id
            whose = "the fleet's and that" if changed else "with that"
            raise InputError(
                f"the key 'policy', {whose} of model {model_id!r}: {error.message}",
                file=_file_of(files, changed),
                hint="the fleet's policy and the model's own hold together: change one of them.",
            ) from error


def _file_of(files: Sequence[Path], model_id: str | None) -> str | None:
    """The file of a model, or (None) of the fleet's policy."""
    for path in files:
        entries = _parse(path)
        if FLEET in entries if model_id is None else entries.get("model_id") == model_id:
            return str(path)
    return None


def read_model(path: Path) -> dict[str, Any]:
    """The columns of ``models`` but for ``registered_at``, from one file; InputError when something is wrong."""
    return _model(path, _parse(path))


def _fleet(path: Path, entries: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``policies`` but for ``registered_at``."""
    from dashboard.stated import FLEET as POLICY_ID

    if entries[FLEET] is not True:
        raise _wrong(path, FLEET, entries[FLEET], "true, in the file of the fleet's policy, and nothing elsewhere")
    other = next((key for key in entries if key not in (FLEET, "policy")), None)
    if other is not None:
        raise InputError(
            f"the key {other!r} has no place beside fleet = true.",
            file=str(path),
            hint="the fleet has a policy and nothing else: [policy.drift] and the like.",
        )
    policy = entries.get("policy", {})
    _check_kind(path, _BY_NAME["policy"], policy)
    _check_policy(path, policy)
    _check_alone(path, policy)
    return {"policy_id": POLICY_ID, "policy": _json(path, "policy", policy)}


def _model(path: Path, entries: dict[str, Any]) -> dict[str, Any]:
    for key in KEYS:
        if key.required and key.name not in entries:
            wanted = f"one of {', '.join(key.choices)}" if key.choices else f"{key.meaning}"
            raise InputError(f"the key {key.name!r} is missing.", file=str(path), hint=f"{key.name} is {wanted}.")
        if key.name in entries:
            _check_kind(path, key, entries[key.name])
    entries["cadence"] = entries.get("cadence", "P1D").strip()
    cadence_days = _cadence_days(path, entries["cadence"])
    entries.setdefault("name", entries["model_id"])
    entries.setdefault("cohort", "batch" if cadence_days >= WEEK_DAYS else "month")
    days = entries.setdefault("outcome_window_days", 0)
    if not 0 <= days <= LONGEST_WINDOW_DAYS:
        raise _wrong(path, "outcome_window_days", days, f"a number of days from 0 to {LONGEST_WINDOW_DAYS:,}")
    email = entries.get("owner_email")
    if email is not None and ("@" not in email.strip("@") or any(c.isspace() for c in email)):
        raise _wrong(path, "owner_email", email, "an address as ada@example.org")
    _check_links(path, entries.get("links", {}))
    _check_policy(path, entries.get("policy"))
    _check_retrain(path, entries.get("retrain"))
    tables = {k.name: _json(path, k.name, entries[k.name]) for k in KEYS if k.kind == "table" and k.name in entries}
    return {key.name: tables.get(key.name, entries.get(key.name)) for key in KEYS}


def _parse(path: Path) -> dict[str, Any]:
    try:
        entries = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise InputError("there is no such file.", file=str(path)) from None
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror or error}.", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 text (byte {error.start:,}).", file=str(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"it is not TOML: {error}.", file=str(path), hint="see examples/churn.toml for a file that is."
        ) from None
    for key in entries:
        if key not in _BY_NAME and key != FLEET:
            raise InputError(f"there is no key {key!r}.", file=str(path), hint=nearest(key, [*_BY_NAME, FLEET]))
    return entries


def _check_kind(path: Path, key: Key, value: object) -> None:
    kinds: dict[str, type] = {"text": str, "whole number": int, "table": dict}
    if type(value) is not kinds[key.kind]:
        raise _wrong(
            path,
            key.name,
            value,
            {"text": "text in quotes", "table": f"a table: [{key.name}]"}.get(key.kind, f"a {key.kind}"),
        )
    if isinstance(value, str):
        # A description may run over several lines and be of any length; nothing else may.
        if key.name != "description":
            check_name(f"model's {key.name}", value, file=str(path))
        if key.choices and value not in key.choices:
            raise _wrong(path, key.name, value, f"one of {', '.join(key.choices)}")


def _cadence_days(path: Path, text: str) -> float:
    from qod.cadence import parse_cadence

    try:
        return parse_cadence(text).approximate_days
    except VigieError as error:
        raise InputError(f"the key 'cadence': {error.message}", file=str(path), hint=error.hint) from error


def _check_links(path: Path, links: dict[str, Any]) -> None:
    for name, address in links.items():
        check_name("link", name, file=str(path))
        if not isinstance(address, str) or not address.lower().startswith(LINK_SCHEMES):
            raise _wrong(path, f"links.{name}", address, "an address that begins with https://")


def _check_policy(path: Path, sections: dict[str, Any] | None) -> None:
    from dashboard.stated import stated

    if sections is None:
        return
    try:
        stated(sections)
    except VigieError as error:
        raise InputError(f"the key 'policy': {error.message}", file=str(path), hint=error.hint) from error


def _check_retrain(path: Path, table: dict[str, Any] | None) -> None:
    from dashboard.retrain.request import read_entry

    if table is None:
        return
    try:
        read_entry(table)
    except VigieError as error:
        raise InputError(error.message, file=str(path), hint=error.hint) from error


def _check_alone(path: Path, sections: dict[str, Any]) -> None:
    """InputError where the fleet's policy contradicts the defaults: it holds for every model that has none."""
    from dashboard.stated import policy_from, stated

    try:
        policy_from(stated(sections))
    except VigieError as error:
        raise InputError(
            f"the key 'policy': {error.message}",
            file=str(path),
            hint="what the fleet's policy leaves out keeps its default: set both.",
        ) from error


def _json(path: Path, name: str, value: Any) -> str:
    """The table as JSON, times in ISO 8601; InputError for what JSON has no words for (nan, inf)."""

    def plain(part: Any, place: str) -> Any:
        if isinstance(part, dict):
            return {key: plain(inner, f"{place}.{key}") for key, inner in part.items()}
        if isinstance(part, list):
            return [plain(inner, place) for inner in part]
        if isinstance(part, datetime | date | time):
            return part.isoformat()
        if isinstance(part, float) and not math.isfinite(part):
            raise _wrong(path, place, part, "a finite number")
        return part

    return json.dumps(plain(value, name), ensure_ascii=False)


def _wrong(path: Path, key: str, found: object, wanted: str) -> InputError:
    whole = as_written(found)
    shown = whole if len(whole) <= 80 else f"{whole[:80]}..."
    return InputError(f"the key {key!r} is {shown}.", file=str(path), hint=f"it takes {wanted}.")
