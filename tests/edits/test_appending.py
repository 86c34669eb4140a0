"""What a RUN looks like once it ends in a command that empties a cache, and which RUNs get none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layerlint.dockerfile.parser import parse
from layerlint.edits.appending import Form, Script, append_command
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import FixKind, Safety
from layerlint.linting import lint
from layerlint.rules.model import FixTemplate
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span
from tests.case_files import read_cases
from tests.fixed_files import RULES, assert_fixed_well, selection

CASES: list[dict[str, Any]] = read_cases(Path(__file__).parent / "appending.yaml")
LISTS = "/var/lib/apt/lists/*"
REMOVE = f"rm -rf {LISTS}"


def dockerfile(case: dict[str, Any], run: str, newline: str) -> Source:
    lines = ["FROM debian AS one", case.get("before", ""), f"RUN {run}", case.get("later", ""), ""]
    text = "\n".join(line for line in lines if line) + "\n"
    text = text.replace("{remove}", REMOVE).replace("{lists}", LISTS)
    return Source("Dockerfile", text.replace("\n", newline).encode())


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_reads_as_it_should(case: dict[str, Any], newline: str) -> None:
    source = dockerfile(case, case["run"], newline)
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=False)
    expected = dockerfile(case, case.get("fixed", case["run"]), newline)
    assert result.source.data.decode() == expected.data.decode()
    stays = {finding.unfixable for finding in result.report.findings if finding.rule == "APT001"}
    assert stays == ({case["stays"]} if "stays" in case else set())


def test_the_keys_of_the_table_are_those_that_the_test_reads() -> None:
    assert {key for case in CASES for key in case} <= {"name", "before", "run", "later", "fixed", "stays"}
    assert all(("fixed" in case) is not ("stays" in case) for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_several_findings_are_mended_by_one_command() -> None:
    source = Source("Dockerfile", b"FROM a\nRUN apk update && apk -q update && apk search curl\n")
    findings = lint(source, RULES, selection(FixKind.FLAG)).findings
    assert len(findings) == 2
    assert len({finding.fixes for finding in findings}) == 1
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=False)
    assert result.source.data.count(b"rm -rf /var/cache/apk/*") == 1
    assert len(result.applied) == 2


def test_a_run_of_many_commands_takes_time_that_grows_with_it() -> None:
    """Each finding has the same fix, which is made once."""
    chain = b" && ".join([b"apk update"] * 1500)
    source = Source("Dockerfile", b"FROM a\nRUN " + chain + b" && apk search curl\n")
    findings = lint(source, RULES, selection(FixKind.FLAG)).findings
    assert len({id(edit) for finding in findings for fix in finding.fixes for edit in fix.edits}) == 1


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        pytest.param("RUN pip install a", " && rm -rf /root/.cache/pip", id="in the home"),
        pytest.param("ENV PIP_CACHE_DIR=/tmp/pip\nRUN pip install a", " && rm -rf /tmp/pip", id="elsewhere"),
        pytest.param(
            "RUN --mount=type=cache,target=/tmp/pip rm -rf /root/.cache/pip; pip install a",
            " && rm -rf /root/.cache/pip",
            id="removed too early",
        ),
        pytest.param(
            "ENV PIP_CACHE_DIR=/tmp\nRUN pip install a", "there is more than the cache in /tmp", id="all of /tmp"
        ),
        pytest.param("RUN pip install --cache-dir ~ a", "there is more than the cache in /root", id="the home"),
        pytest.param(
            "USER app\nRUN pip install --cache-dir ~ a", "there is more than the cache in /home/app", id="a home"
        ),
        pytest.param(
            "USER 1000\nRUN pip install a", "it is not known what ~1000/.cache/pip is", id="in a home that is not known"
        ),
        pytest.param(
            "WORKDIR /usr/src/app\nRUN pip install --cache-dir ../ a",
            "there is more than the cache in /usr/src",
            id="what is around the working directory",
        ),
        pytest.param(
            "WORKDIR /usr/src/app\nRUN cd / && pip install --cache-dir /usr/src a",
            "there is more than the cache in /usr/src",
            id="what is around the working directory that the RUN has left",
        ),
        pytest.param(
            "RUN pip install --cache-dir '/a b/c' a",
            "/a b/c would need quotes",
            id="a space",
        ),
        pytest.param("RUN pip install --cache-dir '/a/$(b)' a", "/a/$(b) would need quotes", id="code"),
        pytest.param("RUN pip install --cache-dir '/a/*' a", "/a/* would need quotes", id="a star"),
        pytest.param("RUN pip install --cache-dir $(b)/c a", "it is not known what …/c is", id="not known"),
    ],
)
def test_a_directory_is_removed_where_it_is_known_and_the_caches_own(lines: str, text: str) -> None:
    """Of a rule that removes the directory that is used."""
    rule = RULES.names.named("PIP001")
    assert rule is not None
    fix = FixTemplate(title="Remove it", safety=Safety.SAFE, append_command="rm -rf {directory}")
    rules = replace(RULES, rules=(replace(rule, fixes=(fix,)),))
    (finding,) = lint(Source("Dockerfile", f"FROM a\n{lines}\n".encode()), rules, selection(FixKind.FLAG)).findings
    made = [edit.text for fix in finding.fixes for edit in fix.edits]
    assert (made or [finding.unfixable]) == [text]


@pytest.mark.parametrize(
    ("run", "text"),
    [
        pytest.param("conda install a", "conda clean -a -y", id="a name"),
        pytest.param("/opt/conda/bin/conda install a", "/opt/conda/bin/conda clean -a -y", id="a path"),
        pytest.param("$CONDA install a", "$CONDA clean -a -y", id="a variable"),
        pytest.param('"${CONDA}" install a', '"${CONDA}" clean -a -y', id="a variable in quotes"),
        pytest.param("$DIR/bin/conda install a", "$DIR/bin/conda clean -a -y", id="a path in a variable"),
        pytest.param("$WORDS a", "conda clean -a -y", id="a variable of several words"),
        pytest.param("c=conda; $c install a", "conda clean -a -y", id="a variable of the script"),
        pytest.param("export DIR=/d; $DIR/conda install a", "/d/conda clean -a -y", id="one that the script sets anew"),
        pytest.param("bash -c '$CONDA install a'", "$CONDA clean -a -y", id="in a shell in the shell"),
        pytest.param("${CONDA:-mamba} install a", "/opt/conda/bin/conda clean -a -y", id="with a default"),
        pytest.param("'conda' install a", "conda clean -a -y", id="in other quotes"),
    ],
)
def test_the_program_is_called_as_the_command_calls_it(run: str, text: str) -> None:
    lines = "FROM a\nARG CONDA=/opt/conda/bin/conda\nENV DIR=/opt/conda WORDS='conda install'\n"
    source = Source("Dockerfile", f"{lines}RUN {run}\n".encode())
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=False)
    assert result.source.data.decode() == f"{lines}RUN {run} && {text}\n"


@pytest.mark.parametrize(
    ("run", "fixed"),
    [
        pytest.param("conda clean -yt && true", "conda clean -a -y && true", id="in one word"),
        pytest.param("conda clean --tarballs \\\n  -y", "conda clean -a -y", id="in two words and lines"),
        pytest.param("conda clean -t b", "conda clean -t b && conda clean -a -y", id="with more than options"),
        pytest.param("conda -v clean -t", "conda -v clean -t && conda clean -a -y", id="with an option in front"),
        pytest.param("{ x || conda clean -t; }", "{ x || conda clean -t; } && conda clean -a -y", id="perhaps"),
        pytest.param("sudo conda clean -t", "sudo conda clean -a -y", id="by another program"),
    ],
)
def test_a_command_that_does_half_of_it_does_all(run: str, fixed: str) -> None:
    source = Source("Dockerfile", f"FROM a\nRUN conda install a && {run}\n".encode())
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=False)
    assert result.source.data.decode() == f"FROM a\nRUN conda install a && {fixed}\n"


@pytest.mark.parametrize(
    ("script", "place"),
    [
        pytest.param("a && b", -1, id="nowhere"),
        pytest.param("a && rm x && b", 5, id="in the middle"),
        pytest.param("rm x && b", 0, id="the first"),
        pytest.param("a; rm x; b", 3, id="of its own"),
        pytest.param("rm x; a && rm x && b", 11, id="twice, the last"),
        pytest.param("rm x && a > /log", 0, id="in front of a redirection"),
        pytest.param("a && (rm x) && b", -1, id="in a subshell"),
        pytest.param("a && rm x y && b", -1, id="with more behind it"),
    ],
)
def test_where_the_command_is_already(script: str, place: int) -> None:
    source = Source("Dockerfile", f"RUN {script}".encode())
    text = MappedText.of(source, Span(4, len(source.data)))
    there_at = append_command(Script(text, Form.JOINED, "\\"), "rm x", source).there_at
    assert there_at == (4 + place if place >= 0 else -1)


@pytest.mark.parametrize(
    ("script", "place"),
    [
        pytest.param("a && rm /x && b", 5, id="alone"),
        pytest.param("a && rm /y /x && b", 5, id="behind another path"),
        pytest.param("a && rm /x /y && b", 5, id="in front of another path"),
        pytest.param("a && rm /y && b", -1, id="with another path only"),
        pytest.param("a && rm -r /x && b", -1, id="with an option"),
        pytest.param("a && rmx /x && b", -1, id="of another program"),
        pytest.param("a && cp /x && b", -1, id="of another program whose name is as long"),
    ],
)
def test_where_a_command_is_already_that_takes_any_number_of_paths(script: str, place: int) -> None:
    source = Source("Dockerfile", f"RUN {script}".encode())
    text = MappedText.of(source, Span(4, len(source.data)))
    there_at = append_command(Script(text, Form.JOINED, "\\"), "rm /x", source, takes_paths=True).there_at
    assert there_at == (4 + place if place >= 0 else -1)


@pytest.mark.parametrize(("script", "place"), [("rm y && b", -1), ("rm && b", 4)])
def test_a_command_without_a_path_is_there_as_it_is_or_not(script: str, place: int) -> None:
    source = Source("Dockerfile", f"RUN {script}".encode())
    text = MappedText.of(source, Span(4, len(source.data)))
    assert append_command(Script(text, Form.JOINED, "\\"), "rm", source, takes_paths=True).there_at == place


@pytest.mark.parametrize("script", [pytest.param("# a", id="a comment"), pytest.param(" ", id="white space")])
def test_nothing_is_put_behind_nothing(script: str) -> None:
    source = Source("Dockerfile", f"RUN {script}".encode())
    text = MappedText.of(source, Span(4, len(source.data)))
    with pytest.raises(CannotFixError) as refusal:
        append_command(Script(text, Form.JOINED, "\\"), "rm x", source)
    assert str(refusal.value) == "the commands of the RUN cannot all be read"


@pytest.mark.parametrize(
    ("script", "takes_paths", "expected"),
    [
        pytest.param("a && rm /y", True, "a && rm /y /x", id="one more path"),
        pytest.param("a && rm /y", False, "a && rm /y && rm /x", id="a command that takes one path"),
        pytest.param("rm /z && rm /y", True, "rm /z && rm /y && rm /x", id="a command for each path"),
        pytest.param(
            "rm /z && a && rm /y", True, "rm /z && a && rm /y /x", id="a command for each path, but not in a row"
        ),
        pytest.param(f"rm /{'y' * 109}", True, f"rm /{'y' * 109} /x", id="as long as a line may be"),
        pytest.param(f"rm /{'y' * 110}", True, f"rm /{'y' * 110} \\\n    && rm /x", id="longer than that"),
    ],
)
def test_the_last_command_gets_one_more_path(script: str, takes_paths: bool, expected: str) -> None:
    source = Source("Dockerfile", f"FROM a\nRUN {script}\n".encode())
    text = parse(source).instructions[1].text
    edit = append_command(Script(text, Form.JOINED, "\\"), "rm /x", source, takes_paths=takes_paths).edit
    data = source.data.decode()
    assert (data[: edit.start] + edit.text + data[edit.end :]) == f"FROM a\nRUN {expected}\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("a && \\\n  b > /log", "a && \\\n  b > /log && \\\n  rm x", id="in front of a redirection"),
        pytest.param("a && b \\\n  && c", "a && b \\\n  && c \\\n  && rm x", id="of the last two"),
        pytest.param("a \\\n  && b && c", "a \\\n  && b && c \\\n  && rm x", id="of two before"),
        pytest.param("a \\\n  &&b", "a \\\n  &&b \\\n  &&rm x", id="nothing behind the operator"),
        pytest.param("a \\\n  &&  b", "a \\\n  &&  b \\\n  &&  rm x", id="two blanks behind the operator"),
        pytest.param("a \\\n  && \\\n  b", "a \\\n  && \\\n  b \\\n  && rm x", id="a break on both sides"),
        pytest.param(
            "aa &&    \\\n  b &&      \\\n  cccc",
            "aa &&    \\\n  b &&      \\\n  cccc &&   \\\n  rm x",
            id="lined up behind the operators",
        ),
        pytest.param(
            "aa &&   \\\n  b &&   \\\n  cccccccccc",
            "aa &&   \\\n  b &&   \\\n  cccccccccc && \\\n  rm x",
            id="lined up and no room for it",
        ),
        pytest.param("a".ljust(108, "a"), "a".ljust(108, "a") + " && rm x", id="as long as a line may be"),
        pytest.param("a".ljust(109, "a"), "a".ljust(109, "a") + " \\\n    && rm x", id="longer than that"),
    ],
)
def test_the_line_breaks_are_those_of_the_script(script: str, expected: str) -> None:
    source = Source("Dockerfile", f"FROM a\nRUN {script}\n".encode())
    text = parse(source).instructions[1].text
    edit = append_command(Script(text, Form.JOINED, "\\"), "rm x", source).edit
    data = source.data.decode()
    assert (data[: edit.start] + edit.text + data[edit.end :]) == f"FROM a\nRUN {expected}\n"
