"""`python -m tests.oracle.tools`: build the tools' cases and see what stays in the image."""

import sys

from tests.oracle import command
from tests.oracle.tools.session import SUITE

if __name__ == "__main__":
    sys.exit(command.run(SUITE, command.parser("python -m tests.oracle.tools", __doc__).parse_args()))
