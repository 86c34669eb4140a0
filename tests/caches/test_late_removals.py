"""Which removal in a later RUN is held against what an earlier one has left."""

from __future__ import annotations

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.rules.loading import load
from layerlint.source.source import Source

KNOWLEDGE = load().knowledge


@pytest.mark.parametrize(
    ("run", "is_late"),
    [
        pytest.param("rm -rf /root/.cache", True, id="of nothing else"),
        pytest.param("pip install b && rm -rf /root/.cache", False, id="of what its own RUN has filled"),
        pytest.param("pip install b && pip cache purge", False, id="by the tool itself"),
        pytest.param("npm install && rm -rf /root/.npm /root/.cache", True, id="beside another cache of its RUN"),
        pytest.param("rm -rf /root/.cache && pip install b", True, id="in front of what fills it"),
        pytest.param("pip install --no-cache-dir b && rm -rf /root/.cache", True, id="where its own RUN fills nothing"),
    ],
)
def test_a_removal_is_late_for_what_others_have_filled(run: str, is_late: bool) -> None:
    first, second = read_runs(
        parse(Source("Dockerfile", f"FROM a\nRUN pip install a\nRUN {run}\n".encode())), KNOWLEDGE
    )
    assert bool(first.late) is bool(second.too_late) is is_late


def test_removals_in_two_stages_are_each_late_for_what_both_are_built_on() -> None:
    stages = "FROM a AS one\nRUN pip install a && pip install b\n" + "FROM one\nRUN rm -rf /root/.cache\n" * 2
    filling, *removing = read_runs(parse(Source("Dockerfile", stages.encode())), KNOWLEDGE)
    assert {at: removed.command for at, removed in filling.late.items()} == dict.fromkeys(
        (0, 1), removing[0].commands[0]
    )
    assert [run.too_late for run in removing] == [{0: (filling, 0)}] * 2
