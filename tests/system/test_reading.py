# ruff: noqa: PTH102, PTH123, PTH211

from __future__ import annotations

import errno
import io
import os
import socket

import pytest

from layerlint.finding import FileError
from layerlint.source.source import Source
from layerlint.system.reading import MAX_SIZE, read, read_standard_input


@pytest.fixture(autouse=True)
def _in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"FROM a\r\n\xff\x00", id="bytes of any kind"),
        pytest.param(b"\xef\xbb\xbfFROM a\n", id="byte-order mark"),
        pytest.param(b"#" * MAX_SIZE, id="as much as there may be"),
    ],
)
def test_bytes_come_unchanged(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert read("x", "shown/x") == Source("shown/x", data)


def _fifo():
    os.mkfifo("x")


def _socket():
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x")


def _loop():
    os.symlink("x", "x")


def _too_large():
    with open("x", "wb") as file:
        file.truncate(MAX_SIZE + 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: None, "there is no such file or folder", id="missing"),
        pytest.param(lambda: os.mkdir("x"), "this is a folder, not a file", id="folder"),
        pytest.param(_fifo, 'this is a named pipe, not a file; give "-" to read standard input', id="pipe"),
        pytest.param(_socket, "this is a socket, not a file", id="socket"),
        pytest.param(
            lambda: os.symlink("/dev/zero", "x"),
            'this is a device, not a file; give "-" to read standard input',
            id="device",
        ),
        pytest.param(_loop, "the symbolic link leads back to itself", id="loop"),
        pytest.param(_too_large, "the file is larger than 1024 KiB", id="too large"),
    ],
)
def test_what_cannot_be_read(make, message):
    make()
    assert read("x") == FileError("x", 0, 0, message)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16(tmp_path, encoding):
    (tmp_path / "x").write_bytes("\ufeffFROM a".encode(encoding) if "be" in encoding else "FROM a".encode(encoding))
    error = read("x")
    assert error == FileError("x", 1, 1, "this is UTF-16; a Dockerfile must be UTF-8: save it as that")


def test_a_file_whose_size_says_nothing():
    result = read("/proc/self/status")
    assert isinstance(result, Source)
    assert result.data.startswith(b"Name:")


class Failing(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, _):
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        pytest.param(None, "standard input is closed", id="closed"),
        pytest.param(io.BytesIO(b"x" * (MAX_SIZE + 1)), "the file is larger than 1024 KiB", id="too much"),
        pytest.param(io.BufferedReader(Failing()), "input/output error", id="broken"),
    ],
)
def test_standard_input_that_cannot_be_read(monkeypatch, stream, message):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream) if stream is not None else None)
    assert read_standard_input("shown") == FileError("shown", 0, 0, message)
