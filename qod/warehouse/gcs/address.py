"""The address of a lake in a bucket: gs://BUCKET/PREFIX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qod.errors import WarehouseError

SCHEME: Final = "gs://"

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_EXAMPLE: Final = "gs://my-bucket/vigie"


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket, and the prefix of all names in it; the prefix is empty for a whole bucket."""

    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")

    def name(self, path: str) -> str:
        """The object's name of a path below the prefix."""
        return f"{self.prefix}/{path}" if self.prefix else path


def parse_address(address: str) -> Place:
    """The bucket and prefix of ``gs://BUCKET/PREFIX``; WarehouseError says what is wrong with another."""
    bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise WarehouseError(
            f"The warehouse address {address!r} names no bucket: {bucket!r} cannot be one.",
            hint=f"give a bucket, and a prefix if you like, as {_EXAMPLE}.",
        )
    prefix = prefix.strip("/")
    if any(part in ("", ".", "..") for part in prefix.split("/")) and prefix:
        raise WarehouseError(
            f"The warehouse address {address!r} has a prefix with an empty part, '.' or '..' in it.",
            hint=f"give it as {_EXAMPLE}.",
        )
    return Place(bucket, prefix)
