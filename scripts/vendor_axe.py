"""Renews tests/browser/axe/ from the package axe-core, by npm: ``make axe``."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "tests" / "browser" / "axe"
PACKAGE: Final = "axe-core@^4"
FILES: Final = ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt")
"""What is taken from the package."""

README: Final = """\
# axe-core {version}

`axe.min.js` looks at a page as someone would who cannot see it well or cannot use a mouse; the tests run it on every
page. It is used by tests alone: nothing of it is installed with Vigie or sent to a reader.

- taken unchanged from the npm package `axe-core`, version {version}
- integrity of that package: `{integrity}`
- SHA-256 of `axe.min.js`: `{digest}`
- licence: Mozilla Public License 2.0 (`LICENSE`; what axe itself uses: `LICENSE-3RD-PARTY.txt`)

`make axe` takes the newest 4.x by npm, compares the package with the integrity that npm states, and
writes these files again.
"""


def renew(folder: Path) -> str:
    """Take the newest package, write its files and the README to ``folder``; the version that was taken.

    Exits with a sentence where npm fails and where the package is not what npm says it should be.
    """
    with tempfile.TemporaryDirectory() as scratch:
        packed = _npm("pack", PACKAGE, "--json", folder=Path(scratch))[-1]
        version, integrity = str(packed["version"]), str(packed["integrity"])
        archive = Path(scratch) / str(packed["filename"])
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != integrity:
            raise SystemExit(f"axe-core {version} has the integrity {found}; npm states {integrity}")
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as package:
            for name in FILES:
                member = package.extractfile(f"package/{name}")
                if member is None:
                    raise SystemExit(f"axe-core {version} holds no {name}")
                (folder / name).write_bytes(member.read())
    digest = hashlib.sha256((folder / "axe.min.js").read_bytes()).hexdigest()
    readme = README.format(version=version, integrity=integrity, digest=digest)
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return version


def _npm(*arguments: str, folder: Path) -> list[dict[str, object]]:
    made = subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        sys.stderr.write(made.stderr)
        raise SystemExit("npm failed; it stands in Node.js, which renewing axe needs and testing does not")
    answer = json.loads(made.stdout)
    return list(answer.values()) if isinstance(answer, dict) else answer


if __name__ == "__main__":
    print(f"tests/browser/axe/: axe-core {renew(FOLDER)}")
