"""RUNs on top of this machine's own files: each in a layer (an overlay) of its own, nothing of which is kept.

What a Dockerfile of one stage says with FROM, ENV, WORKDIR, USER and RUN (its cache mounts among it) is followed here,
without a builder: the programs are those that are installed, and their homes are empty.
"""

import os
import re
import shlex
import stat
import string
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import dockerfile

_SECONDS = 120
# Folders whose content here says nothing of an image's: in a case they are empty.
_EMPTY = ("root", "home", "usr/local/share/.cache", "var/lib/gems", "srv")
_USERS = {"root": ("0", "/root"), "app": ("1000", "/home/app")}


@dataclass
class Layers:
    """The layers of one case, below `folder`, each on top of those before it."""

    folder: Path
    environment: dict[str, str]
    base: Path
    user: str = "root"
    directory: str = "/"
    uppers: list[Path] = field(default_factory=list)

    def run(self, script: str, flags: tuple[str, ...]) -> Path:
        """Run a script in a new layer; gives its folder. Raises RuntimeError when it fails."""
        upper = self.folder / str(len(self.uppers))
        work, root = (self.folder / name for name in ("work", "root"))
        for path in (upper, work, root):
            path.mkdir(exist_ok=True)
        number, home = _USERS[self.user]
        lower = ":".join(str(path) for path in (*reversed(self.uppers), self.base, "/"))
        steps = [
            f"mount -t overlay overlay -o lowerdir={lower},upperdir={upper},workdir={work} {root}",
            *(f"mount --rbind /{name} {root}/{name}" for name in ("proc", "dev")),
            *self._mounts(flags, root),
            f"mkdir -p {root}{self.directory}",
        ]
        identity = [f"--reuid={number}", f"--regid={number}", "--clear-groups"]
        variables = [f"{name}={value}" for name, value in {"HOME": home, **self.environment}.items()]
        inner = f"cd {shlex.quote(self.directory)} && exec /bin/sh -c {shlex.quote(script)}"
        command = ["chroot", str(root), "setpriv", *identity, "env", "-i", *variables, "/bin/sh", "-c", inner]
        steps.append(shlex.join(command))
        # The mounts are seen in this process alone, and gone with it.
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", "\n".join(steps)],
            capture_output=True, text=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{script}\nends with {done.returncode}\n{done.stdout}{done.stderr}")
        self.uppers.append(upper)
        return upper

    def _mounts(self, flags: tuple[str, ...], root: Path) -> list[str]:
        steps = []
        for flag in flags:
            fields = dict(part.partition("=")[::2] for part in flag.removeprefix("--mount=").split(","))
            source, target = self.folder / "mounts" / fields["target"].strip("/").replace("/", "-"), fields["target"]
            source.mkdir(parents=True, exist_ok=True)
            os.chown(source, int(fields.get("uid", "0")), int(fields.get("gid", "0")))
            steps += [f"mkdir -p {root}{target}", f"mount --bind {source} {root}{target}"]
        return steps


def make_base(folder: Path, files: dict[str, bytes], links: dict[str, Path]) -> None:
    """The layer below all cases: empty homes, the user `app`, `files` and `links` by their paths."""
    for name in _EMPTY:
        path = folder / name
        path.mkdir(parents=True, exist_ok=True)
        os.setxattr(path, "trusted.overlay.opaque", b"y")
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for path, to in links.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(to)
    passwd = re.sub(r"(?m)^(app:.*|.*:x?:1000:.*)\n", "", Path("/etc/passwd").read_text(encoding="utf-8"))
    (folder / "etc").mkdir(exist_ok=True)
    (folder / "etc/passwd").write_text(f"{passwd}app:x:1000:1000::/home/app:/bin/sh\n", encoding="utf-8")
    (folder / "home/app").mkdir()
    os.chown(folder / "home/app", 1000, 1000)
    for project in [folder / "srv", *(folder / "srv").rglob("*")]:  # everybody may write it
        project.chmod(0o777 if project.is_dir() else 0o666)


def measure(text: str, layers: Layers, cache_file: re.Pattern[str]) -> tuple[int, ...]:
    """The lines of the RUNs whose layer holds files of the cache. Raises RuntimeError when one of them fails."""
    lines = []
    for command in dockerfile.parse_string(text):
        match command.cmd.upper():
            case "ENV":
                for name, value in zip(command.value[::2], command.value[1::2], strict=True):
                    layers.environment[name] = string.Template(value.strip('"')).safe_substitute(layers.environment)
            case "WORKDIR":
                layers.directory = command.value[0]
            case "USER":
                layers.user = command.value[0]
            case "RUN":
                upper = layers.run(command.value[0], command.flags)
                if any(cache_file.search(path) for path in _files(upper)):
                    lines.append(command.start_line)
            case "FROM":
                pass
            case other:
                raise RuntimeError(f"{other} is not followed here")
    return tuple(lines)


def _files(folder: Path) -> list[str]:
    """The files in a layer, as paths in the image; what only says that a file is gone is none."""
    files = (path for path in folder.rglob("*") if stat.S_ISREG(path.lstat().st_mode))
    return [f"/{path.relative_to(folder)}" for path in files]
