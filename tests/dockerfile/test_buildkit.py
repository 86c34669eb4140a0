"""Our reading beside that of BuildKit's own parser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings

from tests.dockerfile.buildkit import Reading, read_by_buildkit, read_by_us
from tests.dockerfile.generated import HEADS, LINES


def test_the_corpus_is_read_as_buildkit_reads_it(corpus: list[Path]) -> None:
    files = agreeing_files = instructions = agreeing_instructions = 0
    disagreements: list[str] = []
    for path in corpus:
        data = path.read_bytes()
        try:
            expected = read_by_buildkit(data)
        except UnicodeDecodeError:
            continue
        if expected is None:
            continue
        actual = _before_json_was_strict(read_by_us(data), expected)
        files += 1
        instructions += len(expected)
        agreeing_instructions += sum(ours == theirs for ours, theirs in zip(actual, expected, strict=False))
        if actual == expected:
            agreeing_files += 1
        else:
            disagreements.append(str(path))
    assert disagreements == []
    assert (agreeing_files, agreeing_instructions) == (files, instructions)
    assert files >= 0.99 * len(corpus)
    assert instructions > 10 * files


def _before_json_was_strict(ours: list[Reading], theirs: list[Reading]) -> list[Reading]:
    """Ours, with what BuildKit 0.12 took for an array: `["a"] # text`. Since 0.15 the shell gets that."""
    if len(ours) != len(theirs):
        return ours
    return [
        mine._replace(is_exec_form=True, values=yours.values) if _goes_on_after_array(mine) else mine
        for mine, yours in zip(ours, theirs, strict=True)
    ]


def _goes_on_after_array(reading: Reading) -> bool:
    text = reading.values[-1] if reading.keyword == "HEALTHCHECK" and reading.values else " ".join(reading.values)
    if reading.is_exec_form or not text.startswith("["):
        return False
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return False
    return end < len(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM a\nRUN b \\\n\n  \n c\n", id="blank lines in a continuation"),
        pytest.param("FROM a\nRUN b \\\n# c\n  # d \\\n e\n", id="comments in a continuation"),
        pytest.param("FROM a\nRUN b \\\n\n# c\n\n", id="continuation, then nothing but blank lines and comments"),
        pytest.param("FROM a\nRUN b \\", id="continuation at the end of the file"),
        pytest.param("FROM a\nRUN b \\ \t\n c\n", id="blanks after the continuation character"),
        pytest.param("FROM a\nRUN b \\\\\nENV c=d\n", id="doubled backslash at the end of a line"),
        pytest.param("FROM a\nRUN b \\\\\\\n c\n", id="three backslashes at the end of a line"),
        pytest.param("FROM a\nRUN b\\\n  c\n", id="leading white space of a continued line is kept"),
        pytest.param("FROM a\nRU\\\nN b\n", id="keyword continued"),
        pytest.param("FROM a\nRUN\\\n b\n", id="continuation right after the keyword"),
        pytest.param("\\\nFROM a\n", id="continuation before the keyword"),
        pytest.param("FROM a\n\\\n", id="continuation and nothing else"),
        pytest.param("FROM a\r\nRUN b \\\r\n  c\r\n", id="CRLF"),
        pytest.param("FROM a\nRUN b\r\r\n", id="more carriage returns than one"),
        pytest.param("\ufeffFROM a\n", id="byte-order mark"),
        pytest.param("\ufeff# escape=`\nFROM a\nRUN b `\n c\n", id="directive after a byte-order mark"),
        pytest.param("# escape=`\nFROM a\nRUN b `\n c \\\nENV d=e\n", id="escape directive"),
        pytest.param("#  ESCAPE =  ` \nFROM a\nRUN b `\n c\n", id="escape directive with blanks and capitals"),
        pytest.param("# syntax=x\n# escape=`\nFROM a\nRUN b `\n c\n", id="escape after syntax"),
        pytest.param("# other=x\n# escape=`\nFROM a\nRUN b `\n\n", id="an unknown directive ends the directives"),
        pytest.param("\n# escape=`\nFROM a\nRUN b `\n\n", id="a blank line ends the directives"),
        pytest.param("# c\n# escape=`\nFROM a\nRUN b `\n\n", id="a comment ends the directives"),
        pytest.param("FROM a\n# escape=`\nRUN b `\n\n", id="an instruction ends the directives"),
        pytest.param("FROM a\nENV\nRUN\nCMD", id="no arguments"),
        pytest.param("from a\nrun b\nonbuild run c\n", id="lower-case"),
        pytest.param("FROM a\nFOO b <<EOF\nCOMMENT c\n", id="unknown keywords, one of them dockerfile-parse's own"),
        pytest.param("FROM a\n\u00a0RUN\u00a0b c\n", id="a no-break space is white space, but ends no keyword"),
        pytest.param("FROM a\n\fRUN\vb\n", id="form feed and vertical tab"),
        pytest.param("FROM a\nRUN b\u00a0\u2003\n", id="Unicode white space at the end"),
        pytest.param("FROM a\nRUN\x1cb\x1f\n", id="what Python calls white space and Go does not"),
        pytest.param("FROM a\nRUN b\u2028c\x85d\n", id="what Python calls a line ending and Go does not"),
        pytest.param('FROM a\nRUN --a="b c"d --\\x=\\" --é -- --q x\n', id="flags with quotes, escapes, and their end"),
        pytest.param("FROM a\nRUN --a\\\n=b --c \\\n# d\n --e f\n", id="flags across lines"),
        pytest.param('FROM a\nRUN --a="b c\n', id="unclosed quote in a flag"),
        pytest.param("FROM a\nRUN --a", id="flag and nothing else"),
        pytest.param("FROM a\nRUN - --a\n", id="a word ends the flags"),
        pytest.param("FROM a\nRUN <<EOF\nb\nEOF\nRUN c\n", id="here-document"),
        pytest.param("FROM a\nRUN <<EOF\nRUN b \\\n# c\n\nEOF\n", id="here-document that looks like instructions"),
        pytest.param("FROM a\nRUN <<EOF\n EOF\nEOF \nEOF\n", id="the terminator is the whole line"),
        pytest.param("FROM a\nRUN <<-EOF\n\tb\n\t\tEOF\n", id="here-document with tabs"),
        pytest.param("FROM a\nRUN <<-EOF\n\t EOF\n EOF\n\tEOF\n", id="no other white space before the terminator"),
        pytest.param("FROM a\nRUN --a\u00a0\n", id="a no-break space after the last flag"),
        pytest.param("FROM a\nCOPY <<a <<b /c\n1\na\n2\nb\n", id="two here-documents"),
        pytest.param("FROM a\nCOPY <<a <<a /c\n1\na\n2\na\n", id="two here-documents of one name"),
        pytest.param("FROM a\nRUN <<'E F' cat\nb\nE F\n", id="quoted delimiter with a blank"),
        pytest.param('FROM a\nRUN <<"EOF"\nb\nEOF\n', id="quoted delimiter"),
        pytest.param('FROM a\nRUN cat <<""\nENV b=c\n', id="empty delimiter"),
        pytest.param("FROM a\nRUN cat <<E\\ F\nb\nE F\n", id="escaped blank in the delimiter"),
        pytest.param("FROM a\nRUN <<\\EOF\nb\nEOF\n", id="escaped delimiter"),
        pytest.param("FROM a\nRUN <<E''OF\nb\nEOF\n", id="quotes inside the delimiter"),
        pytest.param("FROM a\nRUN <<$EOF\nb\n$EOF\n", id="delimiter with a variable"),
        pytest.param("FROM a\nRUN <<${EOF}\nb\n${EOF}\n", id="delimiter with a variable in braces"),
        pytest.param("FROM a\nRUN 3<<EOF 03<<EOG\nEOF\nEOG\n", id="file descriptors"),
        pytest.param("FROM a\nRUN cat <<EOF \\\n# c\n && d\nb\nEOF\n", id="continuation after the delimiter"),
        pytest.param("FROM a\nRUN cat <\\\n<EOF\nb\nEOF\n", id="continuation inside the operator"),
        pytest.param("FROM a\nRUN <<EOF\r\nb\r\nEOF\r\n", id="here-document, CRLF"),
        pytest.param("FROM a\nRUN <<EOF\nb\nEOF", id="terminator at the end of the file"),
        pytest.param("FROM a\nRUN cat <<<EOF\n", id="here-string"),
        pytest.param("FROM a\nRUN echo $((1<<2))\n", id="shift in an arithmetic expansion"),
        pytest.param("FROM a\nRUN echo it's <<EOF\nRUN b\n", id="an apostrophe hides the here-document"),
        pytest.param("FROM a\nRUN echo '<<EOF' \"<<EOG\"\n", id="operators in quotes"),
        pytest.param("FROM a\nRUN echo ${b:-<<EOF}\n", id="operator in a substitution"),
        pytest.param('FROM a\nRUN ["cat", "<<EOF"]\n', id="no here-document in an exec form"),
        pytest.param("FROM a\nCMD <<EOF\nENV b=c\n", id="no here-document for CMD"),
        pytest.param("FROM a\nONBUILD RUN <<EOF\nb\nEOF\n", id="here-document in ONBUILD"),
        pytest.param("FROM a\nONBUILD ONBUILD RUN b\n", id="ONBUILD in ONBUILD"),
        pytest.param('FROM a\nONBUILD --b RUN --c ["d"]\n', id="flags and exec form in ONBUILD"),
        pytest.param('FROM a\nRUN [ "a\\"b" , "\\u00e9\\ud83d\\ude00\\n" ]\n', id="exec form with escapes"),
        pytest.param('FROM a\nRUN ["a\\ud800b", "\\udc00"]\n', id="half a surrogate pair"),
        pytest.param("FROM a\nRUN []\n", id="empty exec form"),
        pytest.param("FROM a\nRUN ['a']\n", id="single quotes are no exec form"),
        pytest.param('FROM a\nRUN ["a",]\n', id="a comma too many"),
        pytest.param('FROM a\nRUN ["a\\x"]\n', id="an escape that JSON does not have"),
        pytest.param('FROM a\nRUN ["a\tb"]\n', id="a tab in a JSON string"),
        pytest.param('FROM a\nRUN ["a", \\\n# c\n"b"]\n', id="exec form across lines"),
        pytest.param('FROM a\nENV ["a"]=b\nUSER ["a"]\n', id="brackets where no exec form is read"),
        pytest.param('FROM a\nHEALTHCHECK --interval=1s  CMD  ["a" ]\nHEALTHCHECK NONE\n', id="health checks"),
        pytest.param('FROM a\nENV b=c d=\'e f\' g="h \\" i" j=k\\ l m=\n', id="ENV with quotes and escapes"),
        pytest.param("FROM a\nENV b  c = 'd  e \n", id="the old form of ENV"),
        pytest.param("FROM a\nENV b c\\", id="ENV with an escape at the end"),
        pytest.param('FROM a\nARG b c=d e="f g"\nARG\n', id="ARG with several names"),
        pytest.param("FROM a\nRUN b\n" + "# c\n" * 100 + "\n" * 100, id="many lines at the end"),
    ],
)
def test_what_is_nasty_is_read_as_buildkit_reads_it(text: str) -> None:
    expected = read_by_buildkit(text.encode())
    assert expected is not None
    assert read_by_us(text.encode()) == expected


@settings(max_examples=400)
@given(HEADS, LINES)
@example("", ["RUN <<E\n", "E"])
@example("", ["HEALTHCHECK \\\n", "RUN\xa0b"])
def test_whatever_buildkit_reads_is_read_the_same(head: str, lines: list[str]) -> None:
    data = (head + "".join(lines)).encode()
    try:
        expected = read_by_buildkit(data)
    except UnicodeDecodeError:  # it takes a byte of a character for a blank, and its Python package cannot say that
        expected = None
    assume(expected is not None)
    assert expected is not None
    actual = read_by_us(data)
    assume(not any(_goes_on_after_array(reading) for reading in actual))
    assert actual == expected


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        pytest.param("FROM a\nRUN cat << EOF\nENV b=c\nEOF\n", ["FROM", "RUN"], id="white space after the operator"),
        pytest.param("FROM a\nRUN <<EOF echo ${b#c}\nENV d=e\nEOF\n", ["FROM", "RUN"], id="a substitution of patterns"),
        pytest.param("# check=skip=all\n# escape=`\nFROM a\nRUN b `\nENV\n", ["FROM", "RUN"], id="the check directive"),
    ],
)
def test_what_buildkit_has_learned_since(text: str, keywords: list[str]) -> None:
    expected = read_by_buildkit(text.encode())
    assert expected is not None
    assert [reading.keyword for reading in expected] != keywords
    assert [reading.keyword for reading in read_by_us(text.encode())] == keywords
