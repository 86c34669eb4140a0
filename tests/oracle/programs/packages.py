"""One small package for each package manager, and where it is asked for: a server on loopback, or files."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.oracle.programs import archives, conda, nuget

ADDRESS = ("127.0.0.1", 8965)
URL = f"http://{ADDRESS[0]}:{ADDRESS[1]}"


def served() -> dict[str, bytes]:
    """What the server has, by path: a registry of npm's, repositories of Composer's, RubyGems', Maven's and NuGet's."""
    library = {"name": "oracle/tiny", "version": "1.0.0"}
    composer = {**library, "dist": {"type": "zip", "url": f"{URL}/tiny.zip", "reference": "1"}}
    gem = _gem("tiny")
    return {
        "/versions": b"created_at: 2020-01-01T00:00:00Z\n---\ntiny 1.0.0 0\n",
        "/info/tiny": f"---\n1.0.0 |checksum:{hashlib.sha256(gem).hexdigest()}\n".encode(),
        "/gems/tiny-1.0.0.gem": gem,
        "/maven/oracle/tiny/1/tiny-1.pom": _pom("tiny", ""),
        "/maven/oracle/tiny/1/tiny-1.jar": archives.zipped({"tiny.txt": ""}),
        **_of_npm("tiny"),
        **_of_npm("create-tiny"),
        "/packages.json": json.dumps({"packages": {"oracle/tiny": {"1.0.0": composer}}}).encode(),
        "/tiny.zip": archives.zipped({"composer.json": json.dumps(library), "tiny.php": "<?php\n"}),
        **nuget.feed(URL),
        **conda.channel(),
    }


def files() -> dict[str, bytes]:
    """What is on the disk, by path below the folder of the packages: Go's proxy, a registry of Cargo's, Maven's."""
    module = "example.com/tiny"
    crate = archives.tar(
        {
            "tiny-1.0.0/Cargo.toml": '[package]\nname = "tiny"\nversion = "1.0.0"\nedition = "2021"\n',
            "tiny-1.0.0/src/main.rs": "fn main() {}\n",
            "tiny-1.0.0/src/lib.rs": "pub fn tiny() {}\n",
        }
    )
    entry = {"name": "tiny", "vers": "1.0.0", "deps": [], "features": {}, "yanked": False}
    parent = _pom("parent", "<packaging>pom</packaging>")
    return {
        f"go/{module}/@v/list": b"v1.0.0\n",
        f"go/{module}/@v/v1.0.0.info": b'{"Version":"v1.0.0","Time":"2020-01-01T00:00:00Z"}',
        f"go/{module}/@v/v1.0.0.mod": f"module {module}\n".encode(),
        f"go/{module}/@v/v1.0.0.zip": archives.zipped(
            {
                f"{module}@v1.0.0/go.mod": f"module {module}\n",
                f"{module}@v1.0.0/tiny.go": "package tiny\n\nfunc Tiny() int { return 1 }\n",
                f"{module}@v1.0.0/cmd/tiny/main.go": "package main\n\nfunc main() {}\n",
            }
        ),
        "cargo/tiny-1.0.0.crate": crate,
        "cargo/index/ti/ny/tiny": json.dumps({**entry, "cksum": hashlib.sha256(crate).hexdigest()}).encode() + b"\n",
        "maven/oracle/parent/1/parent-1.pom": parent,
        "maven/oracle/parent/1/parent-1.pom.sha1": hashlib.sha1(parent).hexdigest().encode(),
    }


def projects(folder: Path) -> dict[str, bytes]:
    """A project for each package manager, by path below /srv; `folder` has what `files` gives."""
    requires = {"name": "app", "version": "1.0.0", "dependencies": {"tiny": "1.0.0"}}
    repositories = [{"packagist.org": False}, {"type": "composer", "url": URL}]
    composer = {"repositories": repositories, "config": {"secure-http": False}, "require": {"oracle/tiny": "1.0.0"}}
    mirror = f"<mirror><id>m</id><mirrorOf>*</mirrorOf><url>file://{folder}/maven</url></mirror>"
    parent = "<parent><groupId>oracle</groupId><artifactId>parent</artifactId><version>1</version></parent>"
    texts = {
        "js/package.json": json.dumps(requires),
        "php/composer.json": json.dumps(composer),
        "ruby/tiny.gemspec": "Gem::Specification.new do |s|\n  s.name = 'tiny'\n  s.version = '1.0.0'\n"
        "  s.summary = 'tiny'\n  s.authors = ['oracle']\n  s.files = ['tiny.gemspec']\nend\n",
        "bundle/Gemfile": f"source '{URL}'\ngem 'tiny'\n",
        "go/go.mod": "module app\n\ngo 1.19\n\nrequire example.com/tiny v1.0.0\n",
        "go/main.go": 'package main\n\nimport "example.com/tiny"\n\nfunc main() { println(tiny.Tiny()) }\n',
        "rust/Cargo.toml": '[package]\nname = "app"\nversion = "1.0.0"\n\n[dependencies]\ntiny = "1"\n',
        "rust/src/main.rs": "fn main() { tiny::tiny() }\n",
        "rust/.cargo/config.toml": '[source.crates-io]\nreplace-with = "oracle"\n\n'
        f'[source.oracle]\nlocal-registry = "{folder}/cargo"\n',
        "gradle/build.gradle": f"repositories {{ maven {{ url '{URL}/maven' }} }}\nconfigurations {{ oracle }}\n"
        "dependencies { oracle 'oracle:tiny:1' }\ntask build { doLast { println configurations.oracle.files } }\n",
        "java/settings.xml": f"<settings><mirrors>{mirror}</mirrors></settings>",
        "java/pom.xml": _pom("app", f"<packaging>pom</packaging>{parent}").decode(),
        **nuget.project(URL),
    }
    return {path: text.encode() for path, text in texts.items()}


@contextmanager
def serving(content: Mapping[str, bytes]) -> Iterator[None]:
    """Serve `content` at ADDRESS until the block ends. Raises OSError when the address is taken."""
    handler = type("Handler", (_Handler,), {"content": dict(content)})
    with ThreadingHTTPServer(ADDRESS, handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    content: Mapping[str, bytes]

    def do_GET(self) -> None:
        self.wfile.write(self._answer())

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> bytes:
        data = self.content.get(self.path.partition("?")[0])
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        return data or b""

    def log_message(self, *_: object) -> None:
        pass


def _of_npm(name: str) -> dict[str, bytes]:
    """A package of npm's that brings a program of its name: what a registry says of it, and its archive."""
    module = {"name": name, "version": "1.0.0", "main": "index.js", "bin": {name: "cli.js"}}
    package = archives.tar(
        {
            "package/package.json": json.dumps(module),
            "package/index.js": "module.exports = 1\n",
            "package/cli.js": "#!/usr/bin/env node\n",
        }
    )
    integrity = f"sha512-{base64.b64encode(hashlib.sha512(package).digest()).decode()}"
    shasum = hashlib.sha1(package).hexdigest()
    dist = {"tarball": f"{URL}/{name}/-/{name}-1.0.0.tgz", "integrity": integrity, "shasum": shasum}
    document = {
        "name": name,
        "dist-tags": {"latest": "1.0.0"},
        "versions": {"1.0.0": {**module, "dist": dist}},
        "time": {"1.0.0": "2020-01-01T00:00:00.000Z"},  # what is new, some do not take
    }
    return {f"/{name}": json.dumps(document).encode(), f"/{name}/-/{name}-1.0.0.tgz": package}


def _pom(name: str, more: str) -> bytes:
    own = f"<groupId>oracle</groupId><artifactId>{name}</artifactId><version>1</version>"
    return f"<project><modelVersion>4.0.0</modelVersion>{own}{more}</project>".encode()


def _gem(name: str) -> bytes:
    """RubyGems' format: a tar of what is compressed in it."""
    specification = "!ruby/object:Gem::Specification"
    version = "!ruby/object:Gem::Version"
    metadata = (
        f"--- {specification}\nname: {name}\nversion: {version}\n  version: 1.0.0\nplatform: ruby\nauthors: [oracle]\n"
        f"summary: {name}\nfiles: [tiny.rb]\nrequire_paths: [lib]\nspecification_version: 4\n"
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        compressed = gzip.compress(metadata.encode(), mtime=0)
        content = {"metadata.gz": compressed, "data.tar.gz": archives.tar({"tiny.rb": ""})}
        for path, data in content.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()
