"""What a page view asks of BigQuery and what that reads, by the tests' server's own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qod.contract import TABLES
from tests.bigquery.server import BigQueryServer
from tests.web.asking import Asker, main, of_class, text
from tests.web.year import NEIGHBOURS, Year


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a page: the tables it names, its bytes before cluster pruning (a dry run's) and after it."""

    query: str
    tables: tuple[str, ...]
    before: int
    after: int


def page_queries(server: BigQueryServer, fleet: Year, address: str) -> list[Asked]:
    """The queries of a page on a cold cache, BigQuery's own cache of results included."""
    for key in server.database.tables:
        server.database.touch(key)
    begun = len(server.jobs.all())
    nodes, _ = Asker(fleet.warehouse).ask(address)
    assert not of_class(nodes, "failure"), text(main(nodes))
    jobs = server.jobs.all()
    found = [_asked(job, fleet) for job in jobs[: len(jobs) - begun][::-1]]
    return found


def _asked(job: dict[str, Any], fleet: Year) -> Asked:
    about = job["statistics"]["query"]
    tables = tuple(sorted(table["tableId"] for table in about["referencedTables"]))
    # Only some models have rows in the large tables, and all weigh the same.
    scale = fleet.models // NEIGHBOURS if any(TABLES[name].large for name in tables) else 1
    before, after = int(about["estimatedBytesProcessed"]), int(about["totalBytesProcessed"])
    return Asked(job["configuration"]["labels"]["query"], tables, before * scale, after)
