"""The scopes that a delivery leaves without rows in some of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qod.contract import TABLES
from qod.warehouse import Scope, cut
from qod.warehouse.log import Claim, DataFile


def emptied_files(
    files: Sequence[DataFile], tables: Sequence[str], emptied: Mapping[str, Iterable[Scope]], delivery_id: str
) -> list[DataFile]:
    """For each table of a delivery, the scopes that it replaces by nothing there: named by another table, or emptied.

    They have the days of their rows in the delivery's other tables, so that whoever asks what changed knows where.
    """
    named: dict[tuple[str, ...], dict[Scope, Claim]] = {}
    for table in tables:
        of_table = named.setdefault(TABLES[table].scope, {})
        of_table.update({scope: Claim(delivery_id, None, None, 0) for scope in emptied.get(table, ())})
    for file in files:
        of_table = named[TABLES[file.table].scope]
        for scope, claim in file.claims.items():
            held = of_table.get(scope)
            first, last = cut.days((held, claim)) if held and held.rows else (claim.first, claim.last)
            of_table[scope] = Claim(delivery_id, first, last, claim.rows)
    found = []
    for table in tables:
        covered = {scope for file in files if file.table == table for scope in file.claims}
        bare = {
            scope: Claim(delivery_id, claim.first, claim.last, 0)
            for scope, claim in named[TABLES[table].scope].items()
            if scope not in covered
        }
        if bare:
            found.append(DataFile(table, None, 0, 0, None, None, None, bare))
    return found
