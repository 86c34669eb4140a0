from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from layerlint.finding import FileError
from layerlint.system.replacement import Replacement
from layerlint.system.write_back import write_back

OLD, NEW = b"FROM a\r\n\xff", b"FROM b\r\n\xff"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_bytes_are_written_and_nothing_else_is_left(dockerfile: Path) -> None:
    assert write_back(str(dockerfile), OLD, NEW) is None
    assert dockerfile.read_bytes() == NEW
    assert names(dockerfile.parent) == ["Dockerfile"]


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664, 0o4750])
def test_the_mode_stays(dockerfile: Path, mode: int) -> None:
    dockerfile.chmod(mode)
    assert write_back(str(dockerfile), OLD, NEW) is None
    assert stat.S_IMODE(dockerfile.stat().st_mode) == mode


@pytest.mark.skipif(not ROOT, reason="only root may give a file away")
def test_the_owner_stays(dockerfile: Path) -> None:
    os.chown(dockerfile, 1234, 4321)
    dockerfile.chmod(0o4750)
    assert write_back(str(dockerfile), OLD, NEW) is None
    status = dockerfile.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o4750)


def test_a_file_whose_owner_cannot_be_kept_is_written_all_the_same(
    dockerfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    assert write_back(str(dockerfile), OLD, NEW) is None
    assert dockerfile.read_bytes() == NEW


def test_the_new_file_is_not_open_to_more_people_while_it_is_written(dockerfile: Path) -> None:
    dockerfile.chmod(0o600)
    with Replacement(dockerfile, dockerfile.stat()):
        (new,) = dockerfile.parent.glob(".layerlint-*")
        assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert names(dockerfile.parent) == ["Dockerfile"]


def test_a_file_that_is_read_only_is_not_written(dockerfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (dockerfile, os.W_OK))
    message = "the fixed file was not written: the file is read-only"
    assert write_back(str(dockerfile), OLD, NEW) == error(dockerfile, message)
    assert dockerfile.read_bytes() == OLD


def test_an_error_that_the_system_has_no_words_for(dockerfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError("out of order")

    monkeypatch.setattr(os, "fsync", refuse)
    message = "the fixed file could not be written: out of order. The file is as it was"
    assert write_back(str(dockerfile), OLD, NEW) == error(dockerfile, message)


def test_the_group_stays_where_the_owner_cannot(dockerfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = []

    def only_groups(_: Path, user: int, group: int) -> None:
        if user != -1:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        groups.append(group)

    monkeypatch.setattr(os, "chown", only_groups)
    assert write_back(str(dockerfile), OLD, NEW) is None
    assert groups == [dockerfile.stat().st_gid]


def test_the_file_and_its_new_name_last_through_a_crash(dockerfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting = []

    def synchronize(descriptor: int) -> None:
        status = os.fstat(descriptor)
        lasting.append("folder" if stat.S_ISDIR(status.st_mode) else status.st_size)

    monkeypatch.setattr(os, "fsync", synchronize)
    assert write_back(str(dockerfile), OLD, NEW) is None
    assert lasting == [len(NEW), "folder"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's list of open files")
@pytest.mark.parametrize("old", [pytest.param(OLD, id="written"), pytest.param(b"other", id="not written")])
def test_no_file_stays_open(dockerfile: Path, old: bytes) -> None:
    before = len(names(Path("/proc/self/fd")))
    write_back(str(dockerfile), old, NEW)
    assert len(names(Path("/proc/self/fd"))) == before


def test_a_symbolic_link_stays_and_its_target_changes(dockerfile: Path) -> None:
    folder = dockerfile.parent / "links"
    folder.mkdir()
    (folder / "one").symlink_to("../Dockerfile")
    (folder / "two").symlink_to("one")
    assert write_back(str(folder / "two"), OLD, NEW) is None
    assert (folder / "two").readlink() == Path("one")
    assert dockerfile.read_bytes() == NEW
    assert names(folder) == ["one", "two"]


def error(path: Path, message: str) -> FileError:
    return FileError(str(path), 0, 0, message)


def test_a_file_that_changed_meanwhile_is_not_overwritten(dockerfile: Path) -> None:
    dockerfile.write_bytes(b"FROM somebody-else\n")
    message = "the fixed file was not written: it was changed by something else meanwhile. Run again"
    assert write_back(str(dockerfile), OLD, NEW) == error(dockerfile, message)
    assert dockerfile.read_bytes() == b"FROM somebody-else\n"
    assert names(dockerfile.parent) == ["Dockerfile"]


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    message = "the fixed file could not be written: No such file or directory. The file is as it was"
    assert write_back(str(path), OLD, NEW) == error(path, message)
    assert names(tmp_path) == []


def test_where_there_was_no_file_one_is_made_as_others_are(tmp_path: Path) -> None:
    assert write_back(str(tmp_path / "new"), None, NEW) is None
    (tmp_path / "other").touch()
    assert (tmp_path / "new").read_bytes() == NEW
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode
    assert names(tmp_path) == ["new", "other"]


def test_a_file_that_came_meanwhile_is_not_overwritten(dockerfile: Path) -> None:
    message = "the list was not written: it was changed by something else meanwhile. Run again"
    assert write_back(str(dockerfile), None, NEW, "the list") == error(dockerfile, message)
    assert dockerfile.read_bytes() == OLD
    assert names(dockerfile.parent) == ["Dockerfile"]


def test_a_new_file_in_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "none" / "new"
    assert write_back(str(path), None, NEW) == error(
        path, "the fixed file could not be written: No such file or directory"
    )


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    os.mkfifo(path)
    message = "the fixed file was not written: this is not a regular file"
    assert write_back(str(path), OLD, NEW) == error(path, message)


@pytest.mark.parametrize("failing", ["fsync", "chmod", "replace", "read_bytes"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_failure_leaves_the_old_file_alone(
    dockerfile: Path, monkeypatch: pytest.MonkeyPatch, failing: str, code: int
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os if failing == "fsync" else Path, failing, fail)
        result = write_back(str(dockerfile), OLD, NEW)
    message = f"the fixed file could not be written: {os.strerror(code)}. The file is as it was"
    assert result == error(dockerfile, message)
    assert dockerfile.read_bytes() == OLD
    assert names(dockerfile.parent) == ["Dockerfile"]


def test_an_interrupt_leaves_no_temporary_file(dockerfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_back(str(dockerfile), OLD, NEW)
    assert dockerfile.read_bytes() == OLD
    assert names(dockerfile.parent) == ["Dockerfile"]


AS_NOBODY = """
import os, random, sys
from layerlint.system.replacement import Replacement
from layerlint.system.write_back import write_back
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(write_back(sys.argv[1], b"old", b"new").message)
"""


@pytest.mark.skipif(not ROOT, reason="needs to become another user")
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "message"),
    [
        pytest.param(
            0o666,
            0o755,
            "the fixed file could not be written: Permission denied. The file is as it was",
            id="folder that may not be written",
        ),
        pytest.param(0o444, 0o777, "the fixed file was not written: the file is read-only", id="read-only file"),
    ],
)
def test_what_may_not_be_written(file_mode: int, folder_mode: int, message: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "Dockerfile"
        path.write_bytes(b"old")
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        run = subprocess.run([sys.executable, "-c", AS_NOBODY, str(path)], capture_output=True, text=True, check=False)
        assert run.stdout.strip() == message, run.stderr
        assert path.read_bytes() == b"old"
        assert names(folder) == ["Dockerfile"]


def test_a_killed_process_leaves_the_old_file_or_the_new_one_and_nothing_like_a_dockerfile(dockerfile: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from layerlint.system.write_back import write_back\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_back({str(dockerfile)!r}, {OLD!r}, {NEW!r})"
    )
    run = subprocess.run([sys.executable, "-c", program], check=False)
    assert run.returncode == -9
    assert dockerfile.read_bytes() == OLD
    left = [name for name in names(dockerfile.parent) if name != "Dockerfile"]
    assert len(left) == 1
    assert left[0].startswith(".layerlint-")
    assert left[0].endswith(".tmp")
    assert "dockerfile" not in left[0].lower()
    assert "containerfile" not in left[0].lower()


def test_ctrl_c_twice_while_writing_leaves_a_whole_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"old")

    def interrupted(_descriptor: int) -> None:
        for _ in range(2):
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    monkeypatch.setattr("layerlint.system.replacement.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_back(str(path), b"old", b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("Dockerfile", b"new")]
