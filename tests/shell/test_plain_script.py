"""Scripts of plain commands say the same with a syntax tree and without."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layerlint.shell import execution
from layerlint.shell.command import Branch, Command
from layerlint.shell.plain_script import follow_plain_script
from layerlint.shell.state import State
from layerlint.shell.walk import Walk
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span
from tests.oracle.case import load_cases
from tests.shell.shells import rules

PLAIN = [
    pytest.param("a | A=2 >f b c", id="an assignment and a redirection in front at the end of a pipeline"),
    pytest.param("pip install flask", id="a command"),
    pytest.param("a && b -x --y=z && rm -rf /c/*", id="a list"),
    pytest.param("a; b ;", id="statements"),
    pytest.param("a\nb\n\nc\n", id="lines"),
    pytest.param("set -e; cd /x && a; cd y; b", id="builtins"),
    pytest.param("which x && a; b", id="a question that is not the last word"),
    pytest.param("which x && a", id="a question that is"),
    pytest.param("false && a; b", id="never"),
    pytest.param("test -d x && a && b; c", id="a question about a folder"),
    pytest.param("sudo test -d x && a; c", id="a question in a wrapper"),
    pytest.param("exit 0; a", id="nothing behind an exit"),
    pytest.param("exec a b; c", id="nothing behind an exec"),
    pytest.param("env A=1 b", id="an assignment that is an argument"),
    pytest.param("ls *.py a?b", id="patterns"),
    pytest.param("  a   b\t c  ", id="white space"),
    pytest.param("a | b && c || d | e 2>&1", id="pipelines"),
    pytest.param("a > b >> c 2> d 2>/dev/null e 3>f", id="redirections"),
    pytest.param("a >$B/c > $NONE 2>'d e' b", id="redirections to what is expanded"),
    pytest.param("a && b > c | d; a || b 2>&1 | c && d > e", id="a redirection in front of a pipe"),
    pytest.param("a | b | c && cd /x && d; a | b || c | d | e && f", id="pipelines of three in lists"),
    pytest.param("> a b > c; 2>&1 d", id="redirections in front"),
    pytest.param("a > b | c && d >e; f >g", id="redirections in pipelines and lists"),
    pytest.param("a 2 > b; a2>c; a '2'>d", id="numbers that are none of a redirection"),
    pytest.param("a 'b;c' \"d && e | f > g\" h'i'\"j\"k", id="quotes"),
    pytest.param("a '' \"\"; 'b' c; \"d\"", id="empty quotes, and names in quotes"),
    pytest.param("'if' a; \"export\" b", id="reserved words in quotes, which are none"),
    pytest.param('a $B ${B} "$B" "c${B}d" e$B.f v$B/g-$B.h', id="variables"),
    pytest.param('a $NONE "$NONE" $LIST "$LIST"; $NONE a; $NONE', id="variables that are nothing or several words"),
    pytest.param("a '$B' '#' \"#\" '$(b)' '`'", id="what is no expansion in quotes"),
    pytest.param("a *'b'? $B*", id="patterns in pieces"),
    pytest.param("cd $B && a; cd '/y z' && b", id="builtins with expansions"),
    pytest.param("sh -c 'a && b' && sh -c \"c $B\"", id="a script in a script"),
    pytest.param("a | xargs b; echo c | sh", id="a program that reads what the one before prints"),
    pytest.param("printf 'a' > /etc/x && b || true", id="a list with both operators"),
    pytest.param("time.sh done.sh", id="names that begin with a reserved word"),
    pytest.param("A=1 b; A=2 C=$A d $A; A=3; C=$A D=$C; e $D; F= g", id="assignments"),
    pytest.param("A='1 2' b; A=\"$B/c\"d b; A=~/x:~/y b; A={1,2}* b $A", id="assignments of what is expanded"),
    pytest.param("A=1 $NONE; b; A=2 B=3 > c d; A=4 | e; A=5 cd /x && f", id="assignments with little behind them"),
    pytest.param("A=1 && b || C=2; test -d x && A=1; d", id="assignments in lists"),
    pytest.param("export A=1 B='c d' E=\"$A\"; f; export G; export -n A && h", id="what is exported"),
    pytest.param('export $LIST "C=2" $B ~; e; export', id="what is exported, expanded"),
    pytest.param("export A=1 | b; test -d x && export A=2; c", id="what may be exported"),
    pytest.param('a "\\b \\" \\$B c" \\; \\d\\*; \\rm e', id="escapes"),
    pytest.param("a ~ ~/b ~c/d e~ '~' \"~\"/f \\~ g=~/h", id="homes"),
    pytest.param("a # b; c", id="a comment"),
    pytest.param("a b#c d# #e; f", id="what begins no comment"),
    pytest.param("~/a b; ~c/d", id="programs in homes"),
    pytest.param("a;# b\nc #\n# d\n  # e\nf", id="comments in lines"),
    pytest.param("a [bc] d[e]f [!g]* h!i !", id="brackets"),
    pytest.param("a {b,c} d{e,f}g {} h{i} {j..k} {,l}; m {}", id="braces"),
    pytest.param("a x^1.0 ^b", id="a caret"),
    pytest.param("", id="nothing"),
    pytest.param(" \n ", id="blank"),
]
NOT_PLAIN = [
    pytest.param("A+=1", id="an assignment that appends"),
    pytest.param("A=(1 2)", id="an array"),
    pytest.param("A[1]=2 b", id="an element of an array"),
    pytest.param("A=1 export B=2", id="an assignment in front of a declaration"),
    pytest.param("A=1 > b", id="an assignment and a file"),
    pytest.param("> b A=1 c", id="an assignment behind a file"),
    pytest.param("declare A=1", id="another declaration"),
    pytest.param("export A=1 > b", id="a declaration and a file"),
    pytest.param("a[b] c", id="a program with brackets"),
    pytest.param("[ -d a ] && b", id="a test"),
    pytest.param("{ a; }", id="a group"),
    pytest.param("! a", id="a negation"),
    pytest.param("a {b c}", id="a brace that is open"),
    pytest.param("a >#b", id="a hash behind a redirection"),
    pytest.param("a#b c", id="a program with a hash"),
    pytest.param("a > # b", id="a comment for a file"),
    pytest.param("a && # b", id="a comment for a command"),
    pytest.param("a \\ b", id="an escaped blank"),
    pytest.param("a \\\nb", id="a line that goes on"),
    pytest.param("if a; then b; fi", id="a condition"),
    pytest.param("for x in a b; do c; done", id="a loop"),
    pytest.param("time a", id="a reserved word"),
    pytest.param("a & b", id="a background command"),
    pytest.param("a &&& b", id="an error"),
    pytest.param("a &&", id="a list that goes on"),
    pytest.param("a &&\nb", id="a list over lines"),
    pytest.param("&& a", id="a list without a beginning"),
    pytest.param("a;; b", id="two semicolons"),
    pytest.param("a\n; b", id="a semicolon behind nothing"),
    pytest.param("; b", id="a semicolon in front"),
    pytest.param("a | | b", id="a pipeline with nothing in it"),
    pytest.param("a |\nb", id="a pipeline over lines"),
    pytest.param("a | ", id="a pipeline that goes on"),
    pytest.param("a |& b", id="a pipeline of both outputs"),
    pytest.param("a >", id="a redirection to nowhere"),
    pytest.param("a > > b", id="two redirections and one file"),
    pytest.param("a >&b", id="a redirection of both outputs"),
    pytest.param("a &> b", id="both outputs in the way of bash"),
    pytest.param("a < b", id="an input"),
    pytest.param("a <<< b", id="an input that stands there"),
    pytest.param("> b", id="a redirection without a command"),
    pytest.param("a; > b", id="one at the end"),
    pytest.param("a 'b", id="a quote that is not closed"),
    pytest.param('a "b\nc"', id="a quote over lines"),
    pytest.param("a $1 ", id="an argument of the script"),
    pytest.param("a ${b:-c}", id="a default"),
    pytest.param("a $(b)", id="a substitution"),
    pytest.param('a "$(b)"', id="a substitution in quotes"),
    pytest.param("a $", id="a dollar sign"),
    pytest.param("a 'é'", id="quotes that are not ASCII"),
    pytest.param("a é", id="not ASCII"),
]


def commands(script: str, *, with_tree: bool) -> list[Command]:
    source = Source("x", script.encode())
    text = MappedText.of(source, Span(0, len(source.data)))
    state = State(
        {"HOME": "/root", "B": "/b", "LIST": "x y"},
        user="",
        directory="/w",
        shell="sh",
        home_of=lambda user: f"/home/{user}",
    )
    reader = (lambda *_, **__: None) if with_tree else follow_plain_script
    walk = Walk(rules().wrappers, execution._VISITORS, reader)
    walk.script(text, state, Branch(), tail=True)
    return walk.commands


def told(found: list[Command]) -> list[object]:
    """All that there is to know of commands, in a form that can be compared."""
    return [
        (
            [_word(word) for word in command.words],
            dict(command.variables),
            command.user,
            command.directory,
            command.branch,
            [(each.operator, each.target and _word(each.target), each.document) for each in command.redirections],
            command.reads and command.reads.span,
            command.first and command.first.span,
        )
        for command in found
    ]


def _word(word: Word) -> object:
    return word.value, word.span, word.glob, word.quoted, word.shared, word.text.data


def is_plain(script: str) -> bool:
    walk = Walk(rules().wrappers, execution._VISITORS, follow_plain_script)
    state = State({}, user="", directory="/", shell="sh", home_of=str)
    text = MappedText.unmapped(script.encode())
    with walk.inside(text):  # which is where its words stand
        return follow_plain_script(walk, text, state, Branch(), tail=True) is not None


@pytest.mark.parametrize("script", PLAIN)
def test_plain_scripts(script: str) -> None:
    assert is_plain(script)
    assert told(commands(script, with_tree=False)) == told(commands(script, with_tree=True))


@pytest.mark.parametrize("script", NOT_PLAIN)
def test_scripts_that_need_the_grammar(script: str) -> None:
    assert not is_plain(script)


SAMPLE = (
    "a b cd /x set -e which test -d sudo -u env A=1 true false exit exec eval sh -c xargs rm -rf * if done command -v "
    "trap EXIT : . time find -exec return 'b' \"c\" '' $B ${B} \"$B\" $NONE $LIST v$B/w-$B.x 'd;e' \"$LIST>\" '$B' "
    '"*" echo printf ! [!x] a!b a#b x#  '
    'A=2 C=$B D="$NONE" E=~/y export export ~ ~/x ~u [x] [a-c]* {a,b} {} x{y,z} \\; \\* a\\b "\\$B\\"" #'
)
OPERATORS = ["&&", "||", ";", "|", ">", ">>", "2>", ">/dev/null", "2>&1", ">&2"]
WORDS = st.sampled_from(SAMPLE.split())
SCRIPTS = st.lists(st.one_of(WORDS, WORDS, st.sampled_from(OPERATORS)), max_size=14).map(" ".join)


@settings(max_examples=400)
@given(SCRIPTS)
def test_any_script_says_the_same(script: str) -> None:
    assert told(commands(script, with_tree=False)) == told(commands(script, with_tree=True))


@example("eval 'b' ~")
@given(SCRIPTS)
def test_a_line_end_is_a_semicolon(script: str) -> None:
    """The grammar takes some for blanks: behind several assignments, and in pipelines of three with a redirection."""
    if is_plain(script) and "#" not in script.split():
        lines = script.replace(" ; ", " \n ")
        assert told(commands(lines, with_tree=False)) == told(commands(script, with_tree=False))


def test_assignments_on_a_line_of_their_own() -> None:
    (command,) = commands("A=1 C=2\nb", with_tree=False)
    assert [variable.exported for name, variable in command.variables.items() if name in "AC"] == [False, False]


def test_the_scripts_of_the_oracle_say_the_same() -> None:
    # The table of cases is not made for this, and has what nobody thinks of.
    lines = {line[4:] for case in load_cases() for line in case.dockerfile.splitlines() if line.startswith("RUN ")}
    plain = [line for line in lines if is_plain(line)]
    assert len(plain) > 100
    for line in plain:
        assert told(commands(line, with_tree=False)) == told(commands(line, with_tree=True))
