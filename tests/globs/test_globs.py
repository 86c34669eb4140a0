"""Patterns of many wildcards: what they mean is what pathspec says, and finding it out takes no time."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from layerlint.globs.file_globs import Globs
from tests.program import run_process, timed, write

_PARTS = st.sampled_from(
    ["a", "b", "*", "*", "**", "/", "/", "?", "[ab]", "\\*", ".", "/**/", "**/", "a*", "!", "+", "(", "{", " "]
)
PATTERNS = st.lists(_PARTS, min_size=1, max_size=9).map("".join)
PATHS = st.lists(st.sampled_from(["a", "b", "a", "/", "*", ".", "ab", "b/a", "+", "("]), min_size=1, max_size=9).map(
    "".join
)


def verdict(spec: GitIgnoreSpec, path: str) -> list[object]:
    found: list[object] = [spec.check_file(path).include]
    for pattern in spec.patterns:
        result = pattern.match_file(path) if pattern.include is not None else None
        match = result.match if result is not None else None
        # Where the folder that matched ends.
        found.append(match.start("ps_d") if match and "ps_d" in match.re.groupindex else match is not None)
    return found


@settings(max_examples=2000)
@example("*a*b*", "aab/b")
@example("a/**/b/**/c", "a/bb/b/b/c")
@example("**/a/**/b/**/*b", "x/a/y/b/ab/z")
@given(PATTERNS, PATHS)
def test_a_pattern_means_what_pathspec_says(pattern: str, path: str) -> None:
    try:
        theirs = GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return
    path = path.strip("/").replace("//", "/")
    ours = Globs.of("/", [pattern]).spec
    assert verdict(ours, path) == verdict(theirs, path)
    assert verdict(ours, path + "/") == verdict(theirs, path + "/")


@timed
@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("*a" * 40 + "b", "a" * 250, id="stars in a name"),
        pytest.param("*" * 40 + "b", "a" * 250, id="nothing but stars"),
        pytest.param("*?" * 40 + "b", "a" * 250, id="question marks"),
        pytest.param("*[a-c]" * 40 + "b", "a" * 250, id="classes"),
        pytest.param("*[!b]" * 40 + "b", "a" * 250, id="classes that exclude"),
        pytest.param("**/a/" * 40 + "b", "a/" * 2000 + "a", id="folders at any depth"),
        pytest.param("**/a*a*a/" * 20 + "b", "aaaa/" * 800 + "a", id="both"),
        pytest.param("a/**/*/**/*/**/*/**/*/**/b", "a/" * 2000 + "a", id="stars at any depth"),
        pytest.param("*/" * 40 + "**/b", "a/" * 2000 + "a", id="stars for folders"),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    globs = Globs.of("/", [pattern])
    start = time.process_time()
    assert not globs.matches("/" + path)
    assert not globs.matches_itself("/" + path, is_folder=False)
    assert time.process_time() - start < 0.5


CLASSES = ["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"]
AROUND = [(before, after) for before in ("", "!", "^x", "]", "!-", "a-") for after in ("", "-z", "]", "--~", "[", "&&")]


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_class_of_characters_means_what_git_says(tmp_path: Path) -> None:
    patterns = [f"a[{start}[:{name}:]{end}]b" for name in [*CLASSES, "nope", "DIGIT", ""] for start, end in AROUND]
    patterns += ["a[[:digit:]", "a[[:digit]b", "a[:digit:]b", "a[[:digit:][:alpha:]]b", "a[\\[:digit:]b", "a[[:]]b"]
    patterns += ["a[[:digit:]\\]]b", "\\[[:digit:]]", "a[b-[:digit:]]b", "a[[:digit:]/]b", "*[[:alpha:]]*[[:punct:]]b"]
    names = [f"a{chr(code)}b" for code in range(1, 127) if chr(code) != "/"] + ["ab", "a12b", "ad]b", "[5", "a/b"]
    for number, pattern in enumerate(patterns):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / ".gitignore").write_text(f"{pattern}\n")
    paths = [f"{number}/{name}" for number in range(len(patterns)) for name in names]
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    command = ["git", "-C", str(tmp_path), "check-ignore", "-z", "--stdin", "--no-index"]
    told = subprocess.run(command, input="\0".join(paths).encode(), capture_output=True, check=False).stdout
    theirs = set(told.decode().split("\0")) - {""}
    for number, pattern in enumerate(patterns):
        ours = Globs.of_lines(f"/{number}", [pattern])
        own = [f"{number}/{name}" for name in names]
        found = {path for path in own if ours.matches_itself(f"/{path}", is_folder=False)}
        assert found == theirs.intersection(own), pattern


def test_a_pattern_that_python_warns_of(tmp_path: Path) -> None:
    lines = "a[[:digit:]]b\n[[a]\n[+--b]\n[a&&b]\n[a||b]*[[x]*c\n"
    (tmp_path / ".gitignore").write_text(lines)
    (tmp_path / ".layerlint.yaml").write_text(f"exclude: {json.dumps(lines.split())}\n")
    for name in ("a1b/Dockerfile", "Dockerfile"):
        write(str(tmp_path / name), "FROM a\n")
    (tmp_path / ".git").mkdir()
    for extra in ({}, {"PYTHONWARNINGS": "error"}, {"PYTHONWARNINGS": "always"}):
        status, output, errors = run_process("check", str(tmp_path), "--exclude", "[[b]", **extra)
        assert (status, output, errors) == (0, "All clear: 1 file, nothing left in a layer.\n", "")


def test_a_path_that_is_not_in_the_folder() -> None:
    globs = Globs.of("/project", ["a"])
    assert globs.matches("/projects/a", is_folder=False) is None
    assert globs.matches_itself("/projects/a", is_folder=False) is None
    assert globs.matches("/project/a", is_folder=False) is True
