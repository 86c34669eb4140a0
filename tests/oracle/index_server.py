"""A package index on loopback that answers as PyPI does where pip's cache is concerned.

Its pages may be cached for ten minutes and its files for ever, as PyPI's: without such headers pip caches nothing.
It serves small wheels, one source distribution, the build backend which that needs, and the pip it was given.
"""

import base64
import gzip
import hashlib
import io
import re
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

ADDRESS = ("127.0.0.1", 8963)
"""Fixed, because cases name it: `--index-url http://127.0.0.1:8963/simple --trusted-host 127.0.0.1`."""

_PAGES = "max-age=600, public"
_FILES = "max-age=365000000, immutable, public"

_BACKEND = (Path(__file__).parent / "base" / "tinybackend.py").read_text
_PYPROJECT = """\
[build-system]
requires = ["tinybackend"]
build-backend = "tinybackend"

[project]
name = "fromsource"
version = "1.0"
"""


def distributions(pip_wheel: Path) -> dict[str, bytes]:
    """What the index serves: the content of each file by its name."""
    files = {
        "tiny-1.0-py3-none-any.whl": wheel("tiny", "1.0"),
        "tiny-2.0-py3-none-any.whl": wheel("tiny", "2.0"),
        "other-1.0-py3-none-any.whl": wheel("other", "1.0"),
        "setuptools-99.0-py3-none-any.whl": wheel("setuptools", "99.0"),
        "wheel-99.0-py3-none-any.whl": wheel("wheel", "99.0"),
        "tinybackend-1.0-py3-none-any.whl": wheel("tinybackend", "1.0", _BACKEND(encoding="utf-8")),
        "fromsource-1.0.tar.gz": source_distribution("fromsource", "1.0"),
    }
    files[pip_wheel.name] = pip_wheel.read_bytes()
    return files


def wheel(name: str, version: str, module: str = "", entry_points: str = "") -> bytes:
    """A wheel of one module, and the text of its entry_points.txt if it has one."""
    info = f"{name}-{version}.dist-info"
    content = {
        f"{name}.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: oracle\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if entry_points:
        content[f"{info}/entry_points.txt"] = entry_points
    record = [f"{path},sha256={_record_hash(text.encode())},{len(text.encode())}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in content.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def source_distribution(name: str, version: str) -> bytes:
    """A source distribution that is built with `tinybackend`."""
    content = {
        "pyproject.toml": _PYPROJECT,
        f"{name}.py": "",
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in content.items():
            member = tarfile.TarInfo(f"{name}-{version}/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


@contextmanager
def serving(
    files: Mapping[str, bytes], sent: list[str] | None = None, address: tuple[str, int] = ADDRESS
) -> Iterator[str]:
    """Serve `files` at `address` until the block ends; gives the index's URL. `sent` gets the name of each file sent.

    Raises OSError when the address is taken.
    """
    handler = type("Handler", (_Handler,), {"files": dict(files), "sent": [] if sent is None else sent})
    with ThreadingHTTPServer(address, handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{address[0]}:{address[1]}/simple"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: ClassVar[dict[str, bytes]] = {}
    sent: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        match parts:
            case ["simple", project]:
                names = [name for name in self.files if _normal(name.split("-")[0]) == _normal(project)]
                page = "".join(f'<a href="/files/{name}{self._fragment(name)}">{name}</a><br>\n' for name in names)
                self._answer(
                    "text/html", f"<!DOCTYPE html><html><body>\n{page}</body></html>\n".encode(), _PAGES, names
                )
            case ["files", name, *_] if name in self.files:  # a URL need not end in the name: `/tarball/master`
                self.sent.append(name)
                self._answer("application/octet-stream", self.files[name], _FILES, [name])
            case _:
                self._answer("text/plain", b"", _PAGES, [])

    def do_HEAD(self) -> None:
        self.do_GET()

    def _fragment(self, name: str) -> str:
        return "#sha256=" + hashlib.sha256(self.files[name]).hexdigest()

    def _answer(self, kind: str, body: bytes, caching: str, found: list[str]) -> None:
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if found:
            self.send_header("Cache-Control", caching)
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


def _normal(name: str) -> str:
    """A project's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
