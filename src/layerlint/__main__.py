"""`python -m layerlint` is `layerlint`."""

from layerlint.cli import main

main()
