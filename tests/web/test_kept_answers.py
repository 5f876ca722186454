"""What is kept for one address is never shown at another: each says the same, whatever was asked before."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.web.cache import AnswerCache
from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_class, of_kind
from tests.web.twins import TWINS, VERSIONS, twins
from tests.web.versions_world import HOSTILE, MANY, versions_world

SINCE = ("", "&against=week:2026-W45", "&against=week:2026-W46")
OTHER = quote(HOSTILE, safe="")
MODEL = f"/models/{MANY}"

ALIKE = (
    *(
        f"{MODEL}/policy?last=0&drift.amber={amber}&drift.red={red}&drift.rows=20"
        for amber, red in ((0.02, 0.03), (0.5, 9))
    ),
    *(f"/compare?left={MANY}&left_version=v1&right={MANY}&right_version={right}" for right in ("v3", OTHER)),
    *(f"{MODEL}/versions?left=v1&right={right}" for right in ("v3", OTHER)),
    *(f"{MODEL}/inputs?last=0&version={version}" for version in ("v1", "v3", OTHER)),
    *(f"{MODEL}/inputs/wait?last=0&version={version}" for version in ("v1", "v3", OTHER)),
)
"""Addresses that differ in one parameter from their neighbour, and must not look the same."""


TRIAL = "missing.amber=0.05&missing.red=0.9"
OF_TWINS = {
    "policy": (
        *(f"policy?last=0&{trial}" for trial in (TRIAL, "missing.amber=0.3&missing.red=0.9", "missing.red=0.1")),
        *(f"policy?last=0&missing.amber=0.3&missing.red=0.9&variable={variable}" for variable in ("wait", "fee")),
    ),
    "inputs": (
        *(f"inputs?last=30&show=missing&version={version}" for version in VERSIONS),
        *(f"inputs/{variable}?last=30&version={version}" for variable in ("wait", "fee") for version in VERSIONS),
        *(f"inputs{rest}last=0&version=v1" for rest in ("?show=missing&", "/wait?")),
    ),
    "performance": (
        *(
            f"performance?last=0&cohort=week:2026-W{week}&of={version}&detail=gain"
            for week in (46, 47)
            for version in VERSIONS
        ),
        *(f"performance?last=0&cohort=week:2026-W47&of=v1&detail=segments{since}" for since in SINCE),
    ),
}
"""Addresses about what has the same days, so that what was read for one would fit another; of each of the twins."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return versions_world(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def well_asked(tables: Warehouse) -> tuple[Asker, tuple[str, ...]]:
    """An application that was asked for every address, and these, cohorts among them."""
    asker = Asker(tables)
    nodes, _ = asker.ask(f"{MODEL}/performance?last=0")
    links = {node["props"].get("href") or "" for node in of_kind(main(nodes), "A")}
    addresses = (*ALIKE, *sorted(link for link in links if link.startswith(MODEL) and "cohort=" in link)[-6:])
    for address in addresses:
        asker.ask(address)
    return asker, addresses


def test_every_address_shows_its_own_whatever_was_asked_before(
    tables: Warehouse, well_asked: tuple[Asker, tuple[str, ...]]
) -> None:
    asker, addresses = well_asked
    assert len(addresses) > len(ALIKE)
    seen: dict[str, Any] = {}
    forgetful = Asker(tables)
    for address in addresses:
        seen[address] = asker.response(address).get_json()["response"]["app"]
        forgetful.app.reader.cache = AnswerCache()
        assert seen[address] == forgetful.response(address).get_json()["response"]["app"], address
    for one, next_one in pairwise(ALIKE):
        assert seen[one] != seen[next_one]


@pytest.fixture(scope="module")
def of_same_days(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return twins(tmp_path_factory.mktemp("twins"))


@pytest.mark.parametrize("page", OF_TWINS)
def test_what_has_the_same_days_is_kept_apart(of_same_days: Warehouse, page: str) -> None:
    alone, forgetful, asker = {}, Asker(of_same_days), Asker(of_same_days)
    addresses = [f"/models/{model}/{rest}" for rest in OF_TWINS[page] for model in TWINS]
    for address in addresses:
        forgetful.app.reader.cache = AnswerCache()
        alone[address] = json.dumps(main(forgetful.ask(address)[0]))
        assert not of_class(json.loads(alone[address]), "failure"), address
    for one, next_one in pairwise(addresses):
        assert alone[one].replace(TWINS[0], TWINS[1]) != alone[next_one].replace(TWINS[0], TWINS[1])
    for address in addresses:
        assert json.dumps(main(asker.ask(address)[0])) == alone[address], address
