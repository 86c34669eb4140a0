"""The verdicts for the uses of pip's cache in a Dockerfile, for the tests of this folder."""

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.rules.loading import load
from layerlint.shell.word import shown
from layerlint.source.source import Source

RULES = load()


def verdicts(*lines: str) -> list[str]:
    """Each use of a cache as `verdict directory`, of a Dockerfile with these lines after its FROM."""
    dockerfile = parse(Source("Dockerfile", "\n".join(["FROM python:3.12", *lines, ""]).encode()))
    assert not dockerfile.problems
    runs = read_runs(dockerfile, RULES.knowledge)
    return [
        f"{entry.verdict} {shown(entry.directory)}"
        for run in runs
        for entry in run.entries
        if entry.purpose == "fills" and entry.invocation.tool.tool == "pip"
    ]


LEFT = ["left /root/.cache/pip"]
ABORTED = ["aborted /root/.cache/pip"]
OFF = ["off /root/.cache/pip"]
REMOVED = ["removed /root/.cache/pip"]
MOUNTED = ["mounted /root/.cache/pip"]
