"""Which COPYs take a cache into the image, from a stage that is not in it."""

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.rules.loading import load
from layerlint.source.source import Source

RULES = load()


def carried(text: str) -> list[int]:
    """The lines of the COPYs that take what the first RUN leaves in /root/.cache/pip into the image."""
    run, *_ = read_runs(parse(Source("Dockerfile", text.encode())), RULES.knowledge)
    return [copy.line for copy in run.carried.values()]


@pytest.mark.parametrize(
    ("copy", "is_carried"),
    [
        pytest.param("COPY --from=a /root /root", True, id="a folder above it"),
        pytest.param('COPY --from=a ["/root", "/root"]', True, id="in exec form"),
        pytest.param("COPY --from=a /root/.local /root/.local", False, id="another folder"),
        pytest.param("COPY --from=a root/.cache/ /x", True, id="without a slash in front"),
        pytest.param("COPY --from=a /etc /root/.cache /x/", True, id="one of several"),
        pytest.param("COPY --from=a /root/.cache/pip/wheels /x", False, id="a part of it"),
        pytest.param("COPY --from=a /root", False, id="no target"),
        # Quotes and variables
        pytest.param('COPY --from=a "/root" /root', True, id="in quotes"),
        pytest.param("COPY --from=a '/root/.cache' '/x'", True, id="in single quotes"),
        pytest.param("ENV D=/root\nCOPY --from=a $D/.cache /x", True, id="by a variable"),
        pytest.param('ENV D=/root\nCOPY --from=a ["$D", "/x"]', True, id="by a variable in exec form"),
        pytest.param("ENV D=/etc\nCOPY --from=a $D /x", False, id="by a variable, something else"),
        pytest.param("COPY --from=a $D /x", False, id="by a variable that is not known"),
        pytest.param("ARG TARGETARCH\nCOPY --from=a /$TARGETARCH /x", False, id="by one that is only set"),
        pytest.param("ARG TARGETARCH\nCOPY --from=a /root /$TARGETARCH", True, id="to wherever"),
        # Patterns
        pytest.param("COPY --from=a /root/.cache/pi* /x/", True, id="by a pattern"),
        pytest.param("COPY --from=a /root/* /x/", True, id="a star stands for a dot too"),
        pytest.param("COPY --from=a /root/.cache/pip/* /x/", True, id="all in it"),
        pytest.param("COPY --from=a /root/.[^c]* /x/", False, id="all but a letter"),
        pytest.param("COPY --from=a /*/*/p?p /x/", True, id="a pattern in each folder"),
        pytest.param("COPY --from=a /*/*/u? /x/", False, id="a pattern for another name"),
        # What is left out
        pytest.param("COPY --from=a --exclude=.cache /root /root", False, id="excluded"),
        pytest.param("COPY --from=a --exclude=x --exclude=.cache/ /root /root", False, id="by the second pattern"),
        pytest.param("COPY --from=a --exclude=.c* /root /root", False, id="by a star"),
        pytest.param("COPY --from=a --exclude=pip /root /root", True, id="a name at the top only"),
        pytest.param("COPY --from=a --exclude=**/pip /root /root", False, id="a name anywhere"),
        pytest.param("COPY --from=a --exclude=.cache/** /root /root", False, id="all in a folder"),
        pytest.param("COPY --from=a --exclude=.cache/pip/* /root /root", False, id="all in it, by a star"),
        pytest.param("COPY --from=a --exclude=* /root/.cache/pip /x", False, id="all of it"),
        pytest.param("COPY --from=a --exclude=root /root /root", True, id="the source itself is no pattern's business"),
        pytest.param("COPY --from=a --exclude=*.pyc /root /root", True, id="other files"),
        pytest.param("COPY --from=a --exclude=.cache --exclude=!.cache/pip /root /root", True, id="and in again"),
    ],
)
def test_a_copy_into_the_image(copy: str, is_carried: bool) -> None:
    text = f"FROM python:3.12 AS a\nRUN pip install x\nFROM scratch\n{copy}\n"
    assert bool(carried(text)) is is_carried


@pytest.mark.parametrize(
    ("first", "second", "is_carried"),
    [
        pytest.param("COPY --from=a /root /x", "/x", True, id="to a folder"),
        pytest.param("COPY --from=a /root /x", "/root", False, id="and another one on"),
        pytest.param("COPY --from=a /root /x", "/x/.cache/pip", True, id="only the cache on"),
        pytest.param("WORKDIR /w\nCOPY --from=a /root .", "/w/.cache", True, id="to the working directory"),
        pytest.param("WORKDIR /w\nCOPY --from=a /root x", "/w/x", True, id="relative to it"),
        pytest.param("WORKDIR /w\nCOPY --from=a /root ../x", "/x", True, id="beside it"),
        pytest.param("ENV D=/d\nCOPY --from=a /root $D", "/d", True, id="by a variable"),
        pytest.param("COPY --from=a /root/.c* /x", "/x/pip", True, id="the content of what a pattern names"),
        pytest.param("COPY --from=a --parents /root/.cache /x", "/x/root", True, id="with the folders above it"),
        pytest.param("COPY --from=a --parents /root/.cache /x", "/x/pip", False, id="and not without them"),
        pytest.param("COPY --from=a --parents /root/./.cache /x", "/x/.cache", True, id="with some of them"),
        pytest.param("COPY --from=a --parents=false /root/.cache /x", "/x/pip", True, id="or none"),
        pytest.param("ARG TARGETARCH\nCOPY --from=a /root /$TARGETARCH", "/", True, id="somewhere, and all of it on"),
        pytest.param("ARG TARGETARCH\nCOPY --from=a /root /$TARGETARCH", "/x", False, id="somewhere else, perhaps"),
    ],
)
def test_on_a_way_through_another_stage(first: str, second: str, is_carried: bool) -> None:
    filled = "FROM python:3.12 AS a\nRUN pip install x\n"
    text = f"{filled}FROM scratch AS b\n{first}\nFROM scratch\nCOPY --from=b {second} /y\n"
    assert bool(carried(text)) is is_carried


def test_the_first_copy_is_named() -> None:
    text = "FROM python:3.12 AS a\nRUN pip install x\nFROM scratch\nCOPY --from=a /root /x\nCOPY --from=a /root /y\n"
    assert carried(text) == [4]
