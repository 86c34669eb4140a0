"""`python -m tests.oracle.programs`: run the cases and see what each RUN leaves."""

import sys

from tests.oracle import command
from tests.oracle.programs.session import SUITE

if __name__ == "__main__":
    sys.exit(command.run(SUITE, command.parser("python -m tests.oracle.programs", __doc__).parse_args()))
