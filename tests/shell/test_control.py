"""Which commands of a script run: always, maybe (`?`), or not at all."""

import pytest

from layerlint.shell.word import shown
from tests.shell.shells import commands, lines

CASES = [
    pytest.param("a; b", ["a", "b"], id="a list runs in order"),
    pytest.param("a && b && c", ["a", "b", "c"], id="what follows && ran, or there is no layer"),
    pytest.param("a || b", ["a", "?b"], id="what follows || runs only on failure"),
    pytest.param("a || b && c", ["a", "?b", "c"], id="both operators associate to the left"),
    pytest.param("a || exit 1; b", ["a", "b"], id="after || exit the other way goes on"),
    pytest.param("true || a", [], id="true never needs its alternative"),
    pytest.param("false && a", [], id="false never goes on"),
    pytest.param("false || a", ["a"], id="false always needs its alternative"),
    pytest.param("a; exit 0; b", ["a"], id="nothing runs after exit"),
    pytest.param("if a; then exit 1; b; fi; c", ["a", "c"], id="nothing runs after exit in a branch"),
    pytest.param("(a; exit 0; b); c", ["a", "c"], id="exit in a subshell ends only that"),
    pytest.param("exit && a; b", [], id="nothing runs behind exit in a list"),
    pytest.param("x <<E || a\nE\nb", ["x", "?a", "b"], id="what follows a here-document's || runs only on failure"),
    pytest.param("x <<E && a\nE\nb", ["x", "a", "b"], id="what follows a here-document's && ran"),
    pytest.param("x <<E | a\nE\nb", ["x", "a", "b"], id="a here-document into a pipeline"),
    pytest.param("[ ] && a; b", ["b"], id="a test of nothing fails"),
    pytest.param(
        '[ "$A" -lt 99999999999999999999999999999999 ] && a; c', ["?a", "c"], id="a number too large for a shell"
    ),
    pytest.param("case $(x) in 1) a;; esac; b", ["x", "?a", "b"], id="an unknown case without a default"),
    pytest.param("f() ( exit 0 ); f; a", ["a"], id="exit in a function that is a subshell"),
    pytest.param("{ f() { a; }; }; f", ["a"], id="a function that is made in a group"),
    pytest.param("a & b", ["?a", "b"], id="a background command may not get to its end"),
    pytest.param("a | b | c", ["a", "b", "c"], id="every part of a pipeline runs"),
    pytest.param("! a && b; c", ["a", "?b", "c"], id="whether a command fails is not known"),
    pytest.param("a | false && b; c", ["a", "c"], id="a pipeline ends as its last part does"),
    pytest.param("sh -c 'a; false' && b; c", ["a", "c"], id="a shell ends as its script does"),
    pytest.param("sh -c 'a; exit 3' && b; c", ["a", "c"], id="or as exit says"),
    pytest.param("(exit 0) || a; (exit 1) || b; (exit) || c", ["b", "?c"], id="exit with a number and without"),
    pytest.param("(exit $(x)) && a; (exit 256) && b; c", ["x", "?a", "?b", "c"], id="a number that is not known"),
    pytest.param("f() { a; return 1; }; f && b; c", ["a", "c"], id="a function that returns a failure"),
    pytest.param("! false && b", ["b"], id="a negated false is true"),
    pytest.param("a && b >> f && c > g || d", ["a", "b", "c", "?d"], id="redirections inside a list"),
    pytest.param("[ -f x ] && a; b", ["?a", "b"], id="a question about a file has no known answer"),
    pytest.param("b; [ -f x ] && a", ["b", "a"], id="the last list's questions had the answer yes"),
    pytest.param("[ -f x ] || [ -f y ] && a; b", ["?a", "b"], id="nor have two of them, of which one is enough"),
    pytest.param("[ -f x ] && false || a; b", ["a", "b"], id="a question and then a failure fail"),
    pytest.param("[ -f x ] || false && a; b", ["?a", "b"], id="a question or else a failure is that question"),
    pytest.param("[ -f x ] || exit 1 && a; b", ["a", "b"], id="a question of which the other answer ends it all"),
    pytest.param("[ -f x ] && exit 1 && a; b", ["?a", "b"], id="or this answer"),
    pytest.param("test -f x && a; b", ["test -f x", "?a", "b"], id="test asks as well"),
    pytest.param('[ "$A" = 1 ] && a; b', ["a", "b"], id="a comparison of known values is known"),
    pytest.param('[ "$A" != 1 ] && a; b', ["b"], id="so is one that does not hold"),
    pytest.param('[ -n "$A" ] && a; [ -z "$A" ] && b; c', ["a", "c"], id="emptiness of known values"),
    pytest.param('[ "$A" -lt 2 ] && a; c', ["a", "c"], id="numbers"),
    pytest.param('[ "$(x)" = 1 ] && a; c', ["x", "?a", "c"], id="what a command prints is not known"),
    pytest.param("if true; then a; else b; fi", ["a"], id="a known condition leaves one way"),
    pytest.param("if false; then a; else b; fi", ["b"], id="the other one"),
    pytest.param("if x; then a; else b; fi; c", ["x", "?a", "?b", "c"], id="an unknown one leaves both"),
    pytest.param("if x; then a; elif y; then b; else c; fi", ["x", "?a", "?y", "?b", "?c"], id="elif"),
    pytest.param("if x; then exit 1; fi; a", ["x", "a"], id="a way that ends is not the one that goes on"),
    pytest.param("if x; then exit 0; fi; a; b", ["x", "?a", "?b"], id="a way that ends well is one too"),
    pytest.param("(if x; then exit 0; fi; a); b", ["x", "?a", "b"], id="in a shell of its own"),
    pytest.param("test -f x && exit 0; a", ["test -f x", "?a"], id="in a list"),
    pytest.param("for i in 1 2; do a $i; break; b; done; c", ["a 1", "c"], id="break"),
    pytest.param("for i in 1 2; do a $i && break || b; c; done; d", ["a 1", "d"], id="break where it worked"),
    pytest.param("for i in 1 2; do if x; then break; fi; a; done; b", ["x", "?a", "?x", "?a", "b"], id="perhaps break"),
    pytest.param("for i in 1 2; do a $i; continue; b; done; c", ["a 1", "a 2", "c"], id="continue"),
    pytest.param("for i in 1 2; do [ $i = 1 ] && continue; a $i; done", ["a 2"], id="continue in one round"),
    pytest.param("for i in 1 2; do if x; then continue; fi; a; done", ["x", "?a", "x", "?a"], id="perhaps continue"),
    pytest.param("for i in *; do break; a; done; b", ["b"], id="break in a loop of which nothing is known"),
    pytest.param("while true; do a && break; b; done; c", ["a", "c"], id="break out of an endless loop"),
    pytest.param("while x; do a; break; done; b", ["x", "?a", "b"], id="break in a loop that may not run"),
    pytest.param("f() { a; return; b; }; f; c", ["a", "c"], id="return"),
    pytest.param("f() { if x; then return 0; fi; a; }; f; b", ["x", "?a", "b"], id="perhaps return"),
    pytest.param("f() { x || return 1; a; }; f; b", ["x", "a", "b"], id="return that fails"),
    pytest.param("f() { for i in 1 2; do a; return; done; b; }; f; c", ["a", "c"], id="return out of a loop"),
    pytest.param("f() { for i in 1; do if x; then return; fi; done; a; }; f; b", ["x", "?a", "b"], id="perhaps so"),
    pytest.param("set -- b c; shift; a $1; shift 2; d $1.", ["a c", "d ."], id="shift"),
    pytest.param("unset -f A; a $A; f() { b; }; unset -f f; f", ["a 1", "f"], id="a function is unset"),
    pytest.param("if x; then exit 0; else exit 1; fi; a", ["x"], id="both ways end"),
    pytest.param("if true; then ! x; fi && a || b; c", ["x", "?a", "?b", "c"], id="an if ends as its clause does"),
    pytest.param("if false; then x; fi && a || b", ["a", "?b"], id="and well where none is taken"),
    pytest.param("if x; then y; fi && a; b", ["x", "?y", "a", "b"], id="and is taken to work where it is not known"),
    pytest.param("case 1 in 1) ! x;; esac && a; b", ["x", "?a", "b"], id="a case too"),
    pytest.param("case 2 in 2) ;; 1) x;; esac || a; b", ["b"], id="and an item with nothing in it"),
    pytest.param("for i in 1 2; do ! x; done && a; b", ["x", "x", "?a", "b"], id="and a loop"),
    pytest.param("for i in 1 2; do a $i; done", ["a 1", "a 2"], id="a loop over known words"),
    pytest.param("for i in *; do a $i; done", ["?a …"], id="a loop over what a pattern matches may be empty"),
    pytest.param("for i in x $(y); do a $i; done", ["y", "a x", "?a …"], id="a loop goes once for each word"),
    pytest.param("for i in x /f*; do a $i; done; b", ["a x", "?a …", "b"], id="which a pattern may have none of"),
    pytest.param(f"for i in {'x ' * 17}; do a $i; done", ["a …"], id="one of very many words is gone through once"),
    pytest.param(f"for i in {'/f* ' * 17}; do a $i; done", ["?a …"], id="or not at all where none of them is certain"),
    pytest.param('f() { for i; do a "$i"; done; }; f 1 "2 3"', ["a 1", "a 2 3"], id="a loop over the arguments"),
    pytest.param("sh -c 'for i\ndo a \"$i\"; done' sh 1", ["a 1"], id="over those of a script, on lines"),
    pytest.param("if x; then set -- b; fi; for i; do a $i; done", ["x", "?a …"], id="over those that are not known"),
    pytest.param("set -- b; for i in; do a; done", [], id="a loop over nothing"),
    pytest.param("while x; do a; done; b", ["x", "?a", "b"], id="a while loop may not run"),
    pytest.param("while true; do a; done", ["a"], id="while true does"),
    pytest.param("until x; do a; done", ["x", "?a"], id="until"),
    pytest.param("case $A in 1) a;; 2) b;; esac", ["a"], id="a known case"),
    pytest.param("case $A in 3) a;; *) b;; esac", ["b"], id="the default of a known case"),
    pytest.param("case $(x) in 1) a;; *) b;; esac", ["x", "?a", "?b"], id="an unknown case"),
    pytest.param("f() { a $1; }; f 7; f 8", ["a 7", "a 8"], id="a function runs where it is called"),
    pytest.param("f() { a; }", [], id="and not where it is not"),
    pytest.param("f() { f; }; f", ["f"], id="a function that calls itself does not go on forever"),
    pytest.param("trap 'a' EXIT; b", ["b", "a"], id="a trap runs at the end"),
    pytest.param("trap -- 'a' EXIT; b", ["b", "a"], id="a trap behind the end of the options"),
    pytest.param("trap 'a' EXIT; trap - EXIT; b", ["b"], id="a trap that is taken back"),
    pytest.param("(trap 'a $B' EXIT; B=2; b); c", ["b", "a 2", "c"], id="a trap of a subshell runs at the end of that"),
    pytest.param("trap 'a' EXIT; (b); c", ["b", "c", "a"], id="a trap is not a subshell's that it is around"),
    pytest.param("x $(trap 'a' EXIT; b)", ["b", "a", "x …"], id="a trap of a substitution"),
    pytest.param("(trap 'a' EXIT; b) | c", ["b", "a", "c"], id="a trap of a part of a pipeline"),
    pytest.param("trap a INT; b", ["b"], id="a trap for a signal does not"),
    pytest.param("set -e; a; b", ["a", "b"], id="set -e"),
    pytest.param("a $(b) `c`", ["b", "c", "a … …"], id="substitutions run before the command"),
    pytest.param("a $(echo b  c) '$(d)'", ["echo b c", "a b c $(d)"], id="what is printed is split"),
    pytest.param('a "$(printf "b\\n\\n")"', ["printf b\\n\\n", "a b"], id="without the line ends behind it"),
    pytest.param("a $(echo -n b)", ["echo -n b", "a b"], id="what is printed without a line end"),
    pytest.param("read B; a $(echo b/$B/c)", ["echo b/…/c", "a b/…/c"], id="what is printed and known in part"),
    pytest.param("a $([ -f x ] && echo b; true)", ["?echo b", "a …"], id="what is printed maybe"),
    pytest.param("echo 'a; b'", ["echo a; b"], id="a string is no command"),
    pytest.param("f() { a $*; }; f 1 2", ["a 1 2"], id="all arguments of a function"),
    pytest.param("a $1", ["a …"], id="an argument of a script is not known"),
    pytest.param("if x; then f() { a; }; fi; f", ["x", "a"], id="a function that may be there"),
    pytest.param("B=1; f() { local B=2; a $B; }; f; b $B", ["a 2", "b 1"], id="a variable of a function's own"),
    pytest.param('f() { local B=2; }; f; b "$B"', ["b "], id="one that is not there outside"),
    pytest.param('B=1; unset -v B; a "$B"', ["a "], id="unset with an option"),
    pytest.param("read -r A; a $A", ["a …"], id="what is read is not known"),
    pytest.param("> f", [], id="a redirection alone"),
    pytest.param("{ a | b; } > f; c", ["a", "b", "c"], id="a redirection of a group"),
    pytest.param("! a | b > f; c", ["a", "b", "c"], id="a redirection of a negated pipeline"),
    pytest.param("a # b; c", ["a"], id="a comment is none either"),
    pytest.param("{ a; b; }", ["a", "b"], id="braces"),
    pytest.param("a ; ; b", ["a", "b"], id="what is no shell is read as far as it goes"),
    pytest.param('set -- b; if x; then set -- c; else exit 1; fi; "$@"', ["x", "c"], id="arguments set on one way"),
    pytest.param('set -- b; if x; then set -- c; fi; a "$@"', ["x", "a …"], id="arguments that may be set"),
    pytest.param("set -- b; x && set -- b; $1; c", ["x", "b", "c"], id="arguments that are the same on both ways"),
    pytest.param("B=2 > f; a $B; b", ["a 2", "b"], id="an assignment alone, with a redirection"),
    pytest.param("B=$(x) 2> f && C=3 > g && a $C; b", ["x", "a 3", "b"], id="two of them"),
    pytest.param("B=2 > f || a; b", ["b"], id="what would run if one failed"),
    pytest.param("B=2 > f | a | b", ["a", "b"], id="one in front of a pipeline"),
    pytest.param("B=2 > f\na", ["a"], id="one on a line"),
    pytest.param("if [ \\( -f x \\) -o -f y ]; then a; fi", ["?a"], id="a grouped question"),
    pytest.param("if [ \\( -f x \\) ]; then a; else b; fi", ["?a", "?b"], id="with another way"),
    pytest.param('[ "$A" = 1 -a \\( "$A" = "]" \\) ] || a; b', ["?a", "b"], id="a grouped question behind another"),
    pytest.param("find [ \\( x ; a \\) ]", ["find [ ( x", "a ) ]"], id="no question at all"),
    pytest.param("[ -d / ] && a; ! [ -e / ] || b; c", ["?a", "?b", "c"], id="a question about the root"),
    pytest.param('[ \\( "$A" = 1 \\) ] && a; [ "$A" = / ] && b; [ / = / ] && c', ["?a", "c"], id="decided ones"),
    pytest.param("B=2 >f || if x; then a; fi; b $B", ["b 2"], id="an assignment in front of a keyword"),
    pytest.param("B=1 >f; B=2 >g && B=3 >h; B=4 >i; a $B", ["a 4"], id="many assignments with redirections"),
    pytest.param("[[ $A == 1 ]] && a; b", ["?a", "b"], id="two brackets are no question to dash"),
    pytest.param("[ $A == 1 ] && a; b", ["?a", "b"], id="two signs of equality are a mistake to dash"),
]


@pytest.mark.parametrize(("script", "expected"), CASES)
def test_which_commands_run(script: str, expected: list[str]) -> None:
    assert lines(script, A="1") == expected


BASH_CASES = [
    pytest.param("for ((i = 0; i < 3; i++)); do a; done; b", ["?a", "b"], id="a loop that counts may not run"),
    pytest.param("[[ $A == 1 ]] && a; b", ["a", "b"], id="[[ is bash's"),
    pytest.param("f() { declare A=2; a $A; }; f; b $A", ["a 2", "b 1"], id="declare in a function"),
    pytest.param("f() { declare -g A=2; }; f; b $A", ["b 2"], id="declare -g in a function"),
    pytest.param("[ $A == 1 ] && a; test $A == 2 && b; c", ["a", "test 1 == 2", "c"], id="so is =="),
    pytest.param("[ $UID = 0 ] && a; b", ["?a", "b"], id="a question about what the shell sets"),
    pytest.param('[[ ( -n "$A" ) ]] && a; b', ["?a", "b"], id="a grouped question has no known answer"),
    pytest.param("case 1 in 1) a;& 2) b;; 3) c;; esac", ["a", "b"], id="an item that goes on to the next"),
    pytest.param("case 1 in 1) ;& 2) a;& 3) b; esac", ["a", "b"], id="two that do, one with nothing in it"),
    pytest.param("case 1 in 1) a;;& 2) b;; ?) c;; *) d;; esac", ["a", "c"], id="one that goes on to what matches"),
    pytest.param("case 1 in 1) a;;& 2) b;; esac; c", ["a", "c"], id="where nothing does"),
    pytest.param("case 1 in 1) a; exit 0;& 2) b;; esac", ["a"], id="one that ends the script"),
    pytest.param("case $(x) in 1) a;& 2) b;; esac", ["x", "?a", "?b", "?b"], id="one that may be gone to"),
    pytest.param("declare B=2; a $B", ["a 2"], id="declare"),
    pytest.param("A[0]=2; a $A", ["a …"], id="an element of an array"),
    pytest.param("A=(2 3); a $A", ["a …"], id="an array"),
    pytest.param("A+=2; a $A", ["a 12"], id="a value that grows"),
    pytest.param("C+=x; C+=$(y); a $C", ["y", "a x…"], id="a value that grows by what is not known"),
    pytest.param("A+=(2); a $A", ["a …"], id="an array that grows"),
    pytest.param("a <(b) >(c)", ["b", "c", "a … …"], id="commands in the place of files"),
    pytest.param("a |& b", ["a", "b"], id="a pipeline of both outputs"),
]


@pytest.mark.parametrize(("script", "expected"), BASH_CASES)
def test_which_commands_run_in_bash(script: str, expected: list[str]) -> None:
    assert lines(script, "bash", A="1") == expected


@pytest.mark.parametrize(
    ("script", "implied"),
    [
        pytest.param("a; b", True, id="both always"),
        pytest.param("if x; then a; b; fi", True, id="in the same branch"),
        pytest.param("if x; then a; fi; b", True, id="the second always"),
        pytest.param("a; if x; then b; fi", False, id="the second maybe"),
        pytest.param("if x; then a; else b; fi", False, id="in the other branch"),
        pytest.param("if x; then a; if y; then b; fi; fi", False, id="in a branch of the branch"),
    ],
)
def test_what_runs_together(script: str, *, implied: bool) -> None:
    by_name = {command.name: command for command in commands(script)}
    assert by_name["a"].branch.implies(by_name["b"].branch) is implied


@pytest.mark.parametrize(
    ("script", "exported"),
    [
        pytest.param("set -eo allexport; A=1; a", True, id="all, with an option in front"),
        pytest.param("set -a +o allexport; A=1; a", False, id="all no more"),
        pytest.param("set b -a; A=1; a", False, id="what stands behind an argument of set"),
        pytest.param("set - -a; A=1; a", False, id="what stands behind a dash"),
        pytest.param("if x; then set -a; fi; A=1; a", False, id="all on one way"),
        pytest.param("if x; then set -a; y; else set -a; fi; A=1; a", True, id="all on both ways"),
        pytest.param("if x; then export A; fi; A=1; a", False, id="a variable on one way"),
        pytest.param("if x; then y; else export A; fi; A=1; a", False, id="a variable on the other way"),
        pytest.param("if x; then export A; else export A B; fi; A=1; a", True, id="a variable on both ways"),
    ],
)
def test_what_is_exported_once_it_is_set(script: str, *, exported: bool) -> None:
    *_, last = commands(script)
    assert (last.environment("A") == "1") is exported


def test_a_list_of_any_length_is_one_level() -> None:
    assert len(lines(" && ".join(["a"] * 5000))) == 5000


def test_where_a_command_runs_behind_a_way_that_may_be_gone() -> None:
    *_, behind = commands("if a; then cd /x; fi; b")
    assert shown(behind.directory) == "…"
    *_, behind = commands("test -d /x && cd /x; b")
    assert shown(behind.directory) == "…"
    *_, behind = commands("cd -; b")
    assert shown(behind.directory) == "…"
