"""Measures what a reader waits for in a real browser, with nothing kept: first paint, interactive, layout shifts.

Interactive is when the page stands and no task of the browser takes 50 ms or more any longer. Run it as
``python -m benchmarks.vitals``, or with ``--warehouse FOLDER`` and addresses of your own.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.large import LONG, VARIABLE, WIDE, warehouse
from benchmarks.serving import serving
from scripts.chromium import find_chromium

RUNS: Final = 5

ADDRESSES: Final = (
    "/",
    "/timeline",
    "/incidents",
    f"/models/{LONG}",
    f"/models/{LONG}/inputs/{VARIABLE}?last=0",
    f"/models/{WIDE}/inputs",
    f"/models/{LONG}/performance",
)

_WATCH: Final = """
window.seen = { tasks: [], shift: 0, paint: null, ready: null };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.tasks.push(entry.startTime + entry.duration)))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (entry.name === "first-contentful-paint") seen.paint = entry.startTime; }))
  .observe({ type: "paint", buffered: true });
new MutationObserver(() => { if (seen.ready === null && document.querySelector("main.page:not(.waiting)")) seen.ready = performance.now(); })
  .observe(document, { childList: true, subtree: true });
"""  # noqa: E501


def measure(folder: Path, addresses: list[str]) -> None:
    """Print a line an address: medians in milliseconds, the largest sum of shifts, kilobytes over the wire."""
    print(f"{'milliseconds, shifts, kB':<52}{'paint':>8}{'page':>8}{'ready':>8}{'shift':>8}{'kB':>8}{'requests':>9}")
    with serving(folder) as (server, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        _visit(browser, server + "/")
        for address in addresses:
            seen = [_visit(browser, server + address) for _ in range(RUNS)]
            times = "".join(f"{median(one[name] for one in seen):>8.0f}" for name in ("paint", "page", "ready"))
            print(
                f"{address[:51]:<52}{times}{max(one['shift'] for one in seen):>8.3f}"
                f"{median(one['kB'] for one in seen):>8.0f}{seen[0]['requests']:>9.0f}",
                flush=True,
            )
        browser.close()


def _visit(browser: Browser, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(_WATCH)
    sizes: list[float] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"] / 1000))
    page.goto(address)
    page.wait_for_selector("main.page:not(.waiting)")
    for graph in page.locator(".dash-graph").all():
        graph.locator(".main-svg").first.wait_for()
    page.wait_for_timeout(1500)
    seen: dict[str, Any] = page.evaluate("() => window.seen")
    context.close()
    ready = max([seen["ready"], seen["paint"], *seen["tasks"]])
    return {
        "paint": seen["paint"],
        "page": seen["ready"],
        "ready": ready,
        "shift": seen["shift"],
        "kB": sum(sizes),
        "requests": len(sizes),
    }


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
