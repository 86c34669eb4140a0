from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.refusals import unreadable
from layerlint.dockerfile.variables import name_values
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import BYTE_ORDER_MARK, Source, Span


def read(text: str | bytes) -> Dockerfile:
    return parse(Source("Dockerfile", text.encode() if isinstance(text, str) else text))


def second(text: str) -> tuple[Dockerfile, Instruction]:
    dockerfile = read(text)
    return dockerfile, dockerfile.instructions[1]


def in_file(dockerfile: Dockerfile, text: MappedText, part: bytes) -> str:
    """What stands in the file where `part` of `text` came from."""
    start = text.data.index(part)
    span = text.source_span(start, start + len(part))
    assert span is not None
    return dockerfile.source.text(span)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a\nRUN  --x  b c \n", "RUN  --x  b c ", id="white space at the end belongs to it"),
        pytest.param("FROM a\n  RUN b\n", "RUN b", id="indentation does not"),
        pytest.param("FROM a\r\nRUN b \\\r\n c\r\n", "RUN b \\\r\n c", id="carriage returns inside, none at the end"),
        pytest.param("FROM a\nRUN <<E\nb\nE\nCMD c\n", "RUN <<E\nb\nE", id="up to the terminator"),
        pytest.param("FROM a\nRUN b \\\n# c\n\n", "RUN b \\\n# c\n", id="comments and blank lines of a continuation"),
    ],
)
def test_span_of_an_instruction(text: str, expected: str) -> None:
    dockerfile, instruction = second(text)
    assert dockerfile.source.text(instruction.span) == expected


def test_text_is_joined_and_each_part_knows_its_place() -> None:
    dockerfile, run = second("FROM a\nrun --x=y one && \\\n  # why\n\n  two \\\n\tthree\n")
    assert run.keyword == "RUN"
    assert dockerfile.source.text(run.keyword_span) == "run"
    assert run.text.text == "one &&   two \tthree"
    assert in_file(dockerfile, run.text, b"two") == "two"
    assert in_file(dockerfile, run.text, b"two \tthree") == "two \\\n\tthree"
    (flag,) = run.flags
    assert (flag.name, flag.value, dockerfile.source.text(flag.span)) == ("x", "y", "--x=y")


@pytest.mark.parametrize(
    ("flag", "name", "value"),
    [
        pytest.param("--link", "link", None, id="without value"),
        pytest.param("--from=", "from", "", id="empty value"),
        pytest.param("--chown=a:b", "chown", "a:b", id="with value"),
        pytest.param('--mount="type=bind,target=/a b"', "mount", "type=bind,target=/a b", id="quoted value"),
        pytest.param("--chown=é=b", "chown", "é=b", id="not ASCII, and a second equals sign"),
    ],
)
def test_flag(flag: str, name: str, value: str | None) -> None:
    dockerfile, copy = second(f"FROM a\nCOPY {flag} b c\n")
    assert [(each.name, each.value, dockerfile.source.text(each.span)) for each in copy.flags] == [(name, value, flag)]
    assert copy.text.text == "b c"


def test_exec_form_is_decoded_in_pieces() -> None:
    dockerfile, run = second('FROM a\nRUN ["sh", "-c", \\\n "echo \\"\\u00e9\\" \\ud83d\\ude00 && pip install x"]\n')
    assert run.exec_form is not None
    assert [part.text for part in run.exec_form] == ["sh", "-c", 'echo "é" \U0001f600 && pip install x']
    script = run.exec_form[2]
    assert in_file(dockerfile, script, b"pip install x") == "pip install x"
    assert in_file(dockerfile, script, "é".encode()) == "\\u00e9"
    assert in_file(dockerfile, script, "\U0001f600".encode()) == "\\ud83d\\ude00"
    assert in_file(dockerfile, script, b'o "') == 'o \\"'


def test_trigger_is_an_instruction_with_its_own_place() -> None:
    dockerfile, onbuild = second("FROM a\nONBUILD  run --x <<-E \\\n cat\n\tb\nE\n")
    trigger = onbuild.trigger
    assert trigger is not None
    assert trigger.keyword == "RUN"
    assert dockerfile.source.text(trigger.keyword_span) == "run"
    assert dockerfile.source.text(trigger.span) == "run --x <<-E \\\n cat\n\tb\nE"
    assert [flag.name for flag in trigger.flags] == ["x"]
    assert trigger.text.text == "<<-E  cat"
    assert trigger.heredocs == onbuild.heredocs
    assert [heredoc.body.text for heredoc in trigger.heredocs] == ["b\n"]


@pytest.mark.parametrize("count", [2, 3, 10_000])
def test_a_trigger_has_no_trigger(count: int) -> None:
    _, onbuild = second("FROM a\n" + "ONBUILD " * count + "RUN b\n")
    assert onbuild.trigger is not None
    assert onbuild.trigger.keyword == "ONBUILD"
    assert onbuild.trigger.trigger is None


def test_what_has_no_keyword_has_an_empty_place_for_it() -> None:
    assert second("FROM a\n\\\n")[1].keyword_span == Span(7, 7)


def test_a_byte_order_mark_is_in_no_place() -> None:
    dockerfile = read("\ufeff# a\nFROM b\nRUN c\n")
    assert [dockerfile.source.text(comment.span) for comment in dockerfile.comments] == ["# a"]
    assert [dockerfile.source.text(each.keyword_span) for each in dockerfile.instructions] == ["FROM", "RUN"]
    assert read("\ufeffFROM b").instructions[0].keyword_span == Span(3, 7)


def test_onbuild_of_nothing_has_no_trigger() -> None:
    assert second("FROM a\nONBUILD\n")[1].trigger is None


@pytest.mark.parametrize(
    ("start", "body", "expected"),
    [
        pytest.param("<<E", "b\n", ("E", 0, True, False, "b\n"), id="plain"),
        pytest.param("<<'E'", "b\n", ("E", 0, False, False, "b\n"), id="single quotes"),
        pytest.param('4<<"E"', "b\n", ("E", 4, False, False, "b\n"), id="double quotes and a descriptor"),
        pytest.param("<<\\E", "b\n", ("E", 0, True, False, "b\n"), id="an escape is no quote for BuildKit"),
        pytest.param("<<-E", "\t\tb\n c\n\td\n", ("E", 0, True, True, "b\n c\nd\n"), id="tabs"),
        pytest.param("<< E", "b\n", ("E", 0, True, False, "b\n"), id="white space"),
        pytest.param("<<E", "", ("E", 0, True, False, ""), id="empty"),
        pytest.param("<<-E", "", ("E", 0, True, True, ""), id="empty, tabs"),
    ],
)
def test_heredoc(start: str, body: str, expected: tuple[str, int, bool, bool, str]) -> None:
    dockerfile, run = second(f"FROM a\nRUN cat {start}\n{body}E\n")
    (heredoc,) = run.heredocs
    assert (
        heredoc.name, heredoc.file_descriptor, heredoc.expand, heredoc.strip_tabs, heredoc.body.text
    ) == expected  # fmt: skip
    assert dockerfile.source.text(heredoc.span) == body + "E"
    for letter in expected[-1].split():
        assert in_file(dockerfile, heredoc.body, letter.encode()) == letter


@pytest.mark.parametrize(
    ("text", "name", "expand", "body"),
    [
        pytest.param("<<E\n\tE\nE\n", "E", True, "\tE\n", id="a terminator behind tabs is none"),
        pytest.param("<<-E\n\tb\n\tE\n", "E", True, "b\n", id="unless they are stripped"),
        pytest.param("<<E\n E\nE\n", "E", True, " E\n", id="nor is one behind a space"),
        pytest.param("<<'E'\"F\"\nEF\n", "EF", False, "", id="two kinds of quotes"),
        pytest.param("<<E", "E", True, "", id="a file that ends behind the operator"),
    ],
)
def test_where_a_heredoc_ends(text: str, name: str, expand: bool, body: str) -> None:
    (heredoc,) = second(f"FROM a\nRUN cat {text}")[1].heredocs
    assert (heredoc.name, heredoc.expand, heredoc.body.text) == (name, expand, body)


def test_comments() -> None:
    dockerfile = read("# syntax=x\n  # a \r\nFROM b\nRUN c \\\n # d\n e\nRUN <<E\n# f\nE\n#")
    assert [(comment.line, dockerfile.source.text(comment.span)) for comment in dockerfile.comments] == [
        (1, "# syntax=x"),
        (2, "# a "),
        (5, "# d"),
        (10, "#"),
    ]


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        pytest.param(b"", ["The file has no instructions."], id="empty"),
        pytest.param(b"\n# a\n\n", ["The file has no instructions."], id="comments only"),
        pytest.param(b"ARG a\n", ["The file has no FROM."], id="only an ARG"),
        pytest.param(b"ARG a\nRUN b\nFROM c\n", ["RUN has no FROM before it."], id="RUN before FROM"),
        pytest.param(b"FROM a\nRUM b\n", ["There is no instruction `RUM`; did you mean RUN?"], id="unknown and near"),
        pytest.param(b"FROM a\n&& b\n", ["There is no instruction `&&`."], id="unknown and far"),
        pytest.param(
            b"FROM a\nRUN <<E\nb\n",
            ["The here-document `E` does not end: no line after it is `E` alone."],
            id="heredoc",
        ),
        pytest.param(b"FROM a\nRUN cat << E\n", [], id="white space and no terminator: no here-document"),
        pytest.param(
            b"# escape=`\n# escape=\\\nFROM a\n", ["The directive `escape` may be given only once."], id="twice"
        ),
        pytest.param(
            b"# escape=x\nFROM a\n", ["The escape character must be a backslash or a backtick."], id="escape character"
        ),
        pytest.param(b"FROM a\nRUN b\0c\n", ["The file holds a NUL byte."], id="NUL"),
        pytest.param(
            "FROM a\n".encode("utf-16"), ["The file is UTF-16 text; Docker reads UTF-8 only."], id="UTF-16 with mark"
        ),
        pytest.param(
            "FROM a\n".encode("utf-16-le"), ["The file is UTF-16 text; Docker reads UTF-8 only."], id="UTF-16, no mark"
        ),
        pytest.param(b"FROM\n", ["FROM needs an argument."], id="FROM alone"),
        pytest.param(b"FROM a\nENV\nRUN\nCMD\n", ["ENV needs an argument."], id="no argument, where one is needed"),
        pytest.param(b"FROM a\nENV b\n", ["ENV needs a value after the name `b`."], id="ENV without value"),
        pytest.param(b"FROM a\nENV b=c d\n", ["ENV needs name=value, and `d` has no `=`."], id="ENV, mixed forms"),
        pytest.param(b"FROM a\nENV =c\n", ["A name is missing before `=`."], id="ENV without name"),
        pytest.param(b"FROM a\nARG =c\n", ["A name is missing before `=`."], id="ARG without name"),
        pytest.param(b"FROM a\nCMD [NaN]\n", [], id="what Python takes for JSON, and Docker for a command"),
        pytest.param(
            b'FROM a\nENV b="c\n',
            ["Docker cannot read the arguments of ENV: a double quote is not closed."],
            id="quote",
        ),
        pytest.param(
            b"FROM a\nLABEL b don't\n",
            ["Docker cannot read the arguments of LABEL: a single quote is not closed."],
            id="apostrophe",
        ),
        pytest.param(b"FROM a\nRUN echo 'b\nMAINTAINER it's me\n", [], id="quotes that Docker does not read"),
        pytest.param(
            b'FROM a\nRUN [1, "<<E"]\nRUN b\n',
            ["A JSON array may hold nothing but strings here."],
            id="no here-document",
        ),
        pytest.param(b"FROM a\nHEALTHCHECK\n", ["HEALTHCHECK needs an argument."], id="HEALTHCHECK alone"),
        pytest.param(b"FROM a\nCMD [1]\n", ["A JSON array may hold nothing but strings here."], id="JSON numbers"),
        pytest.param(b"FROM a\nONBUILD FROM b\n", ["ONBUILD cannot trigger FROM."], id="trigger"),
        pytest.param(
            b"FROM a\nONBUILD RUM b\n", ["There is no instruction `RUM`; did you mean RUN?"], id="in a trigger"
        ),
        pytest.param(b"FROM a\n\\\n", ["A continuation stands where an instruction should."], id="continuation alone"),
        pytest.param(
            b"FROM a\nRUN " + b"x" * 65_532 + b"\n",
            ["The line has more than 65535 bytes, which is the most that Docker reads."],
            id="long line",
        ),
        pytest.param(b"FROM a\nRUN " + b"x" * 65_531 + b"\n", [], id="line just short enough"),
        pytest.param(b"FROM \xff\xff\n", [], id="bytes that are no UTF-8"),
    ],
)
def test_problems(data: bytes, messages: list[str]) -> None:
    assert [problem.message for problem in read(data).problems] == messages


def test_what_docker_refuses_sets_nothing_and_neither_does_another_instruction() -> None:
    from_, refused, env = read(b"FROM a\nENV b\nENV c=d\n").instructions
    assert [name_values(each) for each in (from_, refused, env)] == [(), (), (("c", "d"),)]


def test_what_is_readable_comes_out_beside_the_problems() -> None:
    dockerfile = read("FROM a\nRUM b\nRUN <<E\nc\n")
    assert [instruction.keyword for instruction in dockerfile.instructions] == ["FROM", "RUM", "RUN"]
    assert dockerfile.instructions[2].heredocs[0].body.text == "c"
    assert [dockerfile.source.line_at(problem.span.start) for problem in dockerfile.problems] == [2, 3]


def assert_spans_give_the_file_back(dockerfile: Dockerfile) -> None:
    data = dockerfile.source.data
    instructions = [instruction.span for instruction in dockerfile.instructions]
    outside = [
        comment.span
        for comment in dockerfile.comments
        if not any(span.covers(comment.span) for span in _near(instructions, comment.span))
    ]
    end = len(BYTE_ORDER_MARK) if dockerfile.source.has_byte_order_mark else 0
    for span in sorted([*instructions, *outside], key=lambda span: span.start):
        assert end <= span.start <= span.end <= len(data)
        assert not dockerfile.source.text(Span(end, span.start)).strip()
        end = span.end
    assert not dockerfile.source.text(Span(end, len(data))).strip()
    for instruction in dockerfile.instructions:
        for part in (instruction.text, *(instruction.exec_form or ())):
            _assert_mapped(data, part, instruction.span)
        for heredoc in instruction.heredocs:
            _assert_mapped(data, heredoc.body, instruction.span)


def _near(spans: list[Span], span: Span) -> list[Span]:
    return [each for each in spans if each.start <= span.start < each.end]


def _assert_mapped(data: bytes, text: MappedText, within: Span) -> None:
    assert b"".join(text.data[start : start + length] for start, length, _, _ in text.pieces) == text.data
    for start, length, source_start, source_end in text.pieces:
        assert within.covers(Span(source_start, source_end))
        if source_end - source_start == length:
            assert data[source_start:source_end] == text.data[start : start + length]


def test_spans_of_the_corpus_give_its_files_back(corpus: list[Path]) -> None:
    for path in corpus:
        assert_spans_give_the_file_back(parse(Source(str(path), path.read_bytes())))


@given(
    st.lists(
        st.sampled_from([
            b"RUN", b"FROM a", b"ONBUILD ", b"CMD", b"COPY <<E <<F /x", b" <<-E", b"\nE\n", b"\nF\n", b"\tE\n", b"\\",
            b"\n", b"\r\n", b"\r", b" ", b"\t", b"#", b"# escape=`\n", b"`", b'["a"]', b'["\\u00e9\\n"]', b"--x=", b'"',
            b"'", b"\0", b"\xff", b"\xef\xbb\xbf", "é".encode(), "\u00a0".encode(), "\u2028".encode(), b"A=b", b"ENV ",
            b"HEALTHCHECK ",
        ]),
        max_size=30,
    ).map(b"".join)
)  # fmt: skip
def test_spans_give_the_file_back_whatever_it_is(data: bytes) -> None:
    dockerfile = read(data)
    if not unreadable(dockerfile.source):
        assert_spans_give_the_file_back(dockerfile)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"FROM a\nRUN b" + b" \\\n c" * 100_000, id="continuations"),
        pytest.param(b"FROM a\nRUN b \\\n" + b"# c\n" * 100_000, id="comments in a continuation"),
        pytest.param(b"FROM a\n" + b"RUN b\n" * 30_000, id="instructions"),
        pytest.param(b"FROM a\n" + b"".join(b"RUN cat << E%d\n" % n for n in range(10_000)), id="heredocs without end"),
        pytest.param(b"FROM a\n" + b"ONBUILD " * 100_000, id="triggers"),
        pytest.param(b"FROM a\nRUN " + b"[" * 100_000, id="brackets"),
        pytest.param(b"FROM a\nRUN [" + b'"a\\n",' * 50_000 + b'"b"]', id="strings"),
        pytest.param(b"FROM a\nENV " + b"A='b" * 50_000, id="quotes"),
        pytest.param(b"FROM a\nRUN " + b"--a='" * 50_000, id="quotes in flags"),
        pytest.param(b"FROM a\nRUN <<E " + b"${a:-" * 50_000, id="substitutions"),
        pytest.param(b"FROM a\nRUN <<E" * 20_000, id="here-document operators"),
        pytest.param(b" " * 3_000_000, id="blanks"),
        pytest.param("\u00a0".encode() * 500_000, id="no-break spaces"),
        pytest.param(b"FROM a\nRUN b" + "\u00a0".encode() * 200_000, id="no-break spaces at the end"),
    ],
)
def test_time_grows_with_the_size_and_not_its_square(data: bytes) -> None:
    started = time.process_time()
    read(data)
    # The slowest takes a fifth of this; anything quadratic takes minutes.
    assert time.process_time() - started < 5
