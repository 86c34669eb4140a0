"""What becomes of pip's cache in one RUN: table of RUNs in a stage, and the verdict for each use of the cache."""

import pytest

from tests.caches.verdicts import ABORTED, LEFT, MOUNTED, OFF, REMOVED, verdicts

FLAGS = [
    pytest.param("pip install x", LEFT, id="no flag"),
    pytest.param("pip install --no-cache-dir x", OFF, id="behind the subcommand"),
    pytest.param("pip --no-cache-dir install x", OFF, id="in front of it"),
    pytest.param("pip install x --no-cache-dir", OFF, id="at the end"),
    pytest.param("pip install --no-ca x", OFF, id="shortened"),
    pytest.param("pip install --no-c x", ABORTED, id="shortened too much"),
    pytest.param("pip install '--no-cache-dir' x", OFF, id="quoted"),
    pytest.param("pip install -r --no-cache-dir", LEFT, id="as the value of an option"),
    pytest.param("pip install x # --no-cache-dir", LEFT, id="in a comment"),
    pytest.param("pip install -- --no-cache-dir", ABORTED, id="behind two dashes"),
    pytest.param("pip install --no-cache-dir --cache-dir /c x", ["left /c"], id="turned on again"),
    pytest.param("pip install --cache-dir /c --no-cache-dir x", ["off /c"], id="turned off again"),
    pytest.param("pip install --cache-dir=/c x", ["left /c"], id="elsewhere"),
    pytest.param("pip install --cache-dir c x", ["left /w/c"], id="elsewhere, relative"),
    pytest.param("pip install --help", [], id="only help"),
    pytest.param("pip list", [], id="a subcommand that does not download"),
    pytest.param("pip list --outdated", LEFT, id="the same with an option that does"),
    pytest.param("pip index versions x", LEFT, id="index versions"),
    pytest.param("pip download x", LEFT, id="download"),
    pytest.param("pip install --dry-run x", LEFT, id="a dry run downloads"),
    pytest.param("echo pip install x", [], id="words only"),
    pytest.param("apt-get install python3-pip", [], id="a package's name"),
    pytest.param("pip-compile install", [], id="another program"),
]
PROGRAMS = [
    pytest.param(f"{program} install x", LEFT, id=program)
    for program in ("pip3", "pip3.12", "/opt/venv/bin/pip", "python -m pip", "python3 -W ignore -Im pip", "xargs pip")
]
ENVIRONMENT = [
    pytest.param("PIP_NO_CACHE_DIR=1 pip install x", OFF, id="in front"),
    pytest.param("PIP_NO_CACHE_DIR=0 pip install x", OFF, id="a word that means no"),
    pytest.param("PIP_NO_CACHE_DIR= pip install x", LEFT, id="empty"),
    pytest.param("PIP_NO_CACHE=1 pip install x", LEFT, id="another name"),
    pytest.param("PIP_NO_CACHE_DIR=1; pip install x", LEFT, id="not exported"),
    pytest.param("export PIP_NO_CACHE_DIR=1 && pip install x", OFF, id="exported"),
    pytest.param("PIP_NO_CACHE_DIR=$(x) pip install x", LEFT, id="unknown"),
    pytest.param("export PIP_NO_CACHE_DIR=$(printf 1); pip install x", OFF, id="printed"),
    pytest.param("PIP_NO_CACHE_DIR=1 pip install --isolated x", LEFT, id="ignored"),
    pytest.param("PIP_NO_CACHE_DIR=1 pip install --cache-dir /c x", ["left /c"], id="overridden on the line"),
    pytest.param("PIP_NO_CACHE_DIR=1 sudo pip install x", LEFT, id="lost in sudo"),
    pytest.param("PIP_CACHE_DIR=/c pip install x", ["left /c"], id="elsewhere"),
    pytest.param("XDG_CACHE_HOME=/c pip install x", ["left /c/pip"], id="elsewhere by the desktop's variable"),
    pytest.param("HOME=/h pip install x", ["left /h/.cache/pip"], id="another home"),
    pytest.param("PIP_CACHE_DIR=~/c pip install x", ["left /root/c"], id="a tilde in a variable"),
]
REMOVAL = [
    pytest.param("pip install x && rm -rf /root/.cache/pip", REMOVED, id="the directory"),
    pytest.param("pip install x && rm -rf /root/.cache", REMOVED, id="the one above"),
    pytest.param("pip install x && rm -rf /root/.cache/*", REMOVED, id="all in it"),
    pytest.param("pip install x && rm -rf ~/.cache/pip/*", REMOVED, id="all in the directory"),
    pytest.param("pip install x && rm -r $HOME/.cache", REMOVED, id="with a variable"),
    pytest.param("cd && pip install x && rm -rf .cache", REMOVED, id="relative"),
    pytest.param("pip install x; rm -rf -- ~/.cache", REMOVED, id="after two dashes"),
    pytest.param("pip install x && sh -c 'rm -rf ~/.cache'", REMOVED, id="in an inner shell"),
    pytest.param("pip install x && pip cache purge", REMOVED, id="purged"),
    pytest.param("pip install x && find /root/.cache -type f -delete", REMOVED, id="find"),
    pytest.param("trap 'rm -rf ~/.cache' EXIT; pip install x", REMOVED, id="a trap"),
    pytest.param("if x; then pip install x; fi; rm -rf ~/.cache", REMOVED, id="after a branch"),
    pytest.param("if x; then pip install x; rm -rf ~/.cache; fi", REMOVED, id="in the branch"),
    pytest.param("rm -rf ~/.cache && pip install x", LEFT, id="before"),
    pytest.param("pip install x && rm -f ~/.cache", LEFT, id="rm that leaves directories"),
    pytest.param("pip install x && rm -rf '~/.cache'", LEFT, id="a quoted tilde"),
    pytest.param("pip install x && rm -rf ~/.cache/{pip,uv}", LEFT, id="braces in sh"),
    pytest.param("pip install x && bash -c 'rm -rf ~/.cache/{pip,uv}'", REMOVED, id="braces in bash"),
    pytest.param("pip install x && rm -rf ~/.cache/uv", LEFT, id="another directory"),
    pytest.param("pip install x && rm -rf ~/*", LEFT, id="a pattern without hidden names"),
    pytest.param("pip install x && rm -rf /home/app/.cache", LEFT, id="another home"),
    pytest.param("pip install x; if x; then rm -rf ~/.cache; fi", LEFT, id="maybe"),
    pytest.param("pip install x; x || rm -rf ~/.cache", LEFT, id="only on failure"),
    pytest.param("pip install x && rm -rf $(x)", LEFT, id="who knows what"),
    pytest.param("pip install x && echo rm -rf ~/.cache", LEFT, id="words only"),
    pytest.param("pip install x && rm -rf ~/.cache && pip install y", [*REMOVED, *LEFT], id="and filled again"),
]


@pytest.mark.parametrize(("script", "expected"), [*FLAGS, *PROGRAMS, *ENVIRONMENT, *REMOVAL])
def test_a_run(script: str, expected: list[str]) -> None:
    assert verdicts("WORKDIR /w", f"RUN {script}") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["ENV PIP_NO_CACHE_DIR=off"], OFF, id="ENV"),
        pytest.param(["ENV PIP_NO_CACHE_DIR off"], OFF, id="ENV in the old form"),
        pytest.param(["ENV PIP_NO_CACHE_DIR="], LEFT, id="an empty ENV"),
        pytest.param(["ENV PIP_NO_CACHE_DIR=1", "ENV PIP_NO_CACHE_DIR="], LEFT, id="set and emptied"),
        pytest.param(["ARG PIP_NO_CACHE_DIR=1"], OFF, id="ARG with a value"),
        pytest.param(["ARG PIP_NO_CACHE_DIR"], LEFT, id="ARG without one"),
        pytest.param(["ARG A=1", "ENV PIP_NO_CACHE_DIR=$A"], OFF, id="ENV from ARG"),
        pytest.param(["ENV PIP_CACHE_DIR=/c"], ["left /c"], id="another directory"),
        pytest.param(["USER app"], ["left /home/app/.cache/pip"], id="another user"),
        pytest.param(["USER 1000"], ["left ~1000/.cache/pip"], id="a user who is only a number"),
        pytest.param(["USER app", "ENV HOME=/h"], ["left /h/.cache/pip"], id="HOME before the user's"),
        pytest.param(["USER app", "USER root"], LEFT, id="root again"),
    ],
)
def test_what_a_stage_gives(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines, "RUN pip install x") == expected


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        pytest.param("type=cache,target=/root/.cache/pip", MOUNTED, id="the directory"),
        pytest.param("type=cache,target=/root/.cache", MOUNTED, id="the one above"),
        pytest.param("type=cache,dst=/root/.cache/pip/", MOUNTED, id="a slash at the end"),
        pytest.param("type=tmpfs,target=/root/.cache", MOUNTED, id="tmpfs"),
        pytest.param("type=cache,target=$HERE", MOUNTED, id="a variable"),
        pytest.param("type=cache,target=/root/.cache/pi", LEFT, id="a name that begins the same"),
        pytest.param("type=cache,target=/root/.cache/pip/http", LEFT, id="only a part"),
        pytest.param("type=cache,target=~/.cache/pip", LEFT, id="a tilde, which Docker does not expand"),
        pytest.param("type=bind,target=/root/.cache/pip", ["unwritable /root/.cache/pip"], id="bind, read-only"),
        pytest.param("type=secret,target=/root/.cache/pip", LEFT, id="secret"),
    ],
)
def test_mounts(mount: str, expected: list[str]) -> None:
    assert verdicts("ENV HERE=/root/.cache/pip", f"RUN --mount={mount} pip install x") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(['RUN ["pip", "install", "x"]'], LEFT, id="exec form"),
        pytest.param(['RUN ["pip", "install", "--no-cache-dir", "x"]'], OFF, id="exec form with the flag"),
        pytest.param(['RUN ["sh", "-c", "pip install x && rm -rf ~/.cache"]'], REMOVED, id="a shell in exec form"),
        pytest.param(['RUN ["rm", "-rf", "~/.cache"]'], [], id="exec form has no tilde"),
        pytest.param(["ONBUILD RUN pip install x"], LEFT, id="ONBUILD"),
        pytest.param(["RUN <<E", "pip install x", "rm -rf ~/.cache", "E"], REMOVED, id="here-document"),
        pytest.param(
            ["RUN <<E", "#!/bin/bash", "pip install x; rm -rf ~/.cache/{a,pip}", "E"], REMOVED, id="bash in it"
        ),
        pytest.param(["RUN <<E", "#!/usr/bin/env python3", "pip install x", "E"], [], id="another language in it"),
        pytest.param(["RUN bash <<E", "pip install x", "E"], LEFT, id="here-document for a shell"),
        pytest.param(["RUN cat <<E > /x", "pip install x", "E"], [], id="here-document for a file"),
        pytest.param(['SHELL ["/bin/bash", "-c"]', "RUN pip install x; rm -rf ~/.cache/{a,pip}"], REMOVED, id="SHELL"),
        pytest.param(["RUN pip install x \\", "  # a comment", "", "  --no-cache-dir"], OFF, id="continuations"),
        pytest.param(["RUN pi\\", "p install x"], LEFT, id="a continuation inside of the name"),
        pytest.param(["ENV P=pip", "RUN $P install x"], LEFT, id="a command in a variable"),
        pytest.param(["ENV O=--no-cache-dir", "RUN pip install $O x"], OFF, id="an option in a variable"),
        pytest.param(["RUN pip install x", "RUN rm -rf /root/.cache"], LEFT, id="removed in another RUN"),
    ],
)
def test_forms(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["RUN python36 -m pip install x"], LEFT, id="a python without a dot in its version"),
        pytest.param(['RUN scl enable rh-python36 "pip install x"'], LEFT, id="a script behind scl"),
        pytest.param(["RUN scl enable rh-python36 -- pip install x"], LEFT, id="a command behind scl"),
        pytest.param(["RUN pyenv exec pip install x"], LEFT, id="pyenv exec"),
        pytest.param(
            ['RUN sh -c "for r in $(cat r); do pip install \\$r; done"'], LEFT, id="unknown words in a script"
        ),
        pytest.param(["RUN pip install $APP_PATH"], LEFT, id="an argument that the image may bring"),
        pytest.param(["RUN pip install"], [], id="no argument at all"),
        pytest.param(["RUN pip install 'a"], LEFT, id="a quote that is not closed"),
        pytest.param(['RUN pip install "a && b'], LEFT, id="a double quote that is not closed"),
        pytest.param(["RUN pip install --no-index -f /w x"], [], id="no index"),
        pytest.param(["RUN pip install --frobnicate x"], ABORTED, id="an option that pip does not know"),
        pytest.param(["RUN p\\ip in'stall' x"], LEFT, id="quotes inside of words"),
        pytest.param(["RUN pip > /log install x"], LEFT, id="a redirection between words"),
        pytest.param(["RUN cat <<E && pip install x", "a", "E"], LEFT, id="a command behind a here-document"),
        pytest.param(["RUN <<E sh && rm -rf ~/.cache", "pip install x", "E"], REMOVED, id="a here-document in front"),
        pytest.param(["RUN echo 'pip install x' | sh"], LEFT, id="a script from a pipe"),
        pytest.param(["RUN echo x --no-cache-dir | xargs pip install"], OFF, id="an option from a pipe"),
        pytest.param(["RUN pip install x && find ~/.cache -type f | xargs rm"], REMOVED, id="files from a pipe"),
        pytest.param(["RUN pip install x && find ~/.cache | xargs rm -rf"], REMOVED, id="paths from a pipe"),
        pytest.param(["RUN pip install x && rm -rf $(pip cache dir)"], REMOVED, id="where pip says it is"),
        pytest.param(["RUN pip install x; [ -d ~/.cache ] && rm -rf ~/.cache; true"], REMOVED, id="if it is there"),
        pytest.param(["RUN pip install x; [ -d /x ] && rm -rf ~/.cache; true"], LEFT, id="if something else is there"),
        pytest.param(
            ["RUN pip install x; [ -d ~/.cache ] && grep -q a f && rm -rf ~/.cache; true"],
            LEFT,
            id="if it is there and something else holds",
        ),
        pytest.param(
            ["RUN pip install x; [ -d ~/.cache ]; grep -q a f && rm -rf ~/.cache; true"],
            LEFT,
            id="if something else holds, whether it is there or not",
        ),
        pytest.param(
            ["RUN pip install x; if [ -d ~/.cache ]; then y; fi; command -v y && rm -rf ~/.cache; true"],
            LEFT,
            id="if a program is there, behind a condition",
        ),
        pytest.param(["RUN pip install x; ! [ -d ~/.cache ] && rm -rf ~/.cache; true"], LEFT, id="if it is not there"),
        pytest.param(
            ["RUN pip install x; ! [ -d ~/.cache ] || rm -rf ~/.cache; true"], REMOVED, id="unless it is not there"
        ),
        pytest.param(
            ["RUN pip install x; [ ! -d ~/.cache ] && y || rm -rf ~/.cache; true"],
            REMOVED,
            id="where it is not there something else",
        ),
        pytest.param(
            ["RUN pip install x; [ -d ~/.cache ] && y && rm -rf ~/.cache; true"],
            REMOVED,
            id="if it is there, behind a command that works",
        ),
        pytest.param(
            ["RUN pip install x; { y; [ -d ~/.cache ]; } && rm -rf ~/.cache; true"],
            REMOVED,
            id="if it is there, which a group asks",
        ),
        pytest.param(
            ["RUN pip install x; [ -d ~/.cache ] || [ -f y ] && rm -rf ~/.cache; true"],
            REMOVED,
            id="if it or something else is there",
        ),
        pytest.param(
            ["RUN pip install x; [ -f y ] || [ -f z ] && rm -rf ~/.cache; true"],
            LEFT,
            id="if one of two other things is there",
        ),
        pytest.param(["RUN pip install x; while [ -d ~/.cache ]; do rm -rf ~/.cache; done"], REMOVED, id="until gone"),
        pytest.param(
            ["RUN pip install x; if y; then rm -rf ~/.cache; else rm -rf ~/.cache/pip; fi"], REMOVED, id="on both ways"
        ),
        pytest.param(["RUN pip install x; if y; then rm -rf ~/.cache; fi"], LEFT, id="on one of them"),
        pytest.param(
            ["RUN if y; then pip install x; fi; if z; then rm -rf ~/.cache; else rm -rf ~/.cache/pip; fi"],
            REMOVED,
            id="on both ways, whether it was filled or not",
        ),
        pytest.param(
            ["RUN if y; then pip install x; fi; if z; then if w; then rm -rf ~/.cache; else rm -rf ~/.cache; fi; fi"],
            LEFT,
            id="on both ways of one way",
        ),
        pytest.param(
            ["RUN if y; then pip install x; if z; then rm -rf ~/.cache; else rm -rf ~/.cache; fi; fi"],
            REMOVED,
            id="on both ways of the one that fills it",
        ),
        pytest.param(
            ["RUN useradd -m a", "ENV HOME=/home/a", "RUN pip install x"],
            ["unwritable /home/a/.cache/pip"],
            id="root in a home that was made",
        ),
        pytest.param(
            ["RUN useradd a", "ENV HOME=/home/a", "RUN pip install x"],
            ["left /home/a/.cache/pip"],
            id="root in a home that may not be there",
        ),
        pytest.param(
            ["RUN useradd -d /srv/a a", "USER a", "RUN pip install x"],
            ["left /srv/a/.cache/pip"],
            id="a home of its own",
        ),
        pytest.param(
            ["RUN useradd -b /srv/ a && useradd $(x)", "USER a", "RUN pip install x"],
            ["left /srv/a/.cache/pip"],
            id="a home below another folder, and somebody whose name is not known",
        ),
        pytest.param(
            ["RUN useradd -u 7 -d /srv/a a", "USER 7", "RUN pip install x"],
            ["left /srv/a/.cache/pip"],
            id="a user by number",
        ),
        pytest.param(
            ['SHELL ["bash", "-c"]', "RUN pip config set global.cache-dir $'/a\\nb'; pip install x"],
            LEFT,
            id="a value of two lines, which no one can read back",
        ),
        pytest.param(["COPY x", "RUN pip install --cache-dir /dev/shm x"], ["mounted /dev/shm"], id="COPY of nothing"),
        pytest.param(["RUN pip install --cache-dir /dev/shm x"], ["mounted /dev/shm"], id="a file system of its own"),
        pytest.param(["RUN pip install --cache-dir /proc x"], ["mounted /proc"], id="all of a file system of its own"),
        pytest.param(["RUN pip install --cache-dir /devel x"], ["left /devel"], id="called like a file system"),
        pytest.param(
            ["RUN pip install --no-cache-dir=1 --no-cache-dir x"],
            ["aborted /root/.cache/pip"],
            id="a value that is none too many, and then no value",
        ),
        pytest.param(
            ["RUN su a -c 'rm -rf /root/.cache' ; pip install x; su a -c 'rm -rf /root/.cache'"],
            LEFT,
            id="a removal by who may not",
        ),
    ],
)
def test_what_was_once_wrong(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines) == expected
