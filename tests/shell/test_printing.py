"""What a command prints: the expected is what dash (`sh`) and bash print."""

from __future__ import annotations

import pytest

from layerlint.shell.printing import printed
from layerlint.source.source import decode
from tests.shell.shells import commands


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        pytest.param("sh", "echo a  'b c'", "a b c\n", id="the words of echo with a space between"),
        pytest.param("sh", "echo", "\n", id="echo of nothing"),
        pytest.param("sh", "echo -n a", "a", id="echo without a newline"),
        pytest.param("sh", "echo -x -- a", "-x -- a\n", id="what is no option of echo"),
        pytest.param("sh", r"echo 'a\tb'", "a\tb\n", id="the echo of sh reads escapes"),
        pytest.param("bash", r"echo 'a\tb'", "a\\tb\n", id="that of bash does not"),
        pytest.param("bash", r"echo -e 'a\tb\q'", "a\tb\\q\n", id="unless it is told to"),
        pytest.param("bash", r"echo -ne 'a\nb'", "a\nb", id="two options in one"),
        pytest.param("bash", r"echo -n -E 'a\n'", "a\\n", id="two options"),
        pytest.param("sh", "printf a", "a", id="a format without anything in it"),
        pytest.param("sh", r"printf 'a\n' b c", "a\n", id="a format that uses no argument is printed once"),
        pytest.param("sh", r"printf '%s\n' a b", "a\nb\n", id="a format is used again while there are arguments"),
        pytest.param("sh", r"printf '%s=%s\n' a b c", "a=b\nc=\n", id="the last time with empty ones"),
        pytest.param("sh", r"printf '100%%\n'", "100%\n", id="a percent sign"),
        pytest.param("sh", r"printf '%s%b' 'a\n' 'b\n'", "a\\nb\n", id="escapes in an argument of %b"),
        pytest.param("sh", r"printf -- '-a\n'", "-a\n", id="the end of the options of printf"),
        pytest.param("bash", "echo -nE 'a\\n'", "a\\n", id="two options in one, the other way"),
        pytest.param("bash", "echo -nx a", "-nx a\n", id="letters of which one is no option"),
        pytest.param("sh", r"printf '\101\n'", None, id="a byte by its number"),
        pytest.param("sh", r"printf '\\101\n'", "\\101\n", id="a backslash in front of a number"),
        pytest.param("sh", r"echo 'a\cb'", None, id="the end of what echo prints"),
        pytest.param("sh", r"printf '%b' 'a\0101'", None, id="a byte by its number, in an argument"),
        pytest.param("sh", r"printf '%5s' a", None, id="a width"),
        pytest.param("sh", r"printf '%q' 'a b'", None, id="a conversion that not every shell has"),
        pytest.param("sh", r"printf '%'", None, id="a percent sign alone"),
        pytest.param("sh", "cat <<E\na\nE\n", "a\n", id="a here-document"),
        pytest.param("sh", "{ cat <<A\na\nA\n} <<B\nb\nB\n", "a\n", id="a here-document in a group that has one"),
        pytest.param("sh", "f() { cat; }; f <<A\na\nA\n", "a\n", id="a here-document of a function"),
        pytest.param("sh", "cat f <<E\na\nE\n", None, id="a file"),
        pytest.param("sh", 'echo a "$(x)"', None, id="what is not known"),
        pytest.param("sh", "printf", None, id="no format"),
        pytest.param("sh", "x a", None, id="another program"),
    ],
)
def test_what_is_printed(shell: str, script: str, expected: str | None) -> None:
    text = printed(commands(script, shell)[-1])
    assert (None if text is None else decode(text.data)) == expected
