"""A Dockerfile's words stay words: no process is started, and no file opened but those that are to be checked."""

# ruff: noqa: E501

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from layerlint.rules.loading import shipped_folder
from tests.program import environment, write

WATCHED = """
import json, os, sys
seen = []
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) if isinstance(flags, int) else False
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        seen.append([event, os.path.abspath(path) if isinstance(path, str) else str(path), writes])
    elif event.split(".")[0] in ("subprocess", "socket", "ctypes", "urllib", "ftplib", "shutil", "tempfile", "webbrowser") or event in (
        "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
        "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.kill", "exec.own",
    ):
        seen.append([event, repr(arguments), True])

from layerlint.cli import commands
sys.addaudithook(watch)
try:
    commands.main()
except SystemExit as ended:
    status = ended.code
report = json.dumps([status, seen])
with open(os.environ["WATCHED"], "w") as file:
    file.write(report)
"""
HOSTILE = """\
# syntax=/etc/passwd
FROM python:3.12 AS a
COPY ../../secret/pip.conf /etc/pip.conf
COPY link/pip.conf /root/.config/pip/pip.conf
COPY {secret} /etc/pip.conf
ADD http://127.0.0.1:9/pip.conf /etc/pip.conf
RUN --mount=type=bind,source=../secret/pip.conf,target=/etc/pip.conf pip install a
RUN --mount=type=secret,id=x,target=/etc/pip.conf pip install -r /etc/passwd -c $(cat /etc/shadow)
RUN touch {here}/created && eval "touch {here}/created" && pip install `touch {here}/created`
RUN ["touch", "{here}/created"]
RUN python -c 'import os; os.system("touch {here}/created")' && pip install --config-settings=x a
SHELL ["touch", "{here}/created"]
RUN pip install a > {here}/created
ENV PIP_CONFIG_FILE={secret} LD_PRELOAD={here}/x.so PATH={here}
RUN pip install a
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")


def watched(*arguments: str) -> tuple[int, list[tuple[str, str, bool]]]:
    """Exit status, and what the interpreter was asked to open and start, in a run of `layerlint`."""
    command = [sys.executable, "-c", WATCHED, *arguments]
    subprocess.run(
        command,
        env=environment(WATCHED="../watched.json", LAYERLINT_NO_CACHE="1"),
        capture_output=True,
        check=True,
        timeout=300,
    )
    status, seen = json.loads(Path("../watched.json").read_text())
    return status, [(event, what, writes) for event, what, writes in seen]


def own_places() -> list[str]:
    """Where the interpreter, its libraries and layerlint itself are."""
    places = [*sys.path, sys.prefix, sys.base_prefix, str(shipped_folder())]
    return [str(Path(place).resolve()) for place in places if place] + ["/usr/lib", "/usr/share", "/etc/localtime"]


def foreign(seen: list[tuple[str, str, bool]], *inside: str) -> list[tuple[str, str, bool]]:
    """What is neither reading layerlint's own files nor reading those that are to be checked."""
    allowed = [*own_places(), *(str(Path(path).resolve()) for path in inside)]

    def is_own(event: str, what: str, writes: bool) -> bool:
        if event != "open" or writes:
            return False
        return any(what == place or what.startswith(f"{place}/") for place in allowed)

    return [each for each in seen if not is_own(*each)]


def test_a_hostile_file_opens_and_starts_nothing() -> None:
    write("../secret/pip.conf", "[global]\nno-cache-dir = true\n")
    here = Path.cwd()
    write("Dockerfile", HOSTILE.format(secret=here.parent / "secret/pip.conf", here=here))
    Path("link").symlink_to("../secret")
    for arguments in ([], ["--diff", "--unsafe-fixes"], ["--format", "sarif"]):
        status, seen = watched("check", *arguments, "--jobs", "1")
        assert status == 1
        assert foreign(seen, ".") == []
        assert any(what == str(here / "Dockerfile") for _, what, _ in seen), "the hook sees what is opened"
    assert not Path("created").exists()


def test_the_hook_sees_what_it_should() -> None:
    write("Dockerfile")
    status, seen = watched("check", "--fix", "--jobs", "1")
    assert status == 0
    events = {event for event, _, writes in foreign(seen, ".") if writes}
    assert {"open", "os.rename"} <= events
    write("rules.yaml", "id: x\n")
    assert any(what.endswith("/rules.yaml") for _, what, _ in watched("check", "--rules", "rules.yaml")[1])


def test_real_files_open_and_start_nothing(corpus: list[Path]) -> None:
    folders = sorted({str(path.parent) for path in corpus})
    status, seen = watched("check", "--isolated", "--jobs", "1", "--output", "/dev/null", *folders)
    assert status in (1, 2)
    expected = [("open", "/dev/null", True)]
    assert [each for each in foreign(seen, *folders) if each not in expected] == []
