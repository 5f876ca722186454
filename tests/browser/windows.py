"""Windows of the browser, kept from test to test: what one has loaded and compiled serves the next tests too.

A window is taken as good as new: nothing stored, no cookie, its own size and media, on an empty page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

USUAL: Final[dict[str, Any]] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "en-GB",
    "color_scheme": "light",
    "reduced_motion": "no-preference",
}
EMPTY: Final = "about:blank"


@dataclass
class Watch:
    """What went wrong in pages: console errors, exceptions, dialogs, requests that left this machine."""

    faults: list[str] = field(default_factory=list)

    def request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            self.faults.append(f"request to {request.url}")

    def console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def thrown(self, error: Any) -> None:
        self.faults.append(f"exception: {error}")

    def dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


class Window:
    """A page in a context of its own, and whoever watches it now."""

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self.options = options
        self.watch = Watch()
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(15_000)
        self.context.on("request", lambda request: self.watch.request(request))
        self.context.on("page", self._follow)
        self.page: Page = self.context.new_page()

    def _follow(self, page: Page) -> None:
        page.on("console", lambda message: self.watch.console(message))
        page.on("pageerror", lambda error: self.watch.thrown(error))
        page.on("dialog", lambda dialog: self.watch.dialog(dialog))

    def empty(self) -> None:
        """Leave the page and forget what it stored; what it still says on its way out is nobody's fault."""
        self.watch = Watch()
        if self.page.url.startswith("http"):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.goto(EMPTY)
        self.context.clear_cookies()
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(self.options["viewport"])
        self.page.emulate_media(
            media="null",
            color_scheme=self.options["color_scheme"],
            reduced_motion=self.options["reduced_motion"],
        )


class Windows:
    """The windows of a browser that no test has at the moment, by the options of their contexts."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[str, list[Window]] = defaultdict(list)

    def take(self, watch: Watch, *, fresh: bool = False, **options: Any) -> Window:
        """A window with these options of ``browser.new_context``; a fresh one was never used before."""
        options = {**USUAL, **options}
        free = self._free[_key(options)]
        window = free.pop() if free and not fresh else Window(self._browser, options)
        window.watch = watch
        return window

    def put_back(self, window: Window, *, fresh: bool = False) -> None:
        """Keep the window for another test; a fresh one, and one that cannot be emptied, is closed."""
        from playwright.sync_api import Error

        try:
            if not fresh:
                window.empty()
                self._free[_key(window.options)].append(window)
                return
        except Error:
            pass
        window.context.close()


def _key(options: dict[str, Any]) -> str:
    return repr(sorted(options.items()))
