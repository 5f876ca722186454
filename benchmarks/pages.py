"""Measures the pages: server time and compressed size of the answer to each address, on a fleet of 300 models.

Run it as ``python -m benchmarks.pages``, with other addresses of a warehouse of your own as
``python -m benchmarks.pages --warehouse FOLDER / /models/churn``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from dashboard.settings import Settings
from dashboard.web.app import create_app
from tests.web.asking import question
from tests.web.lake import large_fleet

TIMES = 30


def measure(folder: Path, addresses: list[str]) -> None:
    """Print, for each address: the first answer's milliseconds, the warm ones' (median, 95th), and sizes in kB."""
    client = create_app(Settings(warehouse=str(folder))).server.test_client()
    client.get("/")
    print(f"{'address':<44}{'cold ms':>9}{'warm ms':>9}{'p95 ms':>9}{'kB':>8}{'zstd kB':>9}{'gzip kB':>9}")
    for address in addresses:
        asked = question(address)
        times, sizes = [], {}
        for _ in range(TIMES + 1):
            start = time.perf_counter()
            answer = client.post("/_dash-update-component", json=asked, headers={"Accept-Encoding": "zstd"})
            times.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
        for encoding in ("identity", "zstd", "gzip"):
            answer = client.post("/_dash-update-component", json=asked, headers={"Accept-Encoding": encoding})
            sizes[encoding] = len(answer.data) / 1000
        warm = sorted(times[1:])
        print(
            f"{address[:43]:<44}{times[0]:>9.1f}{median(warm):>9.1f}{warm[int(0.95 * TIMES)]:>9.1f}"
            f"{sizes['identity']:>8.1f}{sizes['zstd']:>9.1f}{sizes['gzip']:>9.1f}"
        )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="*", default=["/", "/?page=2", "/?sort=model", "/?colour=red", "/glossary"])
    parser.add_argument("--warehouse", type=Path, help="a warehouse to read, instead of a made one of 300 models")
    parser.add_argument("--models", type=int, default=300)
    arguments = parser.parse_args()
    if arguments.warehouse:
        measure(arguments.warehouse, arguments.addresses)
        return
    with tempfile.TemporaryDirectory() as folder:
        large_fleet(Path(folder), models=arguments.models)
        measure(Path(folder), arguments.addresses)


if __name__ == "__main__":
    main()
