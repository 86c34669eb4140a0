"""How far a long run is, on the last line of a terminal. Not rich's: that takes as long to import as a small run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Self, TextIO

PATIENCE = 1.0
"""In seconds: a run that ends before this shows nothing."""

_PERIOD = 0.1
_ERASE = "\r\x1b[K"


class Progress:
    """A line that says how many files are done, what was found in them, and how fast it goes.

    It is there only between two calls of `add`: whoever prints anything calls `clear` first.
    """

    def __init__(
        self,
        total: int,
        stream: TextIO | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of `total` files, on `stream`, nowhere if that is None; `clock` gives seconds."""
        self._total = total
        self._stream = stream
        self._clock = clock
        self._started = clock()
        self._next = self._started + PATIENCE
        self._files = self._findings = 0
        self._shown = False

    def add(self, findings: int) -> None:
        """One file more is done, with this number of findings."""
        self._files += 1
        self._findings += findings
        if self._stream is None or (now := self._clock()) < self._next:
            return
        self._next = now + _PERIOD
        rate = self._files / (now - self._started)
        counts = f"{self._files} of {self._total} files, {self._findings} findings, {rate:.0f} files a second"
        self._print(f"{_ERASE}{counts}")
        self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._print(_ERASE)
            self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def _print(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None  # a terminal that is gone is no reason to stop


def progress_stream() -> TextIO | None:
    """Where progress is shown: standard error, if it is a terminal that can take a line back; else nowhere."""
    stream = sys.stderr
    return stream if stream is not None and stream.isatty() and os.environ.get("TERM") not in {None, "dumb"} else None
