"""Words as written to words as a command gets them."""

import pytest

from tests.shell.shells import commands, lines

SH_CASES = [
    pytest.param("x a b", "x a b", id="plain words"),
    pytest.param("x 'a b' \"c d\"", "x a b c d", id="quotes come off"),
    pytest.param(r"x a\ b \'", "x a b '", id="an escaped character stands for itself"),
    pytest.param(r'x "a\"b" "a\b"', r'x a"b a\b', id="in double quotes only some characters can be escaped"),
    pytest.param(r"x 'a\b'", r"x a\b", id="in single quotes none"),
    pytest.param(r"x $'a\tb\x41\101'", "x a\tbAA", id="ANSI-C quoting"),
    pytest.param("x $A ${A} \"$A\" '$A'", "x 1 1 1 $A", id="variables, but not in single quotes"),
    pytest.param("x a$A-b", "x a1-b", id="a variable inside a word"),
    pytest.param('x "$A-${A}"b$A', "x 1-1b1", id="variables in quotes and behind them"),
    pytest.param("x /a/v$A/b-$A.c d", "x /a/v1/b-1.c d", id="a word that goes on behind a second variable"),
    pytest.param("$A/x-$A.y d", "1/x-1.y d", id="a name that does"),
    pytest.param("B=$A/b-$A.c; x $B", "x 1/b-1.c", id="an assignment that does"),
    pytest.param("B=$A/b-$A.c x d", "x d", id="an assignment in front of a command that does"),
    pytest.param("export B=$A/b-$A.c; x $B", "x 1/b-1.c", id="an exported variable that does"),
    pytest.param("for B in $A-$A.c d; do x $B; done", "x 1-1.c|x d", id="a word of a loop that does"),
    pytest.param("x $$A $A=3 y$A[1] $A+=4", "x …A 1=3 y1[1] 1+=4", id="other things that stand beside a name"),
    pytest.param(r'x \$A "\${A}" $ "$" a$', "x $A ${A} $ $ a$", id="a dollar sign that is none of a variable"),
    pytest.param('x $A$(y)${A}"`z`$A"', "y|z|x 1…1…1", id="variables and substitutions in one word"),
    pytest.param("x '`y`$(y)' a<b", "x `y`$(y) a", id="a substitution in single quotes is none"),
    pytest.param("B=$(y)-c; x $B ${B}", "y|x …-c …-c", id="what is known of a value is known in either form"),
    pytest.param("x ${N:-d} ${A:-d} ${A:+e} ${N:+e}", "x d 1 e …", id="defaults and alternatives"),
    pytest.param('x ${N:-~/b} "${N:-~/b}" ${A:-~}', "x /root/b ~/b 1", id="a tilde in a default"),
    pytest.param("x ${P##*/} ${P%.c}", "x b.c /a/b", id="prefixes and suffixes"),
    pytest.param("x ${#A} $((1+1)) $? $$", "x … … … …", id="what cannot be known is unknown"),
    pytest.param("x $N y", "x … y", id="a variable that is not set may come from the image"),
    pytest.param('x "$N" y', "x  y", id="in quotes it is an empty one"),
    pytest.param("x $L", "x a b c", id="a variable with spaces is several words"),
    pytest.param("x ~ ~/b ~app/c", "x /root /root/b /home/app/c", id="tilde"),
    pytest.param('cd /d; x "$PWD" ${PWD}/e ${PWD##*/} $(pwd) `pwd`', "pwd|pwd|x /d /d/e d /d /d", id="where it is"),
    pytest.param("cd /d; cd /e; x $OLDPWD", "x /d", id="where it was before"),
    pytest.param("PWD=/e; x $PWD", "x /e", id="what is set is set"),
    pytest.param("x $UID ${EUID} ${RANDOM:-1} $HOSTNAME", "x … … … …", id="what some shells set is not known"),
    pytest.param("x '~/b' \"~\" a~", "x ~/b ~ a~", id="a quoted tilde is a tilde"),
    pytest.param("x a{b,c}", "x a{b,c}", id="sh has no braces"),
    pytest.param("B=2; x $B", "x 2", id="an assignment"),
    pytest.param('B=; x "$B" y', "x  y", id="an assignment of nothing"),
    pytest.param("A=3 B=2 > f; x $A$B", "x 32", id="assignments with a redirection and no command"),
    pytest.param('x "a\\\nb"', "x ab", id="a line that goes on in double quotes"),
    pytest.param('f() { x "$@"; }; f 1 2', "x 1 2", id="the arguments of a function"),
    pytest.param('f() { x "$*"; }; f 1 2', "x 1 2", id="all of them as one word"),
    pytest.param("f() { x $1234; }; f 1 2", "x …", id="an argument of a number that nobody counts to"),
    pytest.param("x ~'u'/b", "x ~u/b", id="a tilde before a quoted name is a tilde"),
    pytest.param("x '", "x …", id="a quote that is not closed"),
    pytest.param("B=~/b; x $B", "x /root/b", id="a tilde in an assignment"),
    pytest.param("B=$A$A; x $B", "x 11", id="an assignment from variables"),
    pytest.param("B=2 x $B", "x …", id="an assignment in front of a command is not seen by its words"),
    pytest.param("x ${A:-$(y)}", "y|x …", id="a substitution in a default"),
    pytest.param("x $(which y)", "which y|x y", id="which prints its argument"),
    pytest.param("x `command -v y`", "x y", id="so does command -v"),
    pytest.param("x $(y)", "y|x …", id="what others print is not known"),
]
BASH_CASES = [
    pytest.param("x a{b,c}d", "x abd acd", id="braces"),
    pytest.param("x {a,b}{c,d}", "x ac ad bc bd", id="two groups"),
    pytest.param("x {a,{b,c}}", "x a b c", id="a group in a group"),
    pytest.param("x {a,b", "x {a,b", id="an open brace is a brace"),
    pytest.param("x {a} {}", "x {a} {}", id="a group of one is none"),
    pytest.param("x '{a,b}' {a','b}", "x {a,b} {a,b}", id="a quoted brace or comma is none"),
    pytest.param("x {{a,b}", "x {a {b", id="of two open braces the inner one is closed"),
    pytest.param("x {a,b}} {a,{b}", "x a} b} {a,{b}", id="a closing brace too many, an opening one too many"),
    pytest.param("x ~/{a,b}", "x /root/a /root/b", id="tilde and braces"),
    pytest.param("x $L{1,2}", "x a b c1 a b c2", id="braces come before variables"),
]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(": ${N:=1}; x $N", "x 1", id="a variable that is not set"),
        pytest.param(': "${A:=2}"; x $A', "x 1", id="one that is set"),
        pytest.param("N=; : ${N=1}; x .$N", "x .", id="one that is set to nothing"),
        pytest.param("N=; : ${N:=1}; x $N", "x 1", id="one that is set to nothing, with a colon"),
        pytest.param(": ${N:=$(y)}; x $N", "y|x …", id="one that is set to what is not known"),
        pytest.param("(: ${N:=1}); x .$N", "x .", id="in another shell"),
    ],
)
def test_a_default_that_is_kept(script: str, expected: str) -> None:
    assert "|".join(lines(script, A="1")) == expected


@pytest.mark.parametrize(("script", "expected"), SH_CASES)
def test_words(script: str, expected: str) -> None:
    assert "|".join(lines(script, A="1", L="a b  c", P="/a/b.c")) == expected


@pytest.mark.parametrize(("script", "expected"), BASH_CASES)
def test_words_in_bash(script: str, expected: str) -> None:
    assert "|".join(lines(script, "bash", L="a b c")) == expected


@pytest.mark.parametrize(
    ("word", "glob"),
    [
        pytest.param("a*", "a*", id="a pattern"),
        pytest.param("a", None, id="no pattern"),
        pytest.param("'a*'", None, id="a quoted one is none"),
        pytest.param("'*'*", r"\**", id="half of it"),
        pytest.param("a?[b]", "a?[b]", id="all three characters"),
    ],
)
def test_patterns(word: str, glob: str | None) -> None:
    assert commands(f"x {word}")[0].words[1].glob == glob


@pytest.mark.parametrize(
    ("script", "glob"),
    [
        pytest.param("set -f; x *", None, id="set -f"),
        pytest.param("set -ef; x *", None, id="among others"),
        pytest.param("set -o noglob; x *", None, id="by its name"),
        pytest.param("set -f; set +f; x *", "*", id="and taken back"),
        pytest.param("(set -f); x *", "*", id="in a subshell"),
        pytest.param("if y; then set -f; fi; x *", None, id="perhaps"),
        pytest.param("set -f; sh -c 'x *'", "*", id="a shell below has its own options"),
        pytest.param("bash -fc 'x *'", None, id="and may be told"),
        pytest.param("set -f; eval 'x *'", None, id="eval runs in the same shell"),
    ],
)
def test_where_patterns_are_off(script: str, glob: str | None) -> None:
    assert commands(script)[-1].words[1].glob == glob


@pytest.mark.parametrize(
    ("script", "written"),
    [
        pytest.param("pip install x", "pip install x", id="the words as they stand"),
        pytest.param("  'pip' \"in\"stall", "'pip' \"in\"stall", id="with their quotes"),
        pytest.param("sh -c 'pip install x'", "pip install x", id="inside a string"),
        pytest.param('sh -c "pip install \\"x\\""', 'pip install \\"x\\"', id="inside a string with escapes"),
        pytest.param("eval 'pip' \"install\"", "pip' \"install", id="put together from strings"),
        pytest.param("bash <<E\npip install x\nE\n", "pip install x", id="inside a here-document"),
        pytest.param("$P install", "$P install", id="a variable as it is written"),
        pytest.param("sudo -u app pip install", "pip install", id="behind a wrapper"),
    ],
)
def test_spans_are_in_the_file(script: str, written: str) -> None:
    command = commands(script, P="pip")[-1]
    assert command.span is not None
    assert script.encode()[command.span.start : command.span.end].decode() == written


def test_a_word_that_became_several_says_so() -> None:
    command = commands("$P x", P="pip install")[0]
    assert [(word.value, word.shared) for word in command.words] == [("pip", True), ("install", True), ("x", False)]


def test_a_value_that_doubles_again_and_again_is_unknown() -> None:
    (command,) = commands("A=x; " + "A=$A$A; " * 60 + "x $A")
    assert not command.words[1].known


def test_a_brace_bomb_is_left_alone() -> None:
    assert len(commands("x " + "{a,b}" * 40, "bash")[0].words) < 300
    assert len(commands("x {" + "{a,b,c}" * 8 + ",d}", "bash")[0].words) < 300
