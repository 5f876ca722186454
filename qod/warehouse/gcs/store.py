"""The files of a lake as objects of a bucket."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from qod.warehouse.gcs.address import Place
from qod.warehouse.gcs.client import Client
from qod.warehouse.gcs.copies import KEPT_BYTES, Copies
from qod.warehouse.gcs.errors import translated
from qod.warehouse.store import Stored

_TOGETHER: Final = 256
"""Objects that are read or written in one go, so that not all of a large delivery is held twice."""


class GcsStore:
    """The objects below a prefix of a bucket; it is asked for nothing until it is used."""

    share_seconds = 1.0

    def __init__(self, place: Place, *, kept_bytes: int = KEPT_BYTES) -> None:
        self.place = place
        self._client = Client(place)
        self._copies = Copies(f"{os.environ.get('STORAGE_EMULATOR_HOST', '')} {place}", kept_bytes=kept_bytes)

    def __str__(self) -> str:
        return str(self.place)

    def names(self, folder: str) -> frozenset[str]:
        """The names of the objects directly in ``folder``: one request for each thousand."""
        prefix = self.place.name(f"{folder}/")
        return frozenset(item["name"].removeprefix(prefix) for item in self._list(prefix, "name", delimiter="/"))

    def walk(self, folder: str) -> Iterator[Stored]:
        """Every object below ``folder``."""
        now, root = datetime.now(UTC), self.place.name("")
        for item in self._list(self.place.name(f"{folder}/"), "name,size,updated"):
            age = (now - datetime.fromisoformat(item["updated"])).total_seconds()
            yield Stored(item["name"].removeprefix(root), int(item["size"]), age)

    def _list(self, prefix: str, fields: str, **options: str) -> Iterator[dict[str, Any]]:
        token, doing = None, "the listing of objects"
        wanted = {"prefix": prefix, "fields": f"nextPageToken,items({fields})", "maxResults": 1000, **options}
        while True:
            try:
                (page,) = self._client.run(doing, [partial(self._page, asked={**wanted, "pageToken": token})])
            except FileNotFoundError as error:
                raise translated(error, doing=doing, place=self.place, seconds=0) from error
            yield from page.get("items", ())
            token = page.get("nextPageToken")
            if not token:
                return

    def read(self, paths: Sequence[str]) -> list[bytes]:
        """The contents of ``paths``, fetched at once."""
        read: list[bytes] = []
        for start in range(0, len(paths), _TOGETHER):
            some = paths[start : start + _TOGETHER]
            read += self._client.run(
                f"the reading of {len(some):,} objects", [partial(self._get, path=p) for p in some]
            )
        return read

    def write(self, files: Mapping[str, bytes]) -> None:
        """Create objects; one that is there already was written by a try whose reply was lost."""
        doing = f"the writing of {len(files):,} objects"
        try:
            self._client.run(doing, [partial(self._create, path=path, data=data) for path, data in files.items()])
        except FileNotFoundError as error:
            raise translated(error, doing=doing, place=self.place, seconds=0) from error

    def remove(self, paths: Collection[str]) -> None:
        """Remove objects; those that are gone already are passed over."""
        self._client.run(f"the removal of {len(paths):,} objects", [partial(self._delete, path=path) for path in paths])

    def local(self, paths: Sequence[str], *, afresh: bool = False) -> list[str]:
        """Copies of the objects on this machine: they never change, so each is fetched once."""
        found = {} if afresh else self._copies.find(paths)
        missing = [path for path in dict.fromkeys(paths) if path not in found]
        for start in range(0, len(missing), _TOGETHER):
            some = missing[start : start + _TOGETHER]
            found |= self._copies.add(dict(zip(some, self.read(some), strict=True)))
        return [found[path] for path in paths]

    def one_question(self) -> AbstractContextManager[None]:
        """Within it, all that this thread asks shares one limit: a page's is a few seconds."""
        return self._client.one_question()

    # -- one request each ----------------------------------------------------------------------------------

    def _object(self, path: str) -> str:
        return f"{self.place.bucket}/{self.place.name(path)}"

    async def _page(self, files: Any, *, asked: dict[str, Any]) -> dict[str, Any]:
        page: dict[str, Any] = await files._call("GET", "b/{}/o", self.place.bucket, json_out=True, **asked)
        return page

    async def _get(self, files: Any, *, path: str) -> bytes:
        data: bytes = await files._cat_file(self._object(path))
        return data

    async def _create(self, files: Any, *, path: str, data: bytes) -> None:
        with suppress(FileExistsError):
            await files._pipe_file(self._object(path), data, mode="create")

    async def _delete(self, files: Any, *, path: str) -> None:
        with suppress(FileNotFoundError):
            await files._rm_file(self._object(path))
