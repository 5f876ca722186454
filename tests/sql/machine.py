"""ZetaSQL as WebAssembly: compiled once for all workers, called with messages of its own protocol."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Compiling takes 14 s of one core without it and 25 s with it; no query here is long enough to earn that back.
_OPTIMISATION = "none"


class RefusedError(Exception):
    """The engine does not take the statement, or failed while running it; says why."""


class Machine:
    """One instance of the engine. A request that breaks it costs the instance: the next one starts anew.

    ``instance`` counts them: what was registered with one is unknown to the next.
    """

    def __init__(self) -> None:
        import wasmtime
        from zetasql.wasi import get_wasm_path  # type: ignore[import-untyped]

        config = wasmtime.Config()
        config.shared_memory = True
        config.cranelift_opt_level = _OPTIMISATION
        self._engine = wasmtime.Engine(config)
        self._module = _compiled(self._engine, Path(get_wasm_path()))
        self.instance = 0
        self._start()

    def _start(self) -> None:
        import tzdata  # type: ignore[import-untyped]
        import wasmtime

        system = wasmtime.WasiConfig()
        system.inherit_stderr()
        system.preopen_dir(str(Path(tzdata.__file__).parent / "zoneinfo"), "/usr/share/zoneinfo")
        self._store = wasmtime.Store(self._engine)
        self._store.set_wasi(system)
        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        self._exports: Any = linker.instantiate(self._store, self._module).exports(self._store)
        self.instance += 1
        self._call("_initialize")
        # Shared memory grows where it is: its address holds as long as the instance.
        memory: Any = self._exports["memory"]
        self._address = ctypes.addressof(memory.data_ptr().contents)

    def ask(self, method: str, request: Any, answer: Any) -> Any:
        """The answer, a message of the type ``answer``, to ``request``; RefusedError where there is none."""
        import wasmtime

        try:
            return answer.FromString(self._ask(f"ZetaSqlLocalService_{method}", request.SerializeToString()))
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            self._start()
            raise RefusedError(f"the engine broke: {str(error).splitlines()[0]}") from error

    def _ask(self, method: str, request: bytes) -> bytes:
        asked, size = self._call("wasm_malloc", len(request)), self._call("wasm_malloc", 4)
        ctypes.memmove(self._address + asked, request, len(request))
        at = self._call(method, asked, len(request), size)
        self._call("wasm_free", asked)
        length = int.from_bytes(self._read(size, 4), "little")
        self._call("wasm_free", size)
        if not at:
            length, at = self._call("wasm_get_last_error_size"), self._call("wasm_get_last_error")
            raise RefusedError(self._read(at, length).decode())
        answer = self._read(at, length)
        self._call("wasm_free", at)
        return answer

    def _read(self, at: int, size: int) -> bytes:
        return ctypes.string_at(self._address + at, size)

    def _call(self, name: str, *args: int) -> Any:
        return self._exports[name](self._store, *args)


def _compiled(engine: Any, source: Path) -> Any:
    """The engine's module, compiled by whoever comes first and kept for those who come later, in other runs too."""
    import wasmtime

    facts = "|".join((_digest(source), _OPTIMISATION, importlib.metadata.version("wasmtime"), platform.platform()))
    folder = _folder()
    kept = folder / f"zetasql-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.cwasm"
    with _alone(folder / "lock"):
        if kept.exists():
            try:
                return wasmtime.Module.deserialize_file(engine, str(kept))
            except wasmtime.WasmtimeError:
                kept.unlink()  # of another processor, or cut short
        module = wasmtime.Module.from_file(engine, str(source))
        temporary = kept.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(module.serialize())
        temporary.replace(kept)
        return module


def _folder() -> Path:
    """A folder that only this user can write: what is in it is run as it is."""
    folder = Path(tempfile.gettempdir()) / f"vigie-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    held = folder.lstat()
    if held.st_uid != os.getuid() or held.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else, or others may write there: remove it.")
    return folder


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Held by one process at a time; the others wait."""
    import fcntl

    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
