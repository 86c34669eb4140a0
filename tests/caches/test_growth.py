"""Time grows with the size of the input and not with its square: four times as much takes about four times as long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.selection import Selection
from layerlint.source import Source

RULES = load()
SELECTION = Selection({rule.id: rule.severity for rule in RULES.rules})


def seconds(text: str) -> float:
    source = Source("Dockerfile", text.encode())
    start = time.process_time()
    lint(source, RULES, SELECTION)
    return time.process_time() - start


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: "RUN " + " && \\\n".join(["pip install x"] * n), id="commands of one RUN"),
        pytest.param(lambda n: "RUN " + "pip install x; rm -rf /tmp/x; \\\n" * n + "true", id="removals in one RUN"),
        pytest.param(lambda n: "RUN " + "if x; then A=1; pip install x; fi; \\\n" * n + "true", id="conditions"),
        pytest.param(lambda n: "RUN pip install \\\n" + '"$A" \\\n' * 4 * n, id="quoted words"),
        pytest.param(lambda n: "RUN pip install x && rm -rf /tmp/x\n" * n, id="RUNs that remove"),
        pytest.param(lambda n: "FROM a\nRUN pip install x\n" * n, id="stages"),
    ],
)
def test_time_grows_with_the_size(text: Callable[[int], str]) -> None:
    small, large = (min(seconds(f"FROM a\n{text(n)}\n") for _ in range(2)) for n in (250, 1000))
    assert large / small < 8
