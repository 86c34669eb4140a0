"""Time grows with the size of the input and not with its square: four times as much takes about four times as long.

Or there is an error that says what is too much. Where the clock would say little, calls of functions are counted.
"""

# ruff: noqa: E501

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from layerlint.caches.pairs import Pairs
from layerlint.finding import FixKind
from layerlint.image.files import Files
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import Selection
from layerlint.shell.syntax import NotFollowedError
from layerlint.source.source import Source, Span
from tests.program import timed

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
    small, large = (f"FROM a\n{text(n)}\n" for n in (250, 1000))
    assert calls(large) < 4.5 * calls(small)
    # What is done within a call, copying for example, only the clock sees: the square would be 16 times as long.
    limit = 12 * min(seconds(small) for _ in range(3))
    assert any(seconds(large) < limit for _ in range(3))


def calls(text: str, selection: Selection = SELECTION) -> int:
    """How many functions are called to lint a file, and to make its fixes: the same number each time."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    source = Source("Dockerfile", text.encode())
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        report = lint(source, RULES, selection)
    finally:
        sys.setprofile(before)
    assert not report.errors
    return counted


def _copied(n: int) -> str:
    copies = (f"FROM python AS s{i}\nRUN pip install x\nCOPY --from=s{i - 1} / /\n" for i in range(1, n))
    return "FROM python AS s0\n" + "".join(copies)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: "RUN pip install x\n" * n, id="lines"),
        pytest.param(lambda n: "RUN pip install" + " \\\n x" * 4 * n, id="words"),
        pytest.param(lambda n: "".join(f"FROM a\nENV A{i}=b\nRUN pip install x\n" for i in range(n)), id="stages"),
        pytest.param(_copied, id="stages that copy from the one before"),
        pytest.param(lambda n: _copied(n) + "FROM b\n", id="stages that copy, and none gets there"),
        pytest.param(lambda n: "ENV A=b\nRUN pip install x\n" * n, id="a variable that is set again"),
        pytest.param(
            lambda n: "".join(f"ENV A{i}=$A{i - 1}b\n" for i in range(n)) + "RUN pip install $A", id="variables"
        ),
        pytest.param(lambda n: "RUN " + "a | \\\n" * n + "pip install x", id="a pipeline"),
        pytest.param(lambda n: "RUN " + 'bash <<< "pip install x"; \\\n' * n + "true", id="scripts in a script"),
        pytest.param(
            lambda n: "".join(f"RUN useradd u{i}\nUSER u{i}\nRUN pip install x\n" for i in range(n)), id="users"
        ),
        pytest.param(lambda n: "RUN " + "--mount=type=cache,target=/a \\\n" * n + "pip install x", id="mounts"),
    ],
)
def test_calls_grow_with_the_size(text: Callable[[int], str]) -> None:
    small, large = (calls(f"FROM python\n{text(n)}\n") for n in (100, 400))
    assert large / small < 5


@pytest.mark.parametrize("fix_with", FixKind)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: "RUN pip install x\n" * n, id="RUNs"),
        pytest.param(lambda n: "RUN " + "pip install x && \\\n" * n + "true", id="commands"),
        pytest.param(lambda n: 'RUN sh -c "pip install x"\n' * n, id="scripts"),
        pytest.param(lambda n: "FROM a\nRUN pip install x\n" * n, id="stages"),
        pytest.param(lambda n: "RUN npm ci && rm -rf /tmp/x\n" * n, id="RUNs to append to"),
        pytest.param(lambda n: "RUN apt-get update\n" * n + "RUN apt-get install x", id="what is used later"),
        pytest.param(lambda n: "RUN apt-get update\nRUN apt-get install x\n" * n, id="RUNs to join"),
        pytest.param(lambda n: "RUN apt-get update\n" + "RUN apt-get install x\n" * n, id="many RUNs to join with one"),
        pytest.param(lambda n: "RUN pip install x && rm /root/.cache/pip/x\n" * n, id="removals that insist"),
    ],
)
def test_calls_to_fix_grow_with_the_size(text: Callable[[int], str], fix_with: FixKind) -> None:
    selection = replace(SELECTION, fix_with=fix_with)
    small, large = (calls(f"FROM python\n{text(n)}\n", selection) for n in (100, 400))
    assert large / small < 5


def _chain(n: int) -> str:
    return "".join(f"FROM s{i} AS s{i + 1}\nENV A{i}=b\nRUN pip install x\n" for i in range(n))


HANDED_ON = (
    "RUNs and stages have been handed more than 500,000 variables, users and caches by here, which is not followed."
)
TOO_MANY_COMMANDS = "This runs too many commands to be followed; those in loops and functions count each time."
TOO_MANY_PAIRS = (
    "There are more than 100,000 pairs of a cache and what removes or copies it by here, which is not followed."
)
LONG_WORD = "This becomes a word of more than 1,000,000 bytes, which is not followed."
NESTS = "This nests more than 60 commands in one another, which is not followed."


@timed
@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(_chain(10_000), HANDED_ON, id="10,000 stages on one another"),
        pytest.param("".join(f"ENV A{i}=b\nRUN pip install x\n" for i in range(10_000)), HANDED_ON, id="variables times RUNs"),
        pytest.param("ENV " + "".join(f"A{i}=b " for i in range(5_000)) + "\nRUN pip install x" * 5_000, HANDED_ON, id="variables of one ENV"),
        pytest.param("".join(f"RUN useradd u{i}\n" for i in range(16_000)) + "RUN pip install x", HANDED_ON, id="users times RUNs"),
        pytest.param(("RUN " + "for i in 1 2 3 4 5 6 7 8 9 0; do " * 3 + "pip install x; " + "done; " * 3 + "\n") * 500, TOO_MANY_COMMANDS, id="500 RUNs of a thousand commands"),
        pytest.param("RUN " + "".join(f"pip install --cache-dir=/c{i} x; \\\n" for i in range(2_000)) + "".join(f"rm -rf /*{i}*b; \\\n" for i in range(2_000)) + "true", TOO_MANY_PAIRS, id="removals times caches"),
        pytest.param("".join(f"RUN pip install --cache-dir=/c{i} x\n" for i in range(2_000)) + "".join(f"RUN rm -rf /c{i}\n" for i in range(2_000)), TOO_MANY_PAIRS, id="RUNs that remove times caches"),
        pytest.param("".join(f"RUN pip install --cache-dir=/c{i} x\n" for i in range(2_000)) + "FROM b\n" + "".join(f"COPY --from=s0 /c{i} /c{i}\n" for i in range(2_000)), TOO_MANY_PAIRS, id="copies times caches"),
        pytest.param("RUN " + "".join(f"--mount=type=cache,target=/c{i} \\\n" for i in range(2_000)) + "".join(f"pip install --cache-dir=/c{i}/p x; \\\n" for i in range(2_000)) + "true", TOO_MANY_PAIRS, id="mounts times caches"),
        pytest.param("RUN " + "".join(f"if a; then A{i}=b; fi; \\\n" for i in range(8_000)) + "pip install x", TOO_MANY_COMMANDS, id="conditions times variables"),
        pytest.param("ENV A=" + "a" * 60_000 + "\nRUN pip install " + "\\\n".join(["$A$A$A$A"] * 4_000), LONG_WORD, id="a word of a gigabyte"),
        pytest.param("ENV A=" + "a" * 60_000 + "\nRUN pip install " + " \\\n".join(["$A$A$A$A"] * 4_000), TOO_MANY_COMMANDS, id="words of a gigabyte"),
        pytest.param("RUN " + "( \\\n" * 10_000 + "pip install x" + ")" * 10_000, NESTS, id="subshells 10,000 deep"),
        pytest.param("RUN " + "{ \\\n" * 10_000 + "pip install x" + "; }" * 10_000, NESTS, id="groups 10,000 deep"),
        pytest.param("RUN " + "if a; then \\\n" * 10_000 + "pip install x" + "; fi" * 10_000, NESTS, id="conditions 10,000 deep"),
        pytest.param("RUN pip install " + "$(pip install " * 3_000 + ")" * 3_000, NESTS, id="substitutions 3,000 deep"),
        pytest.param("RUN " + "sudo " * 10_000 + "pip install x", NESTS, id="sudo 10,000 times"),
        pytest.param("RUN " + "eval " * 10_000 + "pip install x", TOO_MANY_COMMANDS, id="eval 10,000 times"),
    ],
)  # fmt: skip
def test_what_would_take_too_long_is_an_error(text: str, error: str) -> None:
    source = Source("Dockerfile", f"FROM python AS s0\n{text}\n".encode())
    start = time.process_time()
    report = lint(source, RULES, SELECTION)
    assert time.process_time() - start < 4  # 2 on a machine that does nothing else
    assert [found.message for found in report.errors][:1] == [error]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN pip install " + "${A:-" * 10_000 + "x" + "}" * 10_000, id="values of variables"),
        pytest.param("ENV A=" + "${A:-" * 10_000 + "x" + "}" * 10_000 + "\nRUN pip install $A", id="values in ENV"),
        pytest.param("RUN pip install x; echo $((" + "(" * 10_000 + "1" + ")" * 10_000 + "))", id="arithmetic"),
        pytest.param('RUN pip install x; echo "' + '$("' * 10_000 + '")' * 10_000 + '"', id="quotes"),
        pytest.param("RUN pip install x; echo " + "{a," * 10_000 + "}" * 10_000, id="braces"),
        pytest.param('RUN ["pip", "install", ' + "[" * 10_000 + "]" * 10_000 + "]", id="arrays"),
        pytest.param("RUN pip install x; a " + "| a " * 10_000, id="pipelines"),
        pytest.param("RUN pip install x" + " || a" * 10_000, id="alternatives"),
    ],
)
def test_what_is_10_000_deep_fills_no_stack(text: str) -> None:
    report = lint(Source("Dockerfile", f"FROM python\n{text}\n".encode()), RULES, SELECTION)
    assert report.source is not None


def test_pairs_are_counted_over_a_whole_file() -> None:
    pairs = Pairs()
    pairs.count(100_000, _Placed(None))
    with pytest.raises(NotFollowedError) as refusal:
        pairs.count(1, _Placed(Span(3, 4)))
    assert (str(refusal.value), refusal.value.span) == (TOO_MANY_PAIRS, Span(3, 4))


@dataclass(frozen=True, slots=True)
class _Placed:
    span: Span | None


def test_a_word_is_not_put_together_without_end() -> None:
    source = Source("Dockerfile", b"FROM a\nENV A=" + b"a" * 60_000 + b"\nRUN pip install x$A$A" + b"$A$A" * 8 + b"\n")
    report = lint(source, RULES, SELECTION)
    assert [(error.line, error.column, error.message) for error in report.errors] == [(3, 17, LONG_WORD)]


def test_a_configuration_that_grows_is_not_known_any_more() -> None:
    files = Files({}, frozenset({"pip.conf"}))
    assert files.with_file("/etc/pip.conf", "#" * 8_192).content == {"/etc/pip.conf": "#" * 8_192}
    assert files.with_file("/etc/pip.conf", "#" * 8_193).content == {"/etc/pip.conf": None}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("ENV PIP_CACHE_DIR=" + "/a" * 30_000, id="a directory"),
        pytest.param(
            "ENV PIP_CACHE_DIR=" + "/a" * 30_000 + "\nENV NPM_CONFIG_CACHE=" + "/a" * 30_000, id="directories"
        ),
        pytest.param("USER " + "a" * 60_000, id="a user"),
    ],
)
@pytest.mark.parametrize("fix_with", FixKind)
def test_what_is_said_of_each_line_is_short(said: str, fix_with: FixKind) -> None:
    source = Source("Dockerfile", f"FROM python\n{said}\n{'RUN pip install x && npm ci' * 10}\n".encode())
    report = lint(source, RULES, replace(SELECTION, fix_with=fix_with))
    assert len(report.findings) > 1
    for finding in report.findings:
        texts = [edit.text for fix in finding.fixes for edit in fix.edits]
        assert sum(map(len, (finding.message, finding.advice, finding.unfixable, *texts))) < 2_500
