"""Writing from a page: who may, from where, about what; what is then kept, and seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dashboard.web.gate import Gate
from qod.warehouse import Warehouse, open_warehouse
from tests.web.asking import Asker, main, of_class, question, text
from tests.web.failing import SECRET, FailingTables
from tests.web.lake import HOSTILE_MODEL

KEY = "019a9c3e-7f00-7abc-8def-0123456789ab"
HERE = {"Sec-Fetch-Site": "same-origin"}
INCIDENT = "2026-11-19:tenure_months"
MARKUP = "<img src=x onerror=alert(1)> & \u202eltr 'quoted'\nsecond line"


@pytest.fixture
def asker(warehouse: Warehouse) -> Asker:
    return Asker(warehouse)


@pytest.fixture(scope="module")
def untouched(made: Path) -> Warehouse:
    """The small fleet, for requests that must write nothing."""
    return open_warehouse(made)


@pytest.fixture(scope="module")
def refusing(untouched: Warehouse) -> Asker:
    return Asker(untouched)


class Described(FailingTables):
    """The small fleet, whose models have a variable and a batch."""

    def query(self, name: str, /, **params: Any) -> Any:
        rows = {
            "variables": [{"model_version": "1", "variable": "age"}],
            "batches": [{"model_version": "1", "batch_id": "2026-11-18"}],
        }
        return pa.Table.from_pylist(rows[name]) if name in rows else super().query(name, **params)


def body(**changed: Any) -> dict[str, Any]:
    about = {"incident": INCIDENT}
    return {"kind": "acknowledged", "key": KEY, "text": "Seen.", "author": "Ada", "about": about} | changed


def send(asker: Asker, said: object, headers: dict[str, str] | None = None) -> Any:
    return asker.client.post(f"{asker.base}_act", json=said, headers=HERE if headers is None else headers)


def kept(warehouse: Warehouse) -> list[dict[str, Any]]:
    rows = warehouse.table("events").to_pylist()
    return sorted(rows, key=lambda row: row["event_id"])


def test_an_incident_is_acknowledged_everywhere_at_once_and_seen_so(asker: Asker, warehouse: Warehouse) -> None:
    assert "One incident" in asker.words("/incidents")
    answer = send(asker, body())
    assert (answer.status_code, answer.get_json()["said"]) == (200, "Acknowledged.")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = kept(warehouse)
    assert [(row["model_id"], row["subject"], row["kind"], row["author"]) for row in rows] == [
        (model, "tenure_months", "acknowledged", "Ada") for model in ("churn-fixed", "churn-postpaid")
    ]
    assert len({row["delivery_id"] for row in rows}) == 1
    facts = json.loads(rows[0]["facts"])
    assert facts == {
        "text": "Seen.",
        "rule": "missing",
        "since": "2026-11-19",
        "colour": "red",
        "incident": INCIDENT,
    }
    nodes, _ = asker.ask("/incidents")
    (card,) = [node for node in of_class(nodes, "trouble") if node["props"]["id"] == INCIDENT]
    assert "Acknowledged by Ada" in text(card)
    assert "Seen." in text(card)
    assert "Reopen" in text(card)


def test_reopened_is_open_again(asker: Asker) -> None:
    send(asker, body())
    send(asker, body(kind="reopened", key=KEY.replace("7f00", "7f01"), text=""))
    assert "One incident" in asker.words("/incidents?state=open")
    assert "Take" not in asker.words("/incidents?state=acknowledged")


def test_a_double_click_writes_once(asker: Asker, warehouse: Warehouse) -> None:
    assert send(asker, body()).status_code == 200
    first = kept(warehouse)
    assert len(first) == 2
    assert send(asker, body()).status_code == 200
    assert kept(warehouse) == first


@pytest.mark.parametrize(
    ("about", "written"),
    [
        ({"model_id": "churn-fixed"}, ("churn-fixed", "model", None)),
        ({"model_id": "churn-fixed", "subject": "age"}, ("churn-fixed", "age", None)),
        ({"model_id": "churn-fixed", "batch_id": "2026-11-18"}, ("churn-fixed", "batch", "2026-11-18")),
        ({"model_id": HOSTILE_MODEL}, (HOSTILE_MODEL, "model", None)),
    ],
)
def test_a_note_may_be_on_a_model_a_variable_or_a_batch(
    warehouse: Warehouse, about: dict[str, str], written: tuple[str | None, ...]
) -> None:
    asker = Asker(Described(warehouse))
    assert send(asker, body(kind="note", about=about)).status_code == 200
    (row,) = kept(warehouse)
    assert (row["model_id"], row["subject"], row["batch_id"]) == written
    assert (row["model_version"] is None) == ("batch_id" not in about)


def test_one_finding_alone_can_be_snoozed(asker: Asker, warehouse: Warehouse) -> None:
    about = {"model_id": "churn-fixed", "subject": "tenure_months", "rule": "missing"}
    assert send(asker, body(kind="snoozed", until="2026-12-01", about=about)).status_code == 200
    (row,) = kept(warehouse)
    assert (row["model_id"], json.loads(row["facts"])["until"]) == ("churn-fixed", "2026-12-01")


def test_of_a_model_as_a_whole_only_what_it_has_alone_is_taken_care_of(asker: Asker, warehouse: Warehouse) -> None:
    answer = send(asker, body(about={"model_id": "churn-fixed"}))
    assert answer.status_code == 404, "all it has belongs to an incident, which other models have too"
    assert kept(warehouse) == []


# -- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "status", "words"),
    [
        ({"incident": "2026-11-19:age"}, 404, "no such incident"),
        ({"model_id": "nobody"}, 404, "no such model"),
        ({"model_id": "nobody", "subject": "tenure_months", "rule": "missing"}, 404, "no such model"),
        ({"model_id": "churn-fixed", "subject": "nothing"}, 404, "no such variable"),
        ({"model_id": "churn-fixed", "batch_id": "nothing"}, 404, "no such batch"),
        ({"model_id": "churn-fixed", "batch_id": "2026-11-18", "model_version": "9"}, 404, "no such batch"),
        ({"model_id": "churn-fixed", "subject": "tenure_months", "rule": "drift"}, 404, "nothing of the kind"),
        ({}, 422, "what it is about"),
        ("churn-fixed", 422, "what it is about"),
        ({"model_id": ["churn-fixed"]}, 422, "what it is about"),
    ],
)
def test_what_the_warehouse_does_not_know_is_refused(
    refusing: Asker, untouched: Warehouse, about: object, status: int, words: str
) -> None:
    answer = send(refusing, body(kind="note", about=about))
    assert answer.status_code == status
    assert words in answer.get_json()["error"]
    assert kept(untouched) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost.evil.example"},
        {"Referer": "http://localhost/incidents"},
    ],
)
def test_another_site_cannot_write(refusing: Asker, untouched: Warehouse, headers: dict[str, str]) -> None:
    answer = send(refusing, body(), headers)
    assert answer.status_code == 403
    assert "another site" in answer.get_json()["error"]
    assert kept(untouched) == []


def test_a_site_whose_name_leads_here_cannot_write(refusing: Asker, untouched: Warehouse) -> None:
    answer = send(refusing, body(), {**HERE, "Host": "evil.example", "Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert "does not go by the name" in answer.get_json()["error"]
    assert kept(untouched) == []


def test_an_older_browser_says_its_origin(asker: Asker) -> None:
    assert send(asker, body(), {"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize("mimetype", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
def test_a_form_cannot_write(refusing: Asker, untouched: Warehouse, mimetype: str) -> None:
    answer = refusing.client.post("/_act", data=json.dumps(body()), headers={**HERE, "Content-Type": mimetype})
    assert answer.status_code == 415
    assert kept(untouched) == []


def test_only_post_and_only_so_much_and_only_an_object(refusing: Asker) -> None:
    assert refusing.client.get("/_act", headers=HERE).status_code == 404, "there is no page of this name"
    assert send(refusing, body(text="x" * 40_000)).status_code == 413
    assert send(refusing, [1, 2]).status_code == 400
    deep = refusing.client.post("/_act", data="[" * 20_000, headers={**HERE, "Content-Type": "application/json"})
    assert deep.status_code == 400
    assert send(refusing, body(text="x" * 2001)).status_code == 422


def test_a_refusal_is_in_the_language_of_the_page(refusing: Asker) -> None:
    answer = send(refusing, body(lang="fr", about={"model_id": "nobody"}, kind="note"))
    assert answer.get_json()["error"] == "Ce modèle n\u2019existe pas."
    assert send(refusing, body(lang={"x": 1}, kind="x")).status_code == 422


@pytest.mark.parametrize("environment", ["lab", "run"])
def test_elsewhere_than_at_home_nobody_writes_without_a_proxy(warehouse: Warehouse, environment: str) -> None:
    asker = Asker(warehouse, environment=environment)
    answer = send(asker, body())
    assert answer.status_code == 403
    assert "VIGIE_IAP_AUDIENCE" in answer.get_json()["error"]
    assert kept(warehouse) == []
    nodes, _ = asker.ask("/incidents")
    assert of_class(nodes, "action") == [], "there is no button that cannot work"
    assert "iap_audience" in text(main(nodes))


# -- what was written, on pages ----------------------------------------------------------------------------


def test_markup_is_text(asker: Asker) -> None:
    send(asker, body(text=MARKUP, author="<b>Ada</b>"))
    nodes, _ = asker.ask("/incidents")
    (said,) = of_class(nodes, "event-text")
    assert text(said).replace("\u202e", "") == MARKUP.replace("\u202e", "")
    assert "<b>Ada</b>" in text(of_class(nodes, "event-author"))
    table = asker.client.get("/_table.csv", query_string={"table": "troubles", "at": "/incidents"})
    assert "<img src=x" in table.get_data(as_text=True)


def test_a_warehouse_that_fails_keeps_nothing_and_says_so(warehouse: Warehouse) -> None:
    tables = FailingTables(warehouse)
    asker = Asker(tables)
    asker.ask("/incidents")
    tables.fail("deliver")
    answer = send(asker, body(lang="fr"))
    assert answer.status_code == 503
    assert "Rien n\u2019a été écrit" in answer.get_json()["error"]
    assert SECRET not in answer.get_data(as_text=True)
    assert kept(warehouse) == []
    tables.fail("deliver", trouble="denied")
    asker = Asker(tables)
    assert "may not write" in send(asker, body()).get_json()["error"]
    tables.recover()
    assert send(asker, body()).status_code == 200
    assert len(kept(warehouse)) == 2


def test_a_folder_that_cannot_be_written_is_said_so(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = Asker(open_warehouse(made))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", SECRET)

    monkeypatch.setattr("qod.warehouse.folder.os.open", refuse, raising=False)
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    answer = send(asker, body())
    assert answer.status_code == 503
    assert SECRET not in answer.get_data(as_text=True)


def again(asker: Asker, address: str, wrote: object) -> str:
    """The page as the browser asks for it after something was written at the server's moment ``wrote``."""
    sent = question(address)
    sent["inputs"][-1]["value"] = {"at": 1, "wrote": wrote}
    sent["changedPropIds"] = ["again.data"]
    answer = asker.client.post("/_dash-update-component", json=sent)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_writer_sees_it_at_once_whichever_process_answers(made: Path, folder: Path) -> None:
    shutil.copytree(made, folder)
    one, other = (Asker(open_warehouse(folder), refresh_seconds=60) for _ in range(2))
    ask: Callable[[], str] = lambda: other.words("/incidents")  # noqa: E731
    assert "Acknowledged by" not in ask()
    wrote = send(one, body()).get_json()["wrote"]
    assert "Acknowledged by" not in ask(), "it asks for no stamp within the minute"
    assert "Acknowledged by" in again(other, "/incidents", wrote)
    assert "Acknowledged by" in ask(), "and from then on for everybody"


def test_what_is_written_rests_on_the_tables_of_now(made: Path, folder: Path) -> None:
    shutil.copytree(made, folder)
    one, tables = Asker(open_warehouse(folder), refresh_seconds=60), FailingTables(open_warehouse(folder))
    other = Asker(tables, refresh_seconds=60)
    other.ask("/incidents")
    other.ask("/models/churn-fixed")  # which keeps what is written of it
    assert send(one, body()).status_code == 200
    assert send(other, body()).status_code == 200, "the same click, sent again to another process"
    assert tables.count("deliver") == 0, "it asked anew, within the minute in which pages do not, and found it kept"


@pytest.mark.parametrize("wrote", [None, "x", -1, 10**400, 1e300, {"x": 1}, [], True])
def test_nonsense_about_when_something_was_written_is_a_page(refusing: Asker, wrote: object) -> None:
    assert "tenure_months" in again(refusing, "/incidents", wrote)


def test_a_gate_that_is_shut_is_no_way_around(warehouse: Warehouse) -> None:
    tables = FailingTables(warehouse)
    asker = Asker(tables, gate=Gate(limit_seconds=0.2))
    asker.ask("/incidents")
    tables.fail("stamp", "deliver", trouble="unreachable")
    assert send(asker, body()).status_code == 503
    assert tables.count("deliver") == 0, "nobody waits for a warehouse that does not answer"
