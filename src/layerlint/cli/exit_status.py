"""How a run ends: with a status, and with words for what stopped it."""

from __future__ import annotations

import sys
from collections.abc import Callable

from layerlint.errors import UserError
from layerlint.system.interrupts import Ended
from layerlint.system.terminal import STATUS_BROKEN_PIPE, Output, drop_standard_output, print_error
from layerlint.version import VERSION

STATUS_WRONG_USE = 2
STATUS_INTERRUPTED = 130


def finish(command: Callable[[], int]) -> None:
    """Run `command` and exit with its status, or with what an exception means."""
    try:
        try:
            status = command()
        except SystemExit as ended:  # typer's way to end
            status = ended.code if isinstance(ended.code, int) else 0
        Output().flush()
    except UserError as error:
        for mistake in error.mistakes:
            first, *more = mistake.lines
            print_error(first if mistake.path else f"layerlint: {first}", *more)
        status = STATUS_WRONG_USE
    except BrokenPipeError:
        drop_standard_output()
        status = STATUS_BROKEN_PIPE
    except KeyboardInterrupt as ended:
        drop_standard_output()
        status = ended.status if isinstance(ended, Ended) else STATUS_INTERRUPTED
    except Exception as error:
        from layerlint.run.jobs import internal_error

        print_error(f"layerlint {VERSION}: {internal_error(error)} with the command that you ran")
        status = STATUS_WRONG_USE
    sys.exit(status)
