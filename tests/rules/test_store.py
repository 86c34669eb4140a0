"""Compiled rules are found again when they hold, and whatever the cache is like, the rules are those of the files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

import layerlint
from layerlint.errors import UserError
from layerlint.rules.checks.checked import check_files
from layerlint.rules.files import store
from layerlint.rules.files.compiled import compile_files
from layerlint.rules.files.rule_files import read_rule_files
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet, make_ruleset
from tests.program import environment, run_unprivileged
from tests.rules.test_loading import GOOD


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder. Only the tests' own rules are loaded here."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("LAYERLINT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of rules that make a set without the shipped ones."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "rule.yaml").write_text(GOOD)
    (folder / "tool.yaml").write_text("tool: pip\nnames: [pip]\n")
    return folder


def loaded(folder: Path) -> RuleSet:
    return load([folder], shipped=False)


def found(folder: Path) -> bool:
    """Whether the rules of a folder are in the cache."""
    return store.find(read_rule_files([folder], [])) is not None


def test_the_second_time_they_are_found(rules: Path, cache: Path) -> None:
    assert not found(rules)
    first = loaded(rules)
    assert found(rules)
    assert loaded(rules) == first
    assert [path.name.startswith("rules-") for path in cache.iterdir()] == [True]
    assert (cache.stat().st_mode & 0o777, next(cache.iterdir()).stat().st_mode & 0o777) == (0o700, 0o600)


def test_rules_with_mistakes_are_not_kept(rules: Path, cache: Path) -> None:
    (rules / "rule.yaml").write_text(GOOD.replace("severity: warning", "severity: high"))
    for _ in range(2):
        with pytest.raises(UserError, match="severity"):
            loaded(rules)
    assert not cache.exists()


OTHER = GOOD.replace("ABC001", "ABC002").replace("a-rule", "b-rule")


def _same_size_and_time(rules: Path) -> None:
    path = rules / "rule.yaml"
    status = path.stat()
    path.write_text(path.read_text().replace("ABC001", "ABC002"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_same_size_and_time, id="other content of the same size and time"),
        pytest.param(lambda rules: (rules / "b.yml").write_text(OTHER), id="another file"),
        pytest.param(lambda rules: (rules / "rule.yaml").unlink(), id="a file less"),
        pytest.param(lambda rules: (rules / "rule.yaml").rename(rules / "a.yaml"), id="another name"),
        pytest.param(lambda rules: (rules / "rule.yaml").write_text(GOOD + "# why\n"), id="a comment"),
    ],
)
def test_a_change_is_never_missed(rules: Path, change: Callable[[Path], object]) -> None:
    loaded(rules)
    change(rules)
    assert not found(rules)
    meant = make_ruleset(check_files(read_rule_files([rules], []), []))
    assert (loaded(rules), found(rules), loaded(rules)) == (meant, True, meant)


def test_what_is_written_to_the_cache_was_read_before(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes while it is loaded is kept under what it was."""
    keep = store.keep

    def changed_meanwhile(files, meanings):
        (rules / "rule.yaml").write_text(GOOD.replace("ABC001", "ABC002"))
        keep(files, meanings)

    monkeypatch.setattr(store, "keep", changed_meanwhile)
    assert [rule.id for rule in loaded(rules).rules] == ["ABC001"]
    assert not found(rules)


def test_other_code_finds_nothing(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "layerlint"
    shutil.copytree(Path(layerlint.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "_PACKAGE", str(package))
    loaded(rules)
    same = package / "errors.py"
    status = same.stat()
    same.write_bytes(same.read_bytes().replace(b"Mistake", b"MISTAKE"))  # as long as before, and seemingly as old
    os.utime(same, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not found(rules)
    loaded(rules)
    for name in ("rules/checks/file_checks.py", "tools/tool.py", "documents/validation.py"):
        assert found(rules)
        with (package / name).open("a") as file:
            file.write("\n")
        assert not found(rules)
        loaded(rules)
    monkeypatch.setattr(store, "VERSION", "99")
    assert not found(rules)
    shutil.rmtree(package)
    assert (found(rules), len(loaded(rules).rules)) == (False, 1)


def test_the_code_that_counts_is_where_the_classes_are() -> None:
    head = compile_files([*load().rules, *load().tools, *load().wrapper_list, *load().images]).partition(b"\n")[0]
    modules = {name.partition(":")[0] for name in head.decode().strip('[]"').split('","')}
    parts = {name.removesuffix(".py").replace("/", ".") for name in store.MODULES}
    for module in modules:
        assert {module.removeprefix("layerlint."), module.split(".")[1]} & parts, module


def the_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def _flipped(cache: Path) -> None:
    data = bytearray(the_file(cache).read_bytes())
    data[-20] ^= 1
    the_file(cache).write_bytes(data)


def _forged(compiled: bytes) -> Callable[[Path], object]:
    """A cache that is right in all but what it says."""

    def forge(cache: Path) -> None:
        data = the_file(cache).read_bytes()
        start = data.index(b'["layerlint.rules.model:')
        head = data[:start].rstrip(b"\n").rpartition(b"\n")[0] + b"\n"
        the_file(cache).write_bytes(head + b"%d\n" % crc32(compiled) + compiled)

    return forge


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def replace(cache: Path) -> None:
        file = the_file(cache)
        file.rename(cache.parent / "moved")
        make(file)

    return replace


HOSTILE = [
    pytest.param(lambda cache: the_file(cache).write_bytes(b""), id="empty"),
    pytest.param(lambda cache: the_file(cache).write_bytes(b"\x80\x04." * 1000), id="no cache"),
    pytest.param(lambda cache: the_file(cache).write_bytes(the_file(cache).read_bytes()[:-9]), id="cut off"),
    pytest.param(_flipped, id="a bit flipped"),
    pytest.param(_forged(b'["os:system"]\n[null]\n{"":0,"command":"touch hacked"}'), id="a function to call"),
    pytest.param(_forged(b'["antigravity:x"]\n[null]\n{"":0}'), id="a module to import"),
    pytest.param(_replaced(lambda file: file.mkdir()), id="a folder"),
    pytest.param(_replaced(lambda file: file.symlink_to(file.parent.parent / "moved")), id="a link"),
    pytest.param(_replaced(lambda file: file.symlink_to("nowhere")), id="a link to nowhere"),
    pytest.param(_replaced(os.mkfifo), id="a pipe"),
    pytest.param(lambda cache: the_file(cache).chmod(0o620), id="a file that the group may write"),
    pytest.param(lambda cache: the_file(cache).chmod(0o602), id="a file that everybody may write"),
    pytest.param(lambda cache: cache.chmod(0o770), id="a folder that the group may write"),
    pytest.param(lambda cache: cache.chmod(0o1777), id="a folder that everybody may write"),
    pytest.param(
        lambda cache: (cache.rename(cache.parent / "real"), cache.symlink_to(cache.parent / "real")),
        id="a linked folder",
    ),
    pytest.param(lambda cache: (shutil.rmtree(cache), cache.write_text("x")), id="a file for the folder"),
]


@pytest.mark.parametrize("spoil", HOSTILE)
def test_a_cache_that_cannot_be_trusted_is_passed_over(
    rules: Path, cache: Path, spoil: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = loaded(rules)
    spoil(cache)
    monkeypatch.chdir(rules)
    assert not found(rules)
    assert loaded(rules) == expected
    assert loaded(rules) == expected
    assert not (rules / "hacked").exists()


def test_a_cache_of_somebody_else_is_passed_over(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = loaded(rules)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert (found(rules), loaded(rules)) == (False, expected)


def test_a_folder_that_cannot_be_written(rules: Path, cache: Path) -> None:
    (rules / "Dockerfile").write_text("FROM a\n")
    cache.mkdir(mode=0o500)
    status, output, errors = run_unprivileged("check", "--rules", str(rules / "rule.yaml"), str(rules))
    assert (status, errors, list(cache.iterdir())) == (0, "", [])
    assert output.startswith("All clear")


def test_a_full_disk_leaves_nothing_behind(rules: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert len(loaded(rules).rules) == 1
    assert not list(cache.iterdir())


AT_ONCE = """
import sys
from pathlib import Path
from layerlint.rules.files import store
from layerlint.rules.checks.checked import check_files
from layerlint.rules.files.rule_files import read_rule_files
rules, number = Path(sys.argv[1]), int(sys.argv[2])
(own,) = read_rule_files([rules / "tool.yaml"], [])
mine = [type(own)(own.path, own.data + b"#" * number)]
for _ in range(60):
    found = store.find(mine)
    assert found in (None, check_files(mine, [])), found
    store.keep(mine, check_files(mine, []))
"""


def test_runs_at_once_read_and_write_whole_files(rules: Path, cache: Path) -> None:
    """Three runs whose rules have the same path and differ in content: each finds its own or nothing."""
    commands = [[sys.executable, "-c", AT_ONCE, str(rules), str(number)] for number in range(3)]
    runs = [subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) for command in commands]
    assert [process.communicate()[1] for process in runs] == ["", "", ""]
    assert the_file(cache).name.startswith("rules-")


def test_only_those_used_last_are_kept(tmp_path: Path, cache: Path) -> None:
    for number in range(12):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "tool.yaml").write_text("tool: pip\nnames: [pip]\n")
        loaded(folder)
        for file in cache.iterdir():  # a while later
            os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns - 10**9))
        assert found(tmp_path / "0")
    assert 0 < len(list(cache.iterdir())) <= 8
    assert (found(tmp_path / "1"), found(tmp_path / "11")) == (False, True)


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        pytest.param({"LAYERLINT_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c", id="ours"),
        pytest.param({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/layerlint", id="XDG"),
        pytest.param({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/layerlint", id="a relative one is ignored"),
        pytest.param({"HOME": "/h"}, "/h/.cache/layerlint", id="the home directory"),
        pytest.param({"HOME": ""}, None, id="no home directory"),
        pytest.param({"HOME": "h"}, None, id="a home directory that is none"),
        pytest.param({"LAYERLINT_CACHE_DIR": "", "HOME": "/h"}, "/h/.cache/layerlint", id="ours is empty"),
        pytest.param({"LAYERLINT_NO_CACHE": "1", "LAYERLINT_CACHE_DIR": "/c"}, None, id="turned off"),
        pytest.param({"LAYERLINT_NO_CACHE": "", "LAYERLINT_CACHE_DIR": "/c"}, "/c", id="not turned off"),
    ],
)
def test_where_it_is(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str | None) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert store.cache_folder(variables) == folder


def test_without_a_home_the_user_database_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: "/from/the/database" if path == "~" else path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert store.cache_folder({}) == "/from/the/database/.cache/layerlint"
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert store.cache_folder({}) is None
