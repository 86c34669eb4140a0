"""Builds with buildah in a storage of their own, and the files of each layer in it."""

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

_SECONDS = 180

# The files below pip's cache directory, by the names that pip gives them: http (or http-v2) holds what was fetched,
# wheels what was built. What the check for a newer pip remembers (selfcheck) is no cache of packages.
PIP_FILE = re.compile(
    r"(?P<directory>.*?)/(?:http(?:-v2)?(?:/[0-9a-f]){5}/[0-9a-f]{56}|wheels/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]+/)"
)


@dataclass(frozen=True, slots=True)
class BuildOutput:
    """What a build printed, both streams in order, and its exit status."""

    text: str
    status: int


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder that holds buildah's images and layers, and nothing of anybody else's.

    `cache_file` matches the path in the image of each file that counts as cache, up to its `directory`.
    """

    folder: Path
    cache_file: re.Pattern[str] = PIP_FILE

    def build(
        self, context: Path, name: str, *, layers: bool = True, mounts: Path | None = None, seconds: int = _SECONDS
    ) -> BuildOutput:
        """Build `context` as image `name`; with `layers`, each instruction becomes an image that can be looked at.

        Raises subprocess.TimeoutExpired after `seconds`.

        No layer is taken from an earlier build: this buildah takes a RUN with a mount for one without. Cache mounts
        are kept in the folder `mounts`; without one they are this build's alone.
        """
        command = [
            "buildah", *self._options(), "build", "--isolation=chroot", "--format=docker", "--network=host",
            "--http-proxy=false", "--pull=never", "--no-cache", "--skip-unused-stages=false",
            f"--layers={str(layers).lower()}", f"--tag={name}", str(context),
        ]  # fmt: skip
        temporary = mounts or self.folder / "tmp" / name  # cache mounts live in it, so that no case sees another's
        temporary.mkdir(parents=True, exist_ok=mounts is not None)
        try:
            finished = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
                env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary), "HOME": str(temporary)},
            )
        finally:
            if mounts is None:
                shutil.rmtree(temporary, ignore_errors=True)
        return BuildOutput(finished.stdout.decode(errors="replace"), finished.returncode)

    def top_layer(self, image: str) -> str:
        """The uppermost layer of the image with this name, or with an id that begins so."""
        for known in json.loads((self.folder / "root/overlay-images/images.json").read_text()):
            if known["id"].startswith(image) or f"localhost/{image}:latest" in known.get("names", ()):
                return str(known["layer"])
        raise KeyError(image)

    def layers(self, top: str) -> list[str]:
        """The layer `top` and all that it lies on, downwards."""
        parents = {
            layer["id"]: layer.get("parent", "")
            for layer in json.loads((self.folder / "root/overlay-layers/layers.json").read_text())
        }
        found: list[str] = []
        while top:
            found.append(top)
            top = parents[top]
        return found

    def size(self, layer: str) -> int:
        """The bytes that `layer` adds to an image."""
        known = json.loads((self.folder / "root/overlay-layers/layers.json").read_text())
        return next(int(each["diff-size"]) for each in known if each["id"] == layer)

    def run(self, image: str, *command: str) -> str:
        """What `command` prints in a container of `image`, as its user. Raises subprocess.CalledProcessError."""

        def buildah(*arguments: str) -> str:
            command = ["buildah", *self._options(), *arguments]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout

        container = buildah("from", "--pull=never", image).strip()
        try:
            return buildah("run", "--isolation=chroot", container, "--", *command)
        finally:
            buildah("rm", container)

    def cache_directories(self, layer: str) -> set[str]:
        """The directories that a cache is kept in, as paths in the image, of which `layer` holds files."""
        found = set()
        for path in _files(self.folder / "root/overlay" / layer / "diff"):
            if match := self.cache_file.match(path):
                found.add(match["directory"] or "/")
        return found

    def copied(self, folder: Path) -> "Storage":
        """Another storage, in `folder`, which is new, with the images that this one holds now."""
        folder.mkdir()
        # Not shutil's: layers have devices, owners and extended attributes.
        subprocess.run(["cp", "--archive", str(self.folder / "root"), str(folder)], check=True)
        return replace(self, folder=folder)

    def remove(self) -> None:
        """Remove all containers, and the folder. To have buildah remove images one by one takes minutes."""
        subprocess.run(["buildah", *self._options(), "rm", "--all"], capture_output=True, check=False)
        mounted = self.folder / "root/overlay"
        subprocess.run(["umount", str(mounted)], capture_output=True, check=False)
        shutil.rmtree(self.folder)

    def _options(self) -> list[str]:
        return [f"--root={self.folder / 'root'}", f"--runroot={self.folder / 'run'}", "--storage-driver=overlay"]


@contextmanager
def removed_at_end(storage: Storage) -> Iterator[Storage]:
    """`storage`, of which nothing is left afterwards."""
    try:
        yield storage
    finally:
        storage.remove()


def _files(folder: Path) -> Iterator[str]:
    """Regular files below `folder`, as absolute paths from there. What marks a removed file is none."""
    for directory, _, names in os.walk(folder):
        inside = "/" + os.path.relpath(directory, folder) if directory != str(folder) else ""
        for name in names:
            if stat.S_ISREG(os.lstat(os.path.join(directory, name)).st_mode):  # noqa: PTH118 - thousands of files
                yield f"{inside}/{name}"
