"""Programs that start others: what is started, as whom, where, with what environment."""

import pytest

from layerlint.shell.word import shown
from tests.shell.shells import commands, lines, rules

CASES = [
    pytest.param("sudo x", "x", id="sudo"),
    pytest.param("sudo -H -u app x -y", "x -y", id="sudo with options"),
    pytest.param("sudo -uapp -- x", "x", id="an attached value"),
    pytest.param("sudo A=1 x", "x", id="sudo with a variable"),
    pytest.param("sudo -l", "sudo -l", id="sudo without a command"),
    pytest.param("env -i A=1 x", "x", id="env"),
    pytest.param("env", "env", id="env alone"),
    pytest.param("env $(cat .env) A=1 x y", "cat .env|x y", id="env with what a command prints"),
    pytest.param("env $(y)", "y|…", id="env with a program that is not known"),
    pytest.param("sh -c 'x; y'", "x|y", id="sh -c"),
    pytest.param("bash -euxo pipefail -c 'x'", "x", id="an option with a value in a cluster"),
    pytest.param("bash -lc x", "x", id="-c in a cluster"),
    pytest.param("bash -cl x", "x", id="-c in front in a cluster"),
    pytest.param("bash -c -l -- x y", "x", id="options behind -c"),
    pytest.param("su app -- -c x", "x", id="su with an option for the shell"),
    pytest.param("echo 'x y' | su app", "echo x y|x y", id="su with a script from a pipe"),
    pytest.param("su - app <<E\nx\nE\n", "x", id="su with a here-document"),
    pytest.param("sudo -iu app <<E\nx\nE\n", "x", id="sudo -i with a here-document"),
    pytest.param("sudo -u app <<E\nx\nE\n", "sudo -u app", id="sudo that starts no shell"),
    pytest.param("$(which x || which y) z", "which x|?which y|x z", id="the first that which finds"),
    pytest.param("$(command -v x || command -v y) z", "x z", id="the first that command -v finds"),
    pytest.param("/bin/bash -o pipefail -c x", "x", id="a path"),
    pytest.param("cmd /S /C x y z", "x y z", id="cmd takes all that follows"),
    pytest.param("powershell -NoProfile -Command x y; z", "x y|z", id="so does PowerShell"),
    pytest.param("pwsh -c 'x y; z' a", "x y|z a", id="quotes in what it takes"),
    pytest.param("pwsh -c", "pwsh -c", id="PowerShell without a script"),
    pytest.param("sh script.sh", "script.sh", id="a script cannot be followed"),
    pytest.param("sh -c 'x $1' name value", "x value", id="arguments of a script"),
    pytest.param("bash -s <<E\nx\nE\n", "x", id="a script on standard input"),
    pytest.param("A=1; sh <<E\nA=2; x $A ${A}\nE\n", "x 1 1", id="a script with variables of the shell around"),
    pytest.param("A=1; sh <<E\nA=2; x \\$A\nE\n", "x 2", id="a script with an escaped variable"),
    pytest.param("A=1; sh <<E\nA=2; x \\\ny '\\a'\nE\n", "x y \\a", id="a script with other backslashes"),
    pytest.param("sh <<E\nx $(y) `z` \\$(y)\nE\n", "y|z|y|x … … …", id="a script with commands of the shell around"),
    pytest.param("sh <<E\nx ${HOME:-$B} $5 a$ $\nE\n", "x /root … a$ $", id="a script with other dollar signs"),
    pytest.param("A=1; sh <<'E'\nA=2; x $A\nE\n", "x 2", id="a script whose end is quoted"),
    pytest.param("A=1; sh <<\\E\nA=2; x $A\nE\n", "x 2", id="a script whose end is escaped"),
    pytest.param("chroot --userspec=app / x y", "x y", id="chroot into the same root"),
    pytest.param("chroot /mnt x y", "chroot /mnt x y", id="chroot into another one"),
    pytest.param("y 1 | xargs x", "y 1|x …", id="xargs of what a program prints"),
    pytest.param("y $(z) | xargs x", "z|y …|x …", id="xargs of what nobody knows"),
    pytest.param("su app -c 'x'", "x", id="su"),
    pytest.param("su - app -c x", "x", id="su with a dash"),
    pytest.param("su -c x app", "x", id="su with the user last"),
    pytest.param("runuser -u app -- x y", "x y", id="runuser"),
    pytest.param("gosu app x y", "x y", id="gosu"),
    pytest.param("python -m x y", "x y", id="python -m"),
    pytest.param("python3.12 -W ignore -Im x", "x", id="python with options"),
    pytest.param("python -mx", "x", id="python -mx"),
    pytest.param(
        "curl -s a://b/x.py?c=d | python", "curl -s a://b/x.py?c=d|x.py", id="python with a script from a pipe"
    ),
    pytest.param("curl a://b/x.py | sudo python3 - -y", "curl a://b/x.py|x.py -y", id="python - in a wrapper"),
    pytest.param("curl a://b/x.py | python /dev/stdin -y", "curl a://b/x.py|x.py -y", id="python /dev/stdin"),
    pytest.param("curl a://b/$X | python -", "curl a://b/|b", id="python - with what a server says by itself"),
    pytest.param("curl a://b/$(x) | python -", "x|curl a://b/…|python -", id="python - with a script that has no name"),
    pytest.param("cat x.py | python - -y", "cat x.py|python - -y", id="python - with what is not fetched"),
    pytest.param("python -", "python -", id="python - with what nobody knows"),
    pytest.param("bash -e x.sh -y", "x.sh -y", id="a shell with a script from a file"),
    pytest.param("curl a://b/x.sh | bash -", "curl a://b/x.sh|x.sh", id="bash - with a script from a pipe"),
    pytest.param("curl a://b/x.sh | sudo -E sh", "curl a://b/x.sh|x.sh", id="sh with a script from a pipe"),
    pytest.param("curl a://b/x.sh | bash -s -- -y", "curl a://b/x.sh|x.sh -y", id="bash -s with one"),
    pytest.param("cat x.sh | bash -", "cat x.sh|bash -", id="bash - with what is not fetched"),
    pytest.param("echo 'x y' | bash -", "echo x y|x y", id="bash - with what is printed"),
    pytest.param("bash - <<E\nx\nE\n", "x", id="bash - with a here-document"),
    pytest.param("curl a://b/x.py | python y.py", "curl a://b/x.py|y.py", id="python that reads data from a pipe"),
    pytest.param("python -c x", "python -c x", id="python -c is another language"),
    pytest.param("python a/x.py -m y", "a/x.py -m y", id="a script is a program, and has its own -m"),
    pytest.param("sudo -\udcffuapp x", "x", id="options that are not UTF-8"),
    pytest.param("sudo --\udcff=a -u\udcff x", "x", id="options with values that are not UTF-8"),
    pytest.param("xargs x", "x …", id="xargs adds arguments"),
    pytest.param("xargs -n 1 -P4 x y", "x y …", id="xargs with options"),
    pytest.param("find . -name a -exec x {} \\;", "find . -name a -exec x {} ;|x {}", id="find -exec"),
    pytest.param("find . -name a", "find . -name a", id="find without"),
    pytest.param("flock -w 5 /tmp/lock x -c", "x -c", id="flock"),
    pytest.param("flock /tmp/lock -c 'x; y'", "x|y", id="flock with a script"),
    pytest.param("flock 9", "flock 9", id="flock of a number"),
    pytest.param("taskset -c 0,1 x", "x", id="taskset"),
    pytest.param("script -qec 'x; y' /dev/null", "x|y", id="script"),
    pytest.param("su -s /bin/bash app -c 'x {a,b}'", "x a b", id="su with a shell"),
    pytest.param("su app -c 'x {a,b}'", "x {a,b}", id="su without one"),
    pytest.param("timeout 10 x", "x", id="timeout"),
    pytest.param("timeout -k 5 10 x", "x", id="timeout with an option"),
    pytest.param("nice -n 10 x", "x", id="nice"),
    pytest.param("nohup x", "x", id="nohup"),
    pytest.param("time x", "x", id="time"),
    pytest.param("exec x", "x", id="exec"),
    pytest.param("command x", "x", id="command"),
    pytest.param("eval x y", "x y", id="eval"),
    pytest.param("conda run -n e x y", "x y", id="conda run"),
    pytest.param("conda install x", "conda install x", id="conda without run"),
    pytest.param("sudo -u app sh -c 'sudo env A=1 timeout 5 x'", "x", id="wrappers in wrappers"),
]


@pytest.mark.parametrize(("script", "expected"), CASES)
def test_what_is_started(script: str, expected: str) -> None:
    assert "|".join(lines(script)) == expected


@pytest.mark.parametrize(
    ("script", "is_module"),
    [
        pytest.param("python -m x", True, id="a module"),
        pytest.param("sudo -E python3 -Im x", True, id="in a wrapper"),
        pytest.param("sh -c 'python -m x'", True, id="in a script"),
        pytest.param("python x", False, id="a file"),
        pytest.param("x", False, id="a program"),
        pytest.param("python -m y && x", False, id="a program behind a module"),
        pytest.param("python -m xargs x", False, id="a program that a module starts"),
    ],
)
def test_whether_it_runs_as_a_module(script: str, *, is_module: bool) -> None:
    assert commands(script)[-1].is_module is is_module


@pytest.mark.parametrize(
    ("script", "user", "home", "variable"),
    [
        pytest.param("x", "", "/root", "1", id="as it is"),
        pytest.param("sudo x", "root", "/root", None, id="sudo clears the environment"),
        pytest.param("sudo -E x", "root", "/root", "1", id="unless it is told to keep it"),
        pytest.param("sudo --preserve-env=A x", "root", "/root", "1", id="or a variable"),
        pytest.param("sudo --preserve-env=B x", "root", "/root", None, id="another variable"),
        pytest.param("sudo -u app x", "app", "/home/app", None, id="another user has another home"),
        pytest.param("sudo A=2 x", "root", "/root", "2", id="a variable on its line"),
        pytest.param("su app -c x", "app", "/home/app", "1", id="su keeps the environment"),
        pytest.param("su - app -c x", "app", "/home/app", None, id="su with a dash does not"),
        pytest.param("su -m app -c x", "app", "/root", "1", id="su -m keeps the home"),
        pytest.param("gosu app:app x", "app", "/home/app", "1", id="a group is no part of the user"),
        pytest.param("env -u A x", "", "/root", None, id="env -u"),
        pytest.param("env -i x", "", "/root", None, id="env -i: the home is that of the password database"),
        pytest.param("env A=2 x", "", "/root", "2", id="env with a variable"),
        pytest.param("A=2 x", "", "/root", "2", id="an assignment in front"),
        pytest.param("A=2; x", "", "/root", "2", id="an exported variable stays exported"),
        pytest.param("export A=2; x", "", "/root", "2", id="export"),
        pytest.param("unset A; x", "", "/root", None, id="unset"),
        pytest.param("(export A=2); x", "", "/root", "1", id="a subshell's variables are its own"),
        pytest.param("export A=2 | y; x", "", "/root", "1", id="a pipeline's too"),
        pytest.param("if y; then A=2; fi; x", "", "/root", "…", id="after a branch it is unknown"),
        pytest.param("export -n A; x", "", "/root", None, id="export -n"),
        pytest.param("HOME=/h; x", "", "/h", "1", id="HOME is a variable"),
    ],
)
def test_what_it_gets(script: str, user: str, home: str, variable: str | None) -> None:
    command = commands(script, A="1")[-1]
    value = command.environment("A")
    assert (command.user, command.environment("HOME") or "", None if value is None else shown(value)) == (
        user,
        home,
        variable,
    )


@pytest.mark.parametrize(
    ("script", "exported"),
    [
        pytest.param("B=1; x", False, id="assigned and not exported"),
        pytest.param("B=1; export B; x", True, id="exported afterwards"),
        pytest.param("export B; B=1; x", True, id="export of what is set afterwards"),
        pytest.param("export B; unset B; B=1; x", False, id="and is not any more"),
        pytest.param("export B; export -n B; B=1; x", False, id="and is not to be any more"),
        pytest.param("(export B); B=1; x", False, id="export of a subshell"),
        pytest.param("export B; sh -c 'B=1; x'", False, id="a program does not know that it was to be"),
        pytest.param("set -a; B=1; x", True, id="set -a"),
        pytest.param("set -a; sh -c 'B=1; x'", False, id="which a shell below does not know"),
        pytest.param("sh -ac 'B=1; x'", True, id="and may be told"),
        pytest.param("bash -o allexport -c 'B=1; x'", True, id="by the name"),
        pytest.param("set -a; set +a; B=1; x", False, id="set +a"),
        pytest.param("set -o allexport; B=1; x", True, id="set -o allexport"),
        pytest.param("declare -x B=1; x", True, id="declare -x"),
        pytest.param("B=1; declare -x B; x", True, id="declare -x afterwards"),
        pytest.param("B=1; declare B; x", False, id="declare without -x"),
        pytest.param("B=1 y; x", False, id="in front of another command"),
        pytest.param("B=1 sh -c x", True, id="into an inner shell"),
        pytest.param("B=1; sh -c x", False, id="not into an inner shell"),
    ],
)
def test_what_is_exported(script: str, *, exported: bool) -> None:
    assert (commands(script)[-1].environment("B") == "1") is exported


@pytest.mark.parametrize(
    ("script", "directory"),
    [
        pytest.param("x", "/", id="where the RUN starts"),
        pytest.param("cd a; x", "/a", id="cd"),
        pytest.param("cd a; su - app -c x", "/home/app", id="a login begins in the home"),
        pytest.param("cd a; su -m app -c x", "/a", id="a shell of another user does not"),
        pytest.param("cd a; runuser -l app -c x", "/home/app", id="that of runuser does"),
        pytest.param("cd a; sudo -i x", "/root", id="and that of sudo"),
        pytest.param("cd /a && cd ../b && x", "/b", id="cd up"),
        pytest.param("cd; x", "/root", id="cd home"),
        pytest.param("(cd a); x", "/", id="cd in a subshell"),
        pytest.param("cd a || exit 1; x", "/a", id="cd or nothing"),
        pytest.param("cd $(y); x", "…", id="an unknown directory"),
        pytest.param("pushd a; popd; x", "/", id="popd"),
        pytest.param("cd b; pushd a; pushd ../c; popd; x", "/b/a", id="popd of several"),
        pytest.param("cd b; pushd; x", "…", id="pushd of nothing"),
        pytest.param("popd; x", "…", id="popd of nothing"),
        pytest.param("cd /a; if b; then pushd c; cd /a; fi; popd; x", "…", id="popd of what is there perhaps"),
        pytest.param("cd b; cd /a; cd -; x", "/b", id="back"),
        pytest.param("cd b; cd /a; cd -; cd -; x", "/a", id="back and forth"),
        pytest.param("cd -; x", "…", id="back from where it began"),
        pytest.param("cd b; y && { test -e z && cd /a; }; cd -; x", "…", id="back from a place that is not known"),
        pytest.param("env -C /c x", "/c", id="env -C"),
    ],
)
def test_where_it_runs(script: str, directory: str) -> None:
    assert shown(commands(script)[-1].directory).lstrip("/") == directory.lstrip("/")


@pytest.mark.parametrize(
    ("words", "shell"),
    [
        pytest.param("/bin/sh -c", "sh", id="the default"),
        pytest.param("/bin/bash -euxo pipefail -c", "bash", id="with options"),
        pytest.param("bash -lc", "bash", id="in a cluster"),
        pytest.param("cmd /S /C", None, id="backslashes are no escape characters to it"),
        pytest.param("su app -c", None, id="another user"),
        pytest.param("env A=1 sh -c", None, id="a shell in a wrapper"),
        pytest.param("sh", None, id="the text is the name of a script"),
        pytest.param("python -c", None, id="another language"),
        pytest.param("", None, id="the text is the program"),
    ],
)
def test_which_words_of_shell_do_no_more_than_start_a_shell(words: str, shell: str | None) -> None:
    assert rules().wrappers.shell_of(tuple(words.split())) == shell


def test_what_programs_find_without_a_home_is_put_together_once() -> None:
    first, second, third = commands("unset HOME; a; b; A=1; c", user="app")
    assert first.variables is second.variables
    assert [command.environment("HOME") for command in (first, second, third)] == ["/home/app"] * 3
    assert third.variables["A"].value == "1"
