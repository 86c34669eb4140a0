from __future__ import annotations

import pytest

from layerlint.finding import Edit, FileReport, Finding, Fix, Safety, Severity
from layerlint.fixing.fix_check import changed_reading
from layerlint.fixing.fixer import fix_until_stable
from layerlint.source.source import Source, Span

TEXT = """\
FROM python:3.12
# why
RUN pip install \\
    # inside
    a
RUN ["pip", "install", "b"]
RUN <<EOF
pip install c
EOF
ONBUILD RUN pip install d
"""


UNREADABLE = "its fix would leave RUN with a script that no shell can read"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("pip install \\", "pip install --no-cache-dir \\", id="a word in a RUN"),
        pytest.param('"install",', '"install", "--no-cache-dir",', id="a word in exec form"),
        pytest.param("install c", "install --no-cache-dir c", id="a word in a here-document"),
        pytest.param("install d", "install --no-cache-dir d", id="a word in a trigger"),
        pytest.param("RUN pip", "RUN --mount=type=cache,target=/x pip", id="a flag"),
    ],
)
def test_what_a_fix_may_do(old: str, new: str) -> None:
    assert changed(old, new) is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            "pip install \\",
            "pip install",
            "its fix would break the file: There is no instruction `A`.",
            id="no backslash",
        ),
        pytest.param(
            "    a\n",
            "    a\nRUN b\n",
            "its fix would change the number of instructions: 6 instead of 5",
            id="one more",
        ),
        pytest.param(
            "    a\n", "    a \\\n", "its fix would change the number of instructions: 4 instead of 5", id="one less"
        ),
        pytest.param('"b"]', "b]", "its fix would change the form of RUN (exec or shell) (line 6)", id="no exec form"),
        pytest.param(
            "ONBUILD RUN", "ONBUILD USER", "its fix would change RUN into USER (line 10)", id="another instruction"
        ),
        pytest.param("RUN <<EOF\n", "RUN EOF\n", "its fix would break the file: ", id="no here-document"),
        pytest.param(
            "RUN <<EOF\npip install c\nEOF\n",
            "RUN cat <<A <<EOF\nA\npip install c\nEOF\n",
            "its fix would change the here-documents of RUN (line 7)",
            id="one more here-document",
        ),
        pytest.param(
            "    a\n",
            "    # a\n    a\n",
            "its fix would turn an instruction's text into a comment, or a comment into text",
            id="a comment",
        ),
        pytest.param("FROM", "# escape=`\nFROM", "its fix would", id="another escape character"),
        pytest.param("    a\n", '    "a\n', f"{UNREADABLE} (line 3)", id="a quote that is open"),
        pytest.param("    a\n", "    a &&\n", f"{UNREADABLE} (line 3)", id="an operator with nothing behind it"),
        pytest.param("install c", "install $(c", f"{UNREADABLE} (line 7)", id="an open substitution"),
        pytest.param("install d", "install 'd", f"{UNREADABLE} (line 10)", id="a quote in a trigger"),
    ],
)
def test_what_it_may_not_do(old: str, new: str, reason: str) -> None:
    assert (changed(old, new) or "").startswith(reason)


def changed(old: str, new: str) -> str | None:
    assert TEXT.count(old) >= 1
    return changed_reading(
        Source("Dockerfile", TEXT.encode()), Source("Dockerfile", TEXT.replace(old, new, 1).encode())
    )


@pytest.mark.parametrize(
    ("line", "old", "new", "reason"),
    [
        pytest.param("ADD a b\n", "ADD", "COPY", None, id="the keyword"),
        pytest.param("ADD a b\n", "ADD a", "COPY a", None, id="the keyword and more"),
        pytest.param("MAINTAINER a\n", "MAINTAINER a", "LABEL a=a", None, id="all of it"),
        pytest.param("CMD a b\n", "a b", '["a", "b"]', None, id="all that follows"),
        pytest.param("CMD a b\n", "CMD a b\n", "", None, id="taken out"),
        pytest.param("ONBUILD ADD a b\n", "ADD", "COPY", None, id="the keyword in ONBUILD"),
        pytest.param("ADD a b\n", "DD", "RG", "its fix would change ADD into ARG", id="a part of the keyword"),
        pytest.param("CMD [a]\n", "a", '"a"', "its fix would change the form of CMD", id="a part of what follows"),
        pytest.param("CMD [a]\n", "a]", '"a"]', "its fix would change the form of CMD", id="the end of what follows"),
        pytest.param("ADD a b\n", "ADD", "ADD c d\nADD", "its fix would change the number", id="one more"),
        pytest.param("ADD a b\n", "ADD", "# ADD", "its fix would change the number", id="into a comment"),
    ],
)
def test_an_edit_that_takes_the_place_of_something_means_to(line: str, old: str, new: str, reason: str | None) -> None:
    text = f"FROM x\n{line}RUN y\n"
    start = text.index(old, 7)
    edits = [Edit(start, start + len(old), new)]
    said = changed_reading(Source("", text.encode()), Source("", text.replace(old, new, 1).encode()), edits)
    assert said is None if reason is None else (said or "").startswith(reason)
    if reason is None:
        assert changed_reading(Source("", text.encode()), Source("", text.replace(old, new, 1).encode()))


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        pytest.param("RUN echo 'a", "echo", "print", id="that was no shell before"),
        pytest.param("RUN <<EOF python3\na = f(b)\nEOF", "f(b)", "(f(b) or 1)", id="of another language"),
        pytest.param("RUN echo 'a", "'a", "'a'", id="that is mended"),
        pytest.param("RUN ls a; ls b", "b", "b && (c; d)", id="that is longer"),
        pytest.param("CMD ls a", "a", "'a", id="of no RUN"),
    ],
)
def test_a_script_that_may_be_changed(line: str, old: str, new: str) -> None:
    before, after = (Source("", f"FROM x\n{text}\n".encode()) for text in (line, line.replace(old, new, 1)))
    assert changed_reading(before, after) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("ENV A=1\nRUN b\n", "ENV A=2\nRUN b\n", id="has another value"),
        pytest.param("ENV A=1\nRUN b\n", "ENV A=1 B=2\nRUN b\n", id="has one more"),
        pytest.param("ENV A=1\nRUN b\n", "ENV A=1\nRUN b\nENV B=2\n", id="comes far behind the one that is there"),
        pytest.param("RUN b\nENV A=1\n", "ENV B=2\nRUN b\nENV A=1\n", id="comes in front"),
        pytest.param("ENV A=1\nRUN b\n", "ENV B=2\nENV A=2\nRUN b\n", id="comes, and another has another value"),
        pytest.param("RUN b\n", "ENV A=1\nRUN b\nENV B=2\n", id="is one of two that come"),
    ],
)
def test_an_environment_that(old: str, new: str) -> None:
    before, after = (Source("", f"FROM x\n{text}".encode()) for text in (old, new))
    assert changed_reading(before, after) is None


def test_an_escape_character_that_no_line_has() -> None:
    before, after = (Source("", f"# escape={character}\nFROM x\n".encode()) for character in "\\`")
    assert changed_reading(before, after) == "its fix would change the escape character"


def test_a_bad_fix_is_refused_with_the_reason_and_the_good_one_beside_it_made() -> None:
    def lint(source: Source) -> FileReport:
        found = []
        for rule, word, text in (("GOOD", b"install b", "download b"), ("BAD", b"install a", "\nRUN install a")):
            start = source.data.find(word)
            if start >= 0:
                span = Span(start, start + len(word))
                fix = Fix("Mend it", Safety.SAFE, (Edit(span.start, span.end, text),))
                found.append(Finding(rule, "name", Severity.WARNING, "message", span, None, fixes=(fix,)))
        return FileReport(source.path, source, tuple(found))

    source = Source("Dockerfile", b"FROM x\nRUN pip install a\nRUN pip install b\n")
    fixed = fix_until_stable(source, lint, unsafe=False)
    assert fixed.source.data == b"FROM x\nRUN pip install a\nRUN pip download b\n"
    (left,) = fixed.report.findings
    assert (left.rule, left.fixes) == ("BAD", ())
    assert left.unfixable == "its fix would change the number of instructions: 4 instead of 3"
