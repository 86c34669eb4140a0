"""What a fix is worth: images of real packages, built as they were and after each kind of fix.

python -m benchmarks.builds [--keep FOLDER] [--only NAME ...] [--runs N]

Needs root, buildah and mmdebstrap, and loopback's port 8963, as `python -m tests.oracle` does. The packages come from
PyPI before anything is measured; the builds take them from an index on loopback. Exit status 1 when a fix changed
what is installed, left a cache or had a mount fetch a file again.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.table import number, table
from tests.oracle import base_image, index_server, measurements
from tests.oracle.scratch import in_memory
from tests.oracle.session import missing
from tests.oracle.storage import Storage, removed_at_end

IMAGES = Path(__file__).resolve().parents[1] / "tests" / "oracle" / "base" / "images.yaml"
"""What the base image brings."""
KEPT = Path(tempfile.gettempdir()) / "layerlint-oracle"
"""Debian's packages, shared with the oracle."""
WAYS = ("flag", "mount", "env")
_PYTHON = "3.11"
"""That of the base image."""
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Project:
    """A Dockerfile as people write it, and the packages that it installs, as the table names them."""

    name: str
    packages: str
    dockerfile: str
    wanted: tuple[str, ...]
    context: Mapping[str, str] = field(default_factory=dict)
    pip: str = "pip"


PROJECTS = (
    Project(
        "web",
        "Flask 3.1.3, Requests 2.34.2",
        "FROM base\nRUN pip install flask==3.1.3 requests==2.34.2\n",
        ("flask==3.1.3", "requests==2.34.2"),
    ),
    Project(
        "data",
        "pandas 3.1.1, not as root",
        "FROM base\nRUN useradd --create-home --uid 1500 worker\nUSER worker\nRUN pip install --user pandas==3.1.1\n",
        ("pandas==3.1.1",),
    ),
    Project(
        "source",
        "a project of one's own, built by Hatchling 1.28.0",
        "FROM base\nRUN python -m venv /opt/venv\nCOPY . /src\nRUN /opt/venv/bin/pip install --no-cache-dir /src\n",
        ("requests==2.34.2", "hatchling==1.28.0"),
        {
            "pyproject.toml": '[build-system]\nrequires = ["hatchling==1.28.0"]\nbuild-backend = "hatchling.build"\n\n'
            '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["requests==2.34.2"]\n',
            "shop/__init__.py": "",
        },
        "/opt/venv/bin/pip",
    ),
)


@dataclass(frozen=True, slots=True)
class Built:
    """What came of one Dockerfile.

    `size` are the bytes that it adds to the base image, `caches` the directories in its layers that hold files of a
    cache, `packages` what `pip freeze` prints. Of a rebuild are `seconds`, those of the processors, the median of
    several, and `fetched`, the most bytes.
    """

    dockerfile: str
    size: int
    caches: tuple[str, ...]
    packages: str
    seconds: float
    fetched: int


def fixed(project: Project, way: str, folder: Path) -> str:
    """The project's Dockerfile after layerlint's fix. Raises subprocess.CalledProcessError when a warning is left."""
    path = folder / "Dockerfile"
    path.write_text(project.dockerfile, encoding="utf-8")
    command = [sys.executable, "-m", "layerlint", "check", "--isolated", "--rules", str(IMAGES)]
    subprocess.run([*command, "--fix", "--fix-with", way, "--unsafe-fixes", "--quiet", str(path)], check=True)
    return path.read_text(encoding="utf-8")


class Builder:
    """Builds in a storage of its own, from an index that counts."""

    def __init__(self, storage: Storage, folder: Path, files: Mapping[str, bytes], sent: list[str]) -> None:
        self._storage = storage
        self._folder = folder
        self._files = files
        self._sent = sent
        self._base = set(storage.layers(storage.top_layer(base_image.NAME)))

    def build(self, project: Project, way: str, runs: int) -> Built:
        """Build and rebuild `project`, fixed in a `way` unless that is empty. Raises RuntimeError when that fails."""
        name = f"{project.name}-{way or 'before'}"
        context = self._folder / name
        for path, text in project.context.items():
            (context / path).parent.mkdir(parents=True, exist_ok=True)
            (context / path).write_text(text, encoding="utf-8")
        context.mkdir(exist_ok=True)
        dockerfile = fixed(project, way, context) if way else project.dockerfile
        (context / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        # Without a mount nothing of a build is there at the next one, and the first is a rebuild like any other.
        if way == "mount":
            self._timed(name, context)
        rebuilds = [self._timed(name, context) for _ in range(runs)]
        layers = set(self._storage.layers(self._storage.top_layer(name))) - self._base
        return Built(
            dockerfile,
            sum(self._storage.size(layer) for layer in layers),
            tuple(sorted(set().union(*(self._storage.cache_directories(layer) for layer in layers)))),
            self._storage.run(name, project.pip, "freeze"),
            median(seconds for seconds, _ in rebuilds),
            max(fetched for _, fetched in rebuilds),
        )

    def _timed(self, name: str, context: Path) -> tuple[float, int]:
        """The seconds of the processors that a build takes, and the bytes of the files that it fetches."""
        self._sent.clear()
        before = os.times()
        output = self._storage.build(context, name, mounts=self._folder / f"{name}-mounts")
        after = os.times()
        if output.status:
            raise RuntimeError(f"{name} could not be built:\n{output.text}")
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        return seconds, sum(len(self._files[file]) for file in self._sent)


@contextmanager
def prepared(kept: Path, projects: Sequence[Project]) -> Iterator[Builder]:
    """A builder with all that `projects` need, and nothing of it left afterwards but Debian's packages in `kept`."""
    ingredients = base_image.fetch(kept, measurements.read().versions["pip"])
    with in_memory(kept) as folder, removed_at_end(Storage(folder / "storage")) as storage:
        files = index_server.distributions(ingredients.pip_wheel)
        for index, project in enumerate(projects):
            wheels = _downloaded(project.wanted, folder / f"wheels-{index}")
            files |= {path.name: path.read_bytes() for path in wheels.iterdir()}
        sent: list[str] = []
        with index_server.serving(files, sent):
            base_image.build(storage, ingredients, folder / "base")
            (folder / "projects").mkdir()
            yield Builder(storage, folder / "projects", files, sent)


def _downloaded(requirements: Sequence[str], folder: Path) -> Path:
    """The wheels of `requirements` and of what they need, for the base image's Python."""
    platforms = [f"--platform={tag}_{platform.machine()}" for tag in ("manylinux_2_28", "manylinux2014")]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *platforms]
    command += [f"--python-version={_PYTHON}", "--only-binary=:all:", f"--dest={folder}", *requirements]
    subprocess.run(command, check=True)
    return folder


def measure(builder: Builder, project: Project, runs: int = 1) -> dict[str, Built]:
    """What came of `project` by the way it was fixed; what it was before has none. Each is rebuilt `runs` times."""
    return {way: builder.build(project, way, runs) for way in ("", *WAYS)}


def problems(built: Mapping[str, Built]) -> list[str]:
    """What is not as it should be with the builds of one project."""
    before = built[""]
    found = [] if before.caches else ["there was no cache to begin with"]
    for way in WAYS:
        after = built[way]
        if after.packages != before.packages:
            found.append(f"{way}: other packages\n{before.packages}\n{after.packages}")
        if after.caches:
            found.append(f"{way}: a cache in {', '.join(after.caches)}")
        if after.size >= before.size:
            found.append(f"{way}: {after.size} bytes, {before.size} before")
    if built["mount"].fetched:
        found.append(f"mount: {built['mount'].fetched} bytes fetched again")
    return found


def report(measured: Mapping[str, Mapping[str, Built]]) -> str:
    """The table: a row for each project, by the packages' names, and each way."""
    rows = []
    for packages, built in measured.items():
        for way, each in built.items():
            figures = (each.size / _MEGABYTE, each.fetched / _MEGABYTE, each.seconds)
            cells = [number(value) if value else "0" for value in figures]
            rows.append([packages, f"`{way}`" if way else "none", *cells])
    return table(["installed", "fix", "image, MB", "rebuild: MB fetched", "rebuild: CPU s"], rows, left=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and what is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds")
    names = [project.name for project in PROJECTS]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--keep", type=Path, default=KEPT, help="for Debian's packages: %(default)s")
    parser.add_argument("--runs", type=int, default=1, help="rebuilds of each, whose median counts: %(default)s")
    options = parser.parse_args(arguments)
    if reason := missing():
        print(f"error: cannot build: {reason}", file=sys.stderr)
        return 2
    projects = [project for project in PROJECTS if project.name in options.only]
    measured = {}
    wrong = 0
    with prepared(options.keep, projects) as builder:
        for project in projects:
            built = measure(builder, project, max(1, options.runs))
            measured[project.packages] = built
            for problem in problems(built):
                wrong += 1
                print(f"{project.name}: {problem}", file=sys.stderr)
    print(report(measured))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
