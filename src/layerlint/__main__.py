"""The program: `layerlint`, and `python -m layerlint`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress


def program() -> None:
    """Run the command line, and end at once, as mypy does: taking everything down takes longer than checking a file."""
    gc.disable()  # nothing that is made while a program starts is garbage; a long run turns it on again
    status: object = 0
    try:
        from layerlint.cli.commands import main

        main()
    except SystemExit as ended:
        status = ended.code
    except KeyboardInterrupt:  # before the command line could say so itself, or once more
        status = 130
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # it may be closed, and has been told to whoever reads it
            stream.flush()
    os._exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    program()
