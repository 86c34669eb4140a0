"""What is fuzzed: the inputs that are written for it, and what must hold of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from tests.fuzz import properties
from tests.fuzz.dockerfiles import DOCKERFILES, LIKELY, RUNS
from tests.fuzz.rule_files import CONFIGURATIONS, RULE_FILES, TOML_CONFIGURATIONS


class Target(NamedTuple):
    """`inputs` are bytes, as in a file; `holds` raises an exception where it does not."""

    inputs: st.SearchStrategy[bytes]
    holds: Callable[[bytes], object]


def _toml(text: bytes) -> None:
    properties.configuration_read_well(text, "layerlint.toml")


TARGETS = {
    "parser": Target(DOCKERFILES, properties.parsed_well),
    "runs": Target(st.one_of(RUNS, RUNS, DOCKERFILES), properties.linted_well),
    "fixer": Target(st.one_of(RUNS, LIKELY), properties.fixed_well),
    "rules": Target(RULE_FILES, properties.rule_read_well),
    "configuration": Target(CONFIGURATIONS, properties.configuration_read_well),
    "toml": Target(TOML_CONFIGURATIONS, _toml),
}
