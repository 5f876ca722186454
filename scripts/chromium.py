"""Where the Chromium of the browser tests and screenshots is; installs one from the system's packages on request."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS: Final = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome: ``CHROMIUM`` when it is set, else one of the system's; None without."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            return found
    return next((path for path in MAC_APPLICATIONS if Path(path).exists()), None)


def install_chromium() -> None:
    """Install Chromium with apt-get (Debian) or Homebrew (macOS); CalledProcessError when that fails."""
    if sys.platform == "darwin":
        _run("brew", "install", "--cask", "chromium")
        return
    root = () if os.geteuid() == 0 else ("sudo",)
    _run(*root, "apt-get", "update", "-qq")
    _run(*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "chromium")


def _run(*command: str) -> None:
    # Standard output is the answer of this script, so the installer speaks on standard error.
    subprocess.run(command, check=True, stdout=sys.stderr)


def main(arguments: list[str]) -> int:
    """Print the path of Chromium; with ``--install``, install it first where there is none. Exit code 0 or 1."""
    found = find_chromium()
    if found is None and "--install" in arguments and "CHROMIUM" not in os.environ:
        print("No Chromium was found: installing it from the system's packages.", file=sys.stderr)
        try:
            install_chromium()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"Chromium could not be installed: {error}", file=sys.stderr)
        found = find_chromium()
    if found is None:
        print("Chromium was not found. Install it, or set CHROMIUM to the path of a Chrome.", file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
