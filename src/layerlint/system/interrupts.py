"""Ends that are asked for: Ctrl-C, SIGTERM, SIGHUP. They come at a moment that suits, and leave nothing half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BY_OTHERS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_ALL = (signal.SIGINT, *_BY_OTHERS)
_CAN_WAIT = hasattr(signal, "pthread_sigmask")


class Ended(KeyboardInterrupt):
    """SIGTERM or SIGHUP, raised as Ctrl-C is, so that whoever cleans up after the one does it after the other."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number
        """What a shell reports of a program that the signal ended."""


@contextmanager
def ends_in_order() -> Iterator[None]:
    """SIGTERM (`timeout`, a CI that cancels) and SIGHUP (the terminal is gone) raise `Ended` in this block.

    What was told to be ignored, as nohup does, still is.
    """
    before = {}
    for number in _BY_OTHERS:
        if signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # it is for the main thread to say
                before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: object) -> None:
    raise Ended(number)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Ends, however often they are asked for, come once this block is through. For what takes no time to speak of."""
    if not _CAN_WAIT:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ALL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ended_by_the_first_process() -> None:
    """What another process of a run does: Ctrl-C, which the first one is told too, is for that to see to.

    SIGTERM ends it at once, but not where it holds interrupts back.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _BY_OTHERS:
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)
    if _CAN_WAIT:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALL)
