"""`python -m tests.oracle`: build the cases and see what stays in the image."""

import sys

from tests.oracle import command
from tests.oracle.session import SUITE
from tests.oracle.systems.session import SUITE as SYSTEMS


def main() -> int:
    """The command's exit status."""
    parser = command.parser("python -m tests.oracle", __doc__)
    parser.add_argument("--systems", action="store_true", help="the cases about distributions' package managers")
    options = parser.parse_args()
    return command.run(SYSTEMS if options.systems else SUITE, options)


if __name__ == "__main__":
    sys.exit(main())
