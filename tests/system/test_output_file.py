"""A report in a file: whole or not there, and the file otherwise as it was."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from layerlint.errors import UserError
from layerlint.system.output_file import OutputFile
from layerlint.system.terminal import Output


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def write(path: str, text: str = "new") -> None:
    with OutputFile(path) as output:
        output.write(text)


def test_bytes_come_back() -> None:
    write("x", "é\r\n\udcff")
    assert Path("x").read_bytes() == b"\xc3\xa9\r\n\xff"
    assert names() == ["x"]


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_file_has_the_mode_of_any_new_file(umask: int) -> None:
    before = os.umask(umask)
    try:
        write("x")
        Path("y").write_text("")
    finally:
        os.umask(before)
    assert Path("x").stat().st_mode == Path("y").stat().st_mode


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o664])
def test_an_old_file_keeps_its_mode(mode: int) -> None:
    Path("x").write_text("old and longer")
    Path("x").chmod(mode)
    write("x")
    assert Path("x").read_text() == "new"
    assert stat.S_IMODE(Path("x").stat().st_mode) == mode


@pytest.mark.parametrize("is_there", [True, False])
def test_a_symbolic_link_stays(is_there: bool) -> None:
    Path("folder").mkdir()
    if is_there:
        Path("folder/x").write_text("old")
    Path("link").symlink_to("folder/x")
    write("link")
    assert Path("link").readlink() == Path("folder/x")
    assert Path("folder/x").read_text() == "new"


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("stopped_by", [RuntimeError, KeyboardInterrupt, BrokenPipeError])
def test_what_is_not_whole_is_not_there(is_there: bool, stopped_by: type[BaseException]) -> None:
    if is_there:
        Path("x").write_text("old")
    with pytest.raises(stopped_by):  # noqa: PT012, SIM117 (what happens while the file is open is the point)
        with OutputFile("x") as output:
            output.write("half of " * 10_000)
            assert not is_there or Path("x").read_text() == "old"
            raise stopped_by
    assert names() == (["x"] if is_there else [])
    assert not is_there or Path("x").read_text() == "old"


def test_a_failure_at_the_very_end_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    Path("x").write_text("old")
    output = OutputFile("x")
    output.write("new")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserError) as caught, output:
        pass
    assert str(caught.value) == "x: error: the output cannot be written\n  no space left on device"
    assert (names(), Path("x").read_text()) == (["x"], "old")


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        pytest.param("nope/x", "there is no such file or folder", id="no folder"),
        pytest.param(".", "this is a folder, not a file", id="a folder"),
        pytest.param("loop", "the symbolic link leads back to itself", id="a link to itself"),
        pytest.param("file/x", "there is no such file or folder", id="below a file"),
        pytest.param("x" * 300, "the name is too long", id="a long name"),
    ],
)
def test_what_cannot_be_opened(path: str, cause: str) -> None:
    Path("file").write_text("")
    Path("loop").symlink_to("loop")
    with pytest.raises(UserError) as caught:
        OutputFile(path)
    assert str(caught.value) == f"{path}: error: the output cannot be written\n  {cause}"
    assert names() == ["file", "loop"]


@pytest.mark.parametrize(
    ("file_mode", "folder_mode"),
    [pytest.param(0o444, 0o755, id="read-only file"), pytest.param(None, 0o555, id="read-only folder")],
)
def test_what_may_not_be_written(file_mode: int | None, folder_mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("folder").mkdir()
    if file_mode is not None:
        Path("folder/x").write_text("old")
        Path("folder/x").chmod(file_mode)
    Path("folder").chmod(folder_mode)
    if os.geteuid() == 0:
        # The superuser may write everything: ask as the system would answer anyone else.
        refuse = PermissionError(13, "Permission denied")
        monkeypatch.setattr(os, "access", lambda *_: False)
        real = os.open
        monkeypatch.setattr(os, "open", lambda path, *others: (_ for _ in ()).throw(refuse) if ".tmp" in str(path) else real(path, *others))  # fmt: skip  # noqa: E501
    with pytest.raises(UserError) as caught:
        OutputFile("folder/x")
    assert str(caught.value) == "folder/x: error: the output cannot be written\n  no permission to write it"


def test_a_full_disk() -> None:
    output = OutputFile("/dev/full")
    with pytest.raises(UserError, match="no space left on device"), output:
        output.write("x" * 100_000)


def test_a_pipe_gets_it_at_once() -> None:
    os.mkfifo("pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(Path("pipe").read_bytes()))
    reader.start()
    write("pipe")
    reader.join()
    assert got == [b"new"]
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


def test_only_a_standard_stream_may_be_a_terminal() -> None:
    with OutputFile("x") as output:
        assert output.stream is None
    assert Output().stream is not None
