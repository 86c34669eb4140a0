# ruff: noqa: E501, ISC004

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from layerlint.dockerfile.instruction import Dockerfile
from layerlint.dockerfile.parser import parse
from layerlint.finding import Finding, Severity
from layerlint.rules.selection import RuleNames
from layerlint.source.source import Source
from layerlint.suppression.comments import suppress
from tests.program import run, write
from tests.sample_rules import RULES

NAMES = RuleNames(RULES)
ALL = {rule.id for rule in RULES}


def read_dockerfile(text: str) -> Dockerfile:
    return parse(Source("Dockerfile", text.encode()))


def finding(dockerfile: Dockerfile, line: int, rule: str = "TST001", severity: Severity = Severity.WARNING) -> Finding:
    """A finding that covers a line."""
    return Finding(rule, rule.lower(), severity, "bad", dockerfile.source.line_span(line), None)


DOCKERFILE = """\
FROM a
{above}
RUN BAD && \\
    {inside}
    more
RUN BAD
"""


def kept_lines(text: str, *lines: int, enabled: Collection[str] = ALL) -> tuple[list[int], list[str]]:
    """The lines (of those with findings of TST001) that are still reported, and what is said of suppressions."""
    dockerfile = read_dockerfile(text)
    kept, unused = suppress(dockerfile, [finding(dockerfile, line) for line in lines], NAMES, enabled)
    source = dockerfile.source
    said = []
    for problem in unused:
        position = source.position(problem.span.start)
        assert source.text(problem.span) == problem.word
        said.append(f"{position.line}:{position.column} {problem.message}; {problem.advice}")
    return [source.line_at(found.span.start) for found in kept], said


OURS = [
    pytest.param("# layerlint: ignore=TST001", True, id="plain"),
    pytest.param("#layerlint:ignore=TST001", True, id="no spaces"),
    pytest.param("  #  layerlint :  ignore = TST001", True, id="many spaces"),
    pytest.param("# Layerlint: Ignore=tst001", True, id="another case"),
    pytest.param("# layerlint: ignore=TST001 because it must be", True, id="reason"),
    pytest.param("# layerlint: ignore=TST001,TST002", True, id="first of two"),
    pytest.param("# layerlint: ignore=TST002 , TST001 reason", True, id="second of two"),
    pytest.param("# layerlint: ignore=bad-word", True, id="name"),
    pytest.param("# layerlint: ignore=DL3042", True, id="alias"),
    pytest.param("# layerlint: ignore=TST002 TST001", False, id="without a comma it is the reason"),
    pytest.param("# layerlint: ignore=TST", False, id="a prefix is not an id"),
    pytest.param("# layerlint ignore=TST001", False, id="no colon"),
    pytest.param("# see layerlint: ignore=TST001", False, id="not at the beginning"),
    pytest.param("# layerlint: ignored=TST001", False, id="another word"),
]
# Measured with hadolint 2.15.
HADOLINTS = [
    pytest.param("# hadolint ignore=DL3042", True, id="hadolint"),
    pytest.param("#hadolint ignore=DL3042", True, id="hadolint: no space"),
    pytest.param("#   hadolint    ignore=DL3042", True, id="hadolint: many spaces"),
    pytest.param("# hadolint ignore = DL3042", True, id="hadolint: spaces around ="),
    pytest.param("# hadolint\tignore=DL3042", True, id="hadolint: tab"),
    pytest.param("# hadolint ignore=DL3001 , DL3042", True, id="hadolint: two"),
    pytest.param("# hadolint ignore=DL3042 # because", True, id="hadolint: comment"),
    pytest.param("# hadolint ignore=DL3042# because", True, id="hadolint: comment at once"),
    pytest.param("# hadolint ignore=DL3042   ", True, id="hadolint: trailing space"),
    pytest.param("# Hadolint ignore=DL3042", False, id="hadolint: capital"),
    pytest.param("# hadolint ignore=dl3042", False, id="hadolint: lower-case id"),
    pytest.param("# hadolint ignore=crazy,DL3042", False, id="hadolint: one bad id"),
    pytest.param("# hadolint ignore=DL3042 because", False, id="hadolint: reason without #"),
    pytest.param("# hadolint ignore=DL3042 DL3001", False, id="hadolint: no comma"),
    pytest.param("# hadolint ignore: DL3042", False, id="hadolint: colon"),
    pytest.param("# hadolint: ignore=DL3042", False, id="hadolint: colon before"),
    pytest.param("## hadolint ignore=DL3042", False, id="hadolint: two #"),
    pytest.param("# hadolint ignore=DL3042,", False, id="hadolint: trailing comma"),
]


@pytest.mark.parametrize(("comment", "works"), OURS + HADOLINTS)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_spelling(place: str, comment: str, works: bool) -> None:
    text = DOCKERFILE.format(**{"above": "# a", "inside": "# b"} | {place: comment})
    assert kept_lines(text, 3, 6)[0] == ([6] if works else [3, 6])


@pytest.mark.parametrize(
    ("text", "lines", "kept"),
    [
        pytest.param("# layerlint: ignore=TST001\n# why\nRUN a\n", [3], [], id="in a block of comments"),
        pytest.param("# layerlint: ignore=TST001\n\nRUN a\n", [3], [3], id="a blank line between"),
        pytest.param("RUN a\n# layerlint: ignore=TST001\n", [1], [1], id="below"),
        pytest.param(
            "RUN a \\\n  b \\\n# layerlint: ignore=TST001\n  c\n", [1, 2, 4], [], id="inside: the whole of it"
        ),
        pytest.param("RUN a\nRUN b\n# layerlint: ignore-file=TST001 x\n", [1, 2], [], id="file, at its end"),
        pytest.param("RUN a\nRUN b\n# hadolint global ignore=DL3042\n", [1, 2], [], id="hadolint's file"),
        pytest.param(
            "# hadolint stage ignore=DL3042\nFROM a\nRUN a\nFROM b\nRUN b\n", [3, 5], [5], id="hadolint's stage"
        ),
        pytest.param("# hadolint stage ignore=DL3042\nRUN a\n", [2], [2], id="hadolint's stage above no FROM"),
        pytest.param(
            "RUN <<EOF\n  # layerlint: ignore=TST001\na\nEOF\nRUN b\n", [3, 5], [5], id="in a script's here-document"
        ),
        pytest.param("COPY <<EOF /x\n# layerlint: ignore=TST001\nEOF\n", [1], [1], id="not in a file's content"),
        pytest.param("# layerlint: ignore=TST002\nRUN a\n", [2], [2], id="another rule"),
    ],
)
def test_what_it_speaks_of(text: str, lines: list[int], kept: list[int]) -> None:
    assert kept_lines(text, *lines)[0] == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "# layerlint: ignore=TST001,DL3043 x\nRUN a\n",
            [
                "1:21 this suppression of TST001 suppresses nothing; take it out",
                "1:28 this suppression of DL3043 suppresses nothing; take it out",
            ],
            id="each id of a comment",
        ),
        pytest.param(
            "RUN é\n# é\n  # layerlint: ignore-file=TST002\n",
            ["3:28 this suppression of TST002 suppresses nothing; take it out"],
            id="file",
        ),
        pytest.param(
            "# layerlint: ignore=TST01\nRUN a\n",
            ["1:21 there is no rule TST01 to suppress; did you mean TST001?"],
            id="unknown",
        ),
        pytest.param(
            "# layerlint: ignore=xyzzy\nRUN a\n",
            ["1:21 there is no rule xyzzy to suppress; `layerlint rules` lists the rules there are"],
            id="unknown and far from all",
        ),
        pytest.param(
            "# layerlint: ignore\nRUN a\n",
            ["1:1 this suppression names no rule; write ignore=RULE, or take the comment out"],
            id="no rule",
        ),
        pytest.param(
            "RUN a\n# layerlint: ignore=TST001\n",
            [
                "2:21 no instruction follows this suppression of TST001; "
                "put it on the line above an instruction, or write ignore-file"
            ],
            id="nothing follows",
        ),
        *(
            pytest.param(
                f"# {comment}{rest}\nRUN a\n",
                [f"1:3 `# {comment}` suppresses nothing; write `# layerlint: {right}=RULE`, with {needed}"],
                id=f"misspelt: {comment}{rest}",
            )
            for comment, rest, right, needed in [
                ("layerlint ignore", "=TST001", "ignore", "a colon"),
                ("Layerlint  ignore", " = TST001 why", "ignore", "a colon"),
                ("layerlint ignore-file", "=TST001", "ignore-file", "a colon"),
                ("layerlint: disable", "=TST001", "ignore", "`ignore` for `disable`"),
                ("layerlint:disable-next-line", " TST001", "ignore", "`ignore` for `disable-next-line`"),
                ("layerlint: ignored", "=TST001", "ignore", "`ignore` for `ignored`"),
                ("layerlint: noqa", "", "ignore", "`ignore` for `noqa`"),
                ("layerlint: noqa", ": TST001", "ignore", "`ignore` for `noqa`"),
                ("layerlint off", "", "ignore", "a colon and `ignore` for `off`"),
            ]
        ),
        *(
            pytest.param(
                f"# layerlint: {comment}\nRUN a\n",
                [f"1:1 this suppression of TST001 suppresses nothing; write `{right}=TST001`, with an ="],
                id=f"without an equals sign: {comment}",
            )
            for comment, right in [
                ("ignore TST001", "ignore"),
                ("ignore: TST001 why", "ignore"),
                ("Ignore-File TST001", "Ignore-File"),
            ]
        ),
        *(
            pytest.param(
                f"FROM a\n{line}\n",
                [
                    f"{place} this suppression of TST001 stands behind a command, where it suppresses nothing; "
                    "put it on a line of its own above the instruction"
                ],
                id=f"behind a command: {line}",
            )
            for line, place in [
                ("RUN b # layerlint: ignore=TST001", "2:27"),
                ("RUN b 'c' \"d\" #layerlint: ignore-file=TST001 why", "2:39"),
                ("RUN b && \\\n  c # layerlint: ignore=TST001", "3:25"),
                ("COPY b c # layerlint: ignore=TST001", "2:30"),
                ("RUN <<EOF\nb # layerlint: ignore=TST001\nEOF", "3:23"),
            ]
        ),
        *(
            pytest.param(f"{text}\n", [], id=f"no comment: {text}")
            for text in [
                "RUN echo '# layerlint: ignore=TST001'",
                'RUN echo "b # layerlint: ignore=TST001"',
                "RUN echo b#layerlint: ignore=TST001",
                "COPY <<EOF /b\nc # layerlint: ignore=TST001\nEOF",
                "# as in # layerlint: ignore=TST001",
                "RUN b # layerlint: the cache is wanted",
            ]
        ),
        pytest.param("# layerlint: ignore=LL001\nRUN b # layerlint: ignore=TST001\n", [], id="behind a command, and meant"),
        *(
            pytest.param(f"# {comment}\nRUN a\n", [], id=f"prose: {comment}")
            for comment in [
                "layerlint says nothing here",
                "layerlint: the mount is for root",
                "layerlint ignores caches of others",
                "layerlint: allow it to run",
                "for layerlint: disable=TST001",
                "layerlint version=1",
            ]
        ),
        pytest.param("# layerlint ignore=TST001\n# layerlint: ignore-file=LL001\nRUN a\n", [], id="misspelt, and meant"),
        pytest.param("# hadolint ignore=DL3042,DL9999\nRUN a\n", [], id="hadolint's own are its business"),
        pytest.param("# layerlint: ignore=TST100\nRUN a\n", [], id="the rule did not run"),
        pytest.param("# layerlint: ignore=TST001,LL001\nRUN a\n", [], id="LL001 in the same comment"),
        pytest.param("# layerlint: ignore=TST001\n# layerlint: ignore-file=LL001\nRUN a\n", [], id="LL001 for the file"),
    ],
)  # fmt: skip
def test_what_suppresses_nothing(text: str, said: list[str]) -> None:
    assert kept_lines(text, enabled={"LL001", "TST001", "TST002"})[1] == said


def test_a_suppression_in_use_is_not_reported_whichever_of_two_it_is() -> None:
    text = "# layerlint: ignore-file=TST001\n# layerlint: ignore=TST001\nRUN a\n"
    assert kept_lines(text, 3) == ([], [])


def test_each_of_thousands_suppresses_what_is_below_it() -> None:
    text = "".join(f"# layerlint: ignore=TST001\nRUN {number}\n" for number in range(3000))
    assert kept_lines(text, *range(2, 6001, 2)) == ([], [])


def test_what_was_meant_is_only_said_of_the_first_fifty_unknown_ids() -> None:
    words = [f"TST{number}" for number in range(2000, 5000) for _ in range(2)]
    said = kept_lines("".join(f"# layerlint: ignore={word}\n\n" for word in words))[1]
    assert len(said) == len(words)
    assert ["; did you mean TST" in line for line in said] == [True] * 100 + [False] * 5900


def test_what_is_reported_of_one_inside_of_an_instruction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", "FROM a\nRUN b \\\n# layerlint: ignore=PIP001 x\n  c\n")
    _, output, _ = run("check", "--select", "LL001,PIP001", "--format", "json")
    (finding,) = json.loads(output)["findings"]
    assert finding["instruction"] == {"keyword": "RUN", "line": 2, "end_line": 4}
    assert (finding["message"], finding["advice"]) == ("this suppression of PIP001 suppresses nothing", "Take it out.")
