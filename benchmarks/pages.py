"""Measures the pages: server time and compressed size of the answer to each address, on a fleet of 500 models.

Cold: the first answer of a new application, which opens the lake and reads everything. Drawn: the answers of the
warehouse are kept, the page is drawn anew, as for the first reader after another. Kept: the page itself is kept.

Run it as ``python -m benchmarks.pages``, with other addresses of a warehouse of your own as
``python -m benchmarks.pages --warehouse FOLDER / /models/churn``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest import mock

from benchmarks.large import LONG, VARIABLE, WIDE, warehouse
from dashboard.settings import Settings
from dashboard.web import answer
from dashboard.web.app import create_app
from dashboard.web.serve import settle
from tests.web.asking import question

COLD: Final = 5
WARM: Final = 30

ADDRESSES: Final = (
    "/",
    "/?page=2",
    "/?colour=red",
    "/timeline",
    "/timeline?from=2025-11-20&to=2026-11-19",
    "/incidents",
    f"/compare?left={LONG}&right={WIDE}",
    f"/models/{LONG}",
    f"/models/{LONG}/inputs/{VARIABLE}",
    f"/models/{LONG}/inputs/{VARIABLE}?last=0",
    f"/models/{LONG}/predictions?last=0",
    f"/models/{WIDE}/inputs",
    f"/models/{WIDE}/inputs?last=365&all=1",
    f"/models/{LONG}/performance",
    f"/models/{LONG}/performance?last=0",
    f"/models/{LONG}/versions",
    f"/models/{LONG}/policy",
    "/glossary",
)


def measure(folder: Path, addresses: list[str]) -> None:
    """Print, for each address: milliseconds (medians; the 95th percentile of those drawn) and kilobytes."""
    print(f"{'milliseconds and kB':<52}{'cold':>8}{'drawn':>8}{'p95':>8}{'kept':>7}{'zstd':>8}{'gzip':>8}")
    _cold(folder, "/")  # what is imported at the first page of all is not the page's
    for address in addresses:
        cold = median(_cold(folder, address) for _ in range(COLD))
        client = create_app(Settings(warehouse=str(folder))).server.test_client()
        whole = client.post("/_dash-update-component", json=question(address)).data
        if b"notice failure" in whole or b'"page page-missing' in whole:
            raise SystemExit(f"{address}: the page is not whole")
        settle()  # as a worker of `vigie serve` does once it has read the fleet
        with mock.patch.object(answer, "_of_version", lambda found, request, key: answer._drawn(found, request)):
            drawn = sorted(_ask(client, address)[0] for _ in range(WARM))
        kept = median(_ask(client, address)[0] for _ in range(WARM))
        sizes = [_ask(client, address, encoding)[1] for encoding in ("zstd", "gzip")]
        print(
            f"{address[:51]:<52}{cold:>8.0f}{median(drawn):>8.1f}{drawn[int(0.95 * WARM)]:>8.1f}{kept:>7.1f}"
            f"{sizes[0]:>8.1f}{sizes[1]:>8.1f}",
            flush=True,
        )


def _cold(folder: Path, address: str) -> float:
    client = create_app(Settings(warehouse=str(folder))).server.test_client()
    return _ask(client, address)[0]


def _ask(client: Any, address: str, encoding: str = "zstd") -> tuple[float, float]:
    """Milliseconds and kilobytes of the answer."""
    asked = question(address)
    start = time.perf_counter()
    made = client.post("/_dash-update-component", json=asked, headers={"Accept-Encoding": encoding})
    took = (time.perf_counter() - start) * 1000
    if made.status_code != 200:
        raise SystemExit(f"{address}: {made.status_code}")
    return took, len(made.data) / 1000


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="*", default=list(ADDRESSES))
    parser.add_argument("--warehouse", type=Path, help="a warehouse to read, instead of a made one of 500 models")
    arguments = parser.parse_args()
    with warehouse(arguments.warehouse) as folder:
        measure(folder, arguments.addresses)


if __name__ == "__main__":
    main()
