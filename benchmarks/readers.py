"""Measures many readers at once: 50 click through the pages for a minute, on two workers.

Each reader waits between clicks, as people do (.5 to 1.5 s here, far less than they would). The clients run on the same
cores as the server. Run it as ``python -m benchmarks.readers``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.large import LONG, VARIABLE, WIDE, warehouse
from benchmarks.serving import memory, serving
from tests.web.asking import question

CLICKS: Final = (
    *(["/"] * 3),
    *("/?colour=red", "/?page=2", "/?sort=model", "/timeline", "/incidents"),
    *(f"/models/{LONG}", f"/models/{LONG}", f"/models/{LONG}/inputs", f"/models/{LONG}/inputs/{VARIABLE}"),
    *(f"/models/{LONG}/inputs/{VARIABLE}?last=365", f"/models/{LONG}/performance", f"/models/{WIDE}/inputs"),
    *(f"/models/{LONG}/versions", f"/models/{LONG}/predictions", f"/compare?left={LONG}&right={WIDE}", "/glossary"),
)


@dataclass
class Seen:
    """What the readers met: milliseconds of each answer by address, and what went wrong."""

    times: list[tuple[str, float]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


def read(host: str, stop: float, seen: Seen, seed: int, pause: tuple[float, float]) -> None:
    """One reader, who clicks until the moment ``stop``; half of the readers read French."""
    chance = random.Random(seed)
    server = http.client.HTTPConnection(host, timeout=30)
    headers = {"Content-Type": "application/json", "Accept-Encoding": "zstd", "Accept-Language": ("en", "fr")[seed % 2]}
    time.sleep(chance.uniform(0, pause[1]))
    while time.monotonic() < stop:
        address = chance.choice(CLICKS)
        start = time.perf_counter()
        try:
            server.request("POST", "/_dash-update-component", json.dumps(question(address)), headers)
            answer = server.getresponse()
            answer.read()
            if answer.status != 200:
                seen.faults[f"{address}: {answer.status}"] += 1
        except OSError as error:
            seen.faults[f"{address}: {error!r}"] += 1
            server.close()
        seen.times.append((address, (time.perf_counter() - start) * 1000))
        time.sleep(chance.uniform(*pause))


def measure(folder: Path, *, readers: int, seconds: int, pause: tuple[float, float]) -> None:
    """Print times, faults and memory."""
    with serving(folder) as (address, process):
        host = address.removeprefix("http://")
        first = Seen()
        read(host, time.monotonic() + 3, first, 0, (0.0, 0.01))  # both workers have begun
        seen, held = Seen(), []
        stop = time.monotonic() + seconds
        threads = [threading.Thread(target=read, args=(host, stop, seen, number, pause)) for number in range(readers)]
        for thread in threads:
            thread.start()
        while time.monotonic() < stop:
            held.append(sum(memory(process).values()))
            time.sleep(max(1.0, seconds / 12))
        for thread in threads:
            thread.join()
        held.append(sum(memory(process).values()))
    times = sorted(taken for _, taken in seen.times)
    place = {share: times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99)}
    print(f"{readers} readers, {seconds} s, {len(times)} answers ({len(times) / seconds:.0f} a second), two workers")
    print(f"milliseconds: median {place[0.5]:.0f}, p95 {place[0.95]:.0f}, p99 {place[0.99]:.0f}, most {times[-1]:.0f}")
    print(f"faults: {sum(seen.faults.values())} {dict(seen.faults.most_common(5)) or ''}")
    print(f"MB, by twelfths of the time: {', '.join(f'{one:.0f}' for one in held)}")
    slow = {one: [taken for at, taken in seen.times if at == one] for one in set(CLICKS)}
    for one, own in sorted(slow.items(), key=lambda item: -median(item[1] or [0]))[:5]:
        print(f"    {one:<50} median {median(own or [0]):.0f}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--warehouse", type=Path, help="a warehouse made by benchmarks.large")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pause", type=float, nargs=2, default=(0.5, 1.5), help="seconds between clicks: least, most")
    arguments = parser.parse_args()
    told = {"readers": arguments.readers, "seconds": arguments.seconds, "pause": tuple(arguments.pause)}
    with warehouse(arguments.warehouse) as folder:
        measure(folder, **told)


if __name__ == "__main__":
    main()
