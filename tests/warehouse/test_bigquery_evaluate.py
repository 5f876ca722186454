"""Evaluation on BigQuery: what a day costs, by the bytes the server says each question processed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.evaluation.evaluate import evaluate
from qod.contract import TABLES
from tests.bigquery.server import BigQueryServer
from tests.longer import slow
from tests.test_increment import differences
from tests.test_increment_reads import LAST, RECENT, grown
from tests.warehouse.bigquery_home import emulated
from tests.warehouse.bigquery_made import made
from tests.worlds import World

LARGE = {name for name, table in TABLES.items() if table.large}


def read_in_a_day(server: BigQueryServer, days: int) -> tuple[int, int]:
    """The bytes that a day's increment reads after so many days of history: in all, and of large tables."""
    home = grown(made(server), days)
    # The history was logged just now, as no history is: a month ago, then.
    with server.client() as client:
        client.query_and_wait(
            f"UPDATE {home.connection.place.dataset}.deliveries "
            "SET logged_at = TIMESTAMP_SUB(logged_at, INTERVAL 30 DAY) "
            f"WHERE first_day IS NULL OR first_day <= DATE '{LAST}'"
        )
    server.log.clear()
    assert evaluate(home, as_of=LAST + timedelta(days=1), tidy=False).evaluated == 3
    asked = server.queries("label command=evaluate")
    assert len(asked) > 5
    found = 0, 0
    for one in asked:
        statistics = (one.job or {})["statistics"]["query"]
        tables = {table["tableId"] for table in statistics.get("referencedTables", ())}
        found = found[0] + one.bytes, found[1] + (one.bytes if tables & LARGE else 0)
    return found


@pytest.mark.slow  # test_increment_reads.py asks the same of a lake, test_bigquery_news.py of the log of deliveries
def test_a_days_increment_reads_as_much_after_a_year_as_after_three_months() -> None:
    """By the estimate of a dry run: before cluster pruning, so that other models' rows of those days count too."""
    found = []
    for days in (RECENT, 2 * RECENT):
        with emulated() as server:
            found.append(read_in_a_day(server, days))
    young, old = found
    assert young[1] > 0
    assert old[1] <= young[1] * 1.02, (young, old)
    assert old[0] <= young[0] * 1.1, (young, old)


@pytest.mark.parametrize("seed", slow(2, 3))
def test_what_is_new_comes_out_as_everything_would(seed: int) -> None:
    """Late, repeated, moved and corrected deliveries: nothing is left of what was replaced, and nothing is doubled."""
    with emulated() as server:
        home = made(server)
        world = World(home, seed)
        steps = []
        for _ in range(9):
            steps += [world.step() for _ in range(int(world.random.choice([1, 1, 2, 4])))]
            evaluate(home, as_of=world.today, tidy=False)
            for name in ("health", "measures", "findings", "cohorts", "standing"):
                keys = [tuple(row[column] for column in TABLES[name].key) for row in home.table(name).to_pylist()]
                assert len(keys) == len(set(keys)), (name, steps)
        assert not differences(home, world.today), steps
