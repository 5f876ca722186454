"""The demo on BigQuery without an account: the tests' server on loopback, and the product beside it.

``make demo-bigquery`` runs it; its arguments go to ``vigie demo``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.bigquery.server import BigQueryServer

ADDRESS: Final = "bigquery://demo/vigie"
SMALL: Final = ("--models", "12", "--days", "120")
"""The tests' server is one process in Python: a smaller fleet is there in about a minute."""


def main(arguments: list[str]) -> int:
    """Serve a BigQuery, create the tables in it, and run the demo against it until it is stopped."""
    vigie = str(Path(sys.executable).with_name("vigie"))
    with BigQueryServer(location="EU") as server:
        environment = {
            **os.environ,
            "VIGIE_WAREHOUSE": ADDRESS,
            "BIGQUERY_EMULATOR_HOST": server.address,
            "BIGQUERY_STORAGE_EMULATOR_HOST": server.storage.address,
        }
        print(
            f"A BigQuery of the tests listens on {server.address}. In another terminal:\n"
            f"  export VIGIE_WAREHOUSE={ADDRESS} BIGQUERY_EMULATOR_HOST={server.address} "
            f"BIGQUERY_STORAGE_EMULATOR_HOST={server.storage.address}",
            flush=True,
        )
        for command in (["init", "--location", "EU"], ["demo", *(arguments or SMALL)]):
            try:
                status = subprocess.run([vigie, *command], env=environment, check=False).returncode
            except KeyboardInterrupt:
                return 0
            if status:
                return status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
