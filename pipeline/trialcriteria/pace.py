"""How far a run is: the share of the input's bytes that has been read, and the time that is left."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO


class Pace:
    """Follows the files of a run as they are opened one after another."""

    def __init__(self, inputs: Iterable[str]) -> None:
        """`inputs` are files and folders; what is no file, as standard input, has no size and so no end in sight."""
        self._total = 0
        for path in map(Path, inputs):
            files = path.rglob("*") if path.is_dir() else [path]
            self._total += sum(file.stat().st_size for file in files if file.is_file())
        self._before = 0
        self._file: IO[bytes] | None = None
        self._size = 0
        self._start: tuple[float, float] | None = None

    def opened(self, file: IO[bytes], size: int) -> None:
        """The next file of `size` bytes is being read; those before it are through."""
        self._before += self._size
        self._file, self._size = file, size

    def share(self) -> float:
        """The share of the bytes that has been read, 0 to 1."""
        if not self._total:
            return 0.0
        at = self._size if self._file is None or self._file.closed else min(self._file.tell(), self._size)
        return min(1.0, (self._before + at) / self._total)

    def seconds_left(self) -> float | None:
        """The time until the end at the pace since the first call; None while, or once, bytes say nothing of it."""
        share, now = self.share(), time.monotonic()
        if self._start is None:
            self._start = share, now
        since, began = self._start
        return (now - began) * (1 - share) / (share - since) if since < share < 1 else None
