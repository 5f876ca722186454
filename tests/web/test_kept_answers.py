"""What is kept for one address is never shown at another: each says the same, whatever was asked before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from qod.warehouse import Warehouse
from tests.web.asking import Asker, main, of_kind
from tests.web.versions_world import HOSTILE, MANY, versions_world

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
    for address in addresses:
        seen[address] = asker.response(address).get_json()["response"]["app"]
        assert seen[address] == Asker(tables).response(address).get_json()["response"]["app"], address
    for one, next_one in pairwise(ALIKE):
        assert seen[one] != seen[next_one]
