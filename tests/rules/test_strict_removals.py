"""Removals that fail where there is nothing: which of them a fix makes content with nothing, and which it leaves."""

from __future__ import annotations

import pytest

from layerlint.finding import FixKind
from layerlint.source.source import Source
from tests.fixed_files import assert_fixed_well


def mended(lines: str, fix_with: FixKind) -> str:
    """What stands behind the FROM of a file after its fixes, or why there is none."""
    source = Source("Dockerfile", f"FROM python\n{lines}\n".encode())
    result = assert_fixed_well(source, fix_with, unsafe=True)
    if not result.applied:
        return result.report.findings[0].unfixable
    return result.source.data.decode().removeprefix("FROM python\n").removesuffix("\n")


PIP = "RUN pip install a"
FLAG = "RUN pip install --no-cache-dir a"
ENV = "ENV PIP_NO_CACHE_DIR=1"
DNF = "RUN dnf -y install a"
CLEAN = f"{DNF} && dnf clean all"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            f"{PIP}\nRUN rm -r /root/.cache/pip/http-v2",
            f"{FLAG}\nRUN rm -rf /root/.cache/pip/http-v2",
            id="of a part of the cache",
        ),
        pytest.param(
            f"{PIP} && rm -r /root/.cache/pip/http-v2",
            f"{FLAG} && rm -rf /root/.cache/pip/http-v2",
            id="of a part of the cache, in the RUN itself",
        ),
        pytest.param(
            f"{PIP}\nRUN find /root/.cache/pip -type f -delete",
            "`find` in line 3 fails where there is no /root/.cache/pip",
            id="of files below a directory that only the tool makes",
        ),
        pytest.param(
            f"{PIP}\nRUN find /srv/.cache -type f -delete",
            f"{FLAG}\nRUN find /srv/.cache -type f -delete",
            id="of files below a directory of other caches",
        ),
        pytest.param(
            f"{DNF}\nRUN find /var/cache/dnf -type f -delete",
            f"{CLEAN}\nRUN find /var/cache/dnf -type f -delete",
            id="of files below a directory that the tool brings",
        ),
        pytest.param(
            f"{DNF}\nRUN find /var/cache/dnf/fedora -type f -delete",
            "`find` in line 3 fails where there is no /var/cache/dnf/fedora",
            id="of files below a part of a directory that the tool brings",
        ),
        pytest.param(
            f"{PIP}\nRUN rm -r /root/.cache/pip\nRUN ./fill && rm -r /root/.cache/pip",
            f"{FLAG}\nRUN rm -rf /root/.cache/pip\nRUN ./fill && rm -r /root/.cache/pip",
            id="the first of two: the second finds what something else has put there",
        ),
        pytest.param(
            f"{PIP}\nRUN if b; then rm -r /root/.cache/pip; fi\nRUN rm -r /root/.cache/pip",
            f"{FLAG}\nRUN if b; then rm -rf /root/.cache/pip; fi\nRUN rm -rf /root/.cache/pip",
            id="both, if the first may not run",
        ),
        pytest.param(
            f"{PIP}\nRUN rm -r /root/.cache/pip/http-v2\nRUN rm -r /root/.cache/pip",
            f"{FLAG}\nRUN rm -rf /root/.cache/pip/http-v2\nRUN rm -rf /root/.cache/pip",
            id="both, if the first leaves something",
        ),
    ],
)
def test_with_an_option(lines: str, expected: str) -> None:
    assert mended(lines, FixKind.FLAG) == expected


def test_each_of_two_stages_that_are_built_on_the_same_one() -> None:
    stages = "FROM python AS one\n{}\nFROM one\nRUN {} /root/.cache/pip\nFROM one\nRUN {} /root/.cache/pip\n"
    source = Source("Dockerfile", stages.format(PIP, "rm -r", "rm -r").encode())
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=False)
    assert result.source.data.decode() == stages.format(FLAG, "rm -rf", "rm -rf")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            f"{PIP} && rm -r /root/.cache/pip/http-v2",
            "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install a && rm -r /root/.cache/pip/http-v2",
            id="in the RUN itself, which finds what is on the mount",
        ),
        pytest.param(
            f"{PIP}\nRUN rm -r /root/.cache/pip/http-v2",
            "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install a\nRUN rm -rf /root/.cache/pip/http-v2",
            id="in a later RUN, which does not",
        ),
    ],
)
def test_with_a_mount(lines: str, expected: str) -> None:
    assert mended(lines, FixKind.MOUNT) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            f"RUN ./fill && rm -r /root/.cache/pip\n{PIP}",
            f"{ENV}\nRUN ./fill && rm -r /root/.cache/pip\n{PIP}",
            id="before pip fills it",
        ),
        pytest.param(
            f"{PIP}\nRUN pip install b && uv pip install --system c && rm -r /root/.cache",
            f"{ENV}\n{PIP}\nRUN pip install b && uv pip install --system c && rm -r /root/.cache",
            id="of what another tool fills too",
        ),
        pytest.param(
            f"RUN pip install --cache-dir /x --no-cache-dir b && ./fill && rm -r /x\n{PIP}",
            f"{ENV}\nRUN pip install --cache-dir /x --no-cache-dir b && ./fill && rm -r /x\n{PIP}",
            id="where the cache was off already",
        ),
        pytest.param(
            "RUN pip install --no-cache-dir .\nRUN rm -r /root/.cache/pip",
            f"{ENV}\nRUN pip install --no-cache-dir .\nRUN rm -rf /root/.cache/pip",
            id="of what a second pip has filled, which builds",
        ),
        pytest.param(
            f"{PIP}\nRUN cargo install b\nRUN rm -r /root/.cargo/registry",
            f"{ENV}\n{PIP}\nRUN cargo install b\nRUN rm -r /root/.cargo/registry",
            id="of what another tool fills",
        ),
    ],
)
def test_with_a_variable(lines: str, expected: str) -> None:
    assert mended(lines, FixKind.ENV) == expected


@pytest.mark.parametrize("fix_with", [FixKind.FLAG, FixKind.ENV])
def test_as_many_as_people_write_and_no_more(fix_with: FixKind) -> None:
    many = [f"RUN rm {{}} /root/.cache/pip/{number}" for number in range(51)]
    for count in (50, 51):
        lines = "\n".join([PIP, *many[:count]])
        expected = "\n".join([FLAG if fix_with is FixKind.FLAG else f"{ENV}\n{PIP}", *many[:count]]).format(
            *["-rf"] * count
        )
        refused = "more than 50 commands behind it fail where there is nothing to remove"
        assert mended(lines.format(*["-r"] * count), fix_with) == (expected if count == 50 else refused)
