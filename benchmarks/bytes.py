"""Weighs the pages: what each reads on a cold cache from BigQuery, for a fleet of daily models over a year.

Run it as ``python -m benchmarks.bytes``. The tests' server counts bytes by BigQuery's documented sizes: before cluster
pruning, as a dry run says them, and after it, where it takes rows to be sorted perfectly. The last column takes them to
be sorted by model alone.
"""

from __future__ import annotations

import argparse
import os

from tests.bigquery.server import BigQueryServer
from tests.web.cost import Asked, page_queries
from tests.web.year import DRIFTING, MODEL, Year, year

PAGES = (
    "/",
    f"/models/{MODEL}",
    f"/models/{MODEL}?page=9",
    f"/models/{MODEL}/inputs",
    f"/models/{MODEL}/inputs?last=0",
    f"/models/{MODEL}/inputs?last=0&show=missing",
    f"/models/{MODEL}/inputs/{DRIFTING}",
    f"/models/{MODEL}/inputs/{DRIFTING}?last=0",
    f"/models/{MODEL}/performance",
    f"/models/{MODEL}/performance?last=0",
)


def weigh(server: BigQueryServer, fleet: Year, *, queries: bool) -> None:
    """Print megabytes by page, and by query if asked for."""
    found = {address: page_queries(server, fleet, address) for address in PAGES}
    for made in server.database.tables.values():
        if made.get("clustering"):
            made["clustering"] = {"fields": made["clustering"]["fields"][:1]}
    plain = {address: page_queries(server, fleet, address) for address in PAGES}
    print(f"{'MB':<58}{'queries':>8}{'dry run':>10}{'pruned':>9}{'by model':>10}")
    for address, asked in found.items():
        _line(address, f"{len(asked)}", asked, plain[address])
        for one, other in zip(asked, plain[address], strict=True) if queries else ():
            _line(f"    {one.query} ({', '.join(one.tables)})", "", [one], [other])


def _line(name: str, count: str, asked: list[Asked], plain: list[Asked]) -> None:
    before, after, by_model = (
        sum(sizes) / 1e6 for sizes in ([a.before for a in asked], [a.after for a in asked], [a.after for a in plain])
    )
    print(f"{name[:57]:<58}{count:>8}{before:>10.2f}{after:>9.2f}{by_model:>10.2f}")


def main() -> None:
    """Read the arguments and weigh."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--variables", type=int, default=50)
    parser.add_argument("--queries", action="store_true", help="each query of a page too")
    arguments = parser.parse_args()
    with BigQueryServer() as server:
        os.environ["BIGQUERY_EMULATOR_HOST"] = server.address
        fleet = year(server, models=arguments.models, days=arguments.days, variables=arguments.variables)
        weigh(server, fleet, queries=arguments.queries)


if __name__ == "__main__":
    main()
