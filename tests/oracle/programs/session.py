"""Measuring: the programs, the packages, and the layer below all cases."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.case import Case
from tests.oracle.programs import packages
from tests.oracle.programs.family import Family
from tests.oracle.programs.layers import Layers, make_base, measure

# From npm, in the versions that were measured; the others are this machine's own.
_FROM_NPM = {
    "js": ("npm@11.19.1", "yarn@1.22.22", "pnpm@10.34.9", "bun@1.4.5"),
    "berry": ("@yarnpkg/cli-dist@4.18.1",),
}
_PROGRAMS = ("node", "npm", "gem", "bundle", "go", "composer", "cargo", "mvn", "gradle")

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing() -> str:
    """What this machine lacks for measuring, as a reason; empty when it can."""
    absent = [name for name in (*_PROGRAMS, "unshare", "setpriv", "chroot") if not shutil.which(name, path=_PATH)]
    if absent:
        return f"{', '.join(absent)} not installed"
    return "" if os.geteuid() == 0 else "layers need root"


@dataclass(frozen=True, slots=True)
class Session:
    """A prepared layer, and the environment of the cases."""

    folder: Path
    environment: dict[str, str]

    def measure(self, family: Family, case: Case) -> tuple[int, ...]:
        """The lines of the RUNs that leave files of the cache. Raises RuntimeError when one fails."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            layers = Layers(Path(folder), dict(self.environment), self.folder / "base")
            return measure(case.dockerfile, layers, family.cache_file)


@contextmanager
def prepared(kept: Path) -> Iterator[Session]:
    """A session, of which nothing is left. What npm gives stays in the folder `kept` for the next time."""
    links = {f"opt/{name}": _from_npm(kept / name, wanted) for name, wanted in _FROM_NPM.items()}
    folder = Path(tempfile.mkdtemp(prefix="programs-", dir=kept))
    # A layer may not lie in one that is below it, as all folders of this machine's own file system do.
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(folder)], check=True)
    try:
        files = {f"opt/packages/{path}": content for path, content in packages.files().items()}
        files |= {f"srv/{path}": content for path, content in packages.projects(Path("/opt/packages")).items()}
        make_base(folder / "base", files, links)
        environment = {
            "PATH": f"/opt/js/node_modules/.bin:{_PATH}",
            "npm_config_registry": packages.URL,
            "YARN_NPM_REGISTRY_SERVER": packages.URL,
            "YARN_UNSAFE_HTTP_WHITELIST": packages.ADDRESS[0],
            "YARN_ENABLE_IMMUTABLE_INSTALLS": "false",
            "GOPROXY": "file:///opt/packages/go",
            "GOSUMDB": "off",
            "GOFLAGS": "-mod=mod",
            "COMPOSER_ALLOW_SUPERUSER": "1",
        }
        with packages.serving(packages.served()):
            yield Session(folder, environment)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def versions(session: Session) -> dict[str, str]:
    """The versions of the programs, as they say them."""
    path = session.environment["PATH"].replace("/opt/js", str((session.folder / "base/opt/js").resolve()))
    asked = {name: [name, "version" if name == "go" else "--version"] for name in (*_PROGRAMS, "yarn", "pnpm", "bun")}
    found = {}
    for name, command in asked.items():
        environment = {"PATH": path, "HOME": "/nonexistent", "COMPOSER_ALLOW_SUPERUSER": "1"}
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout
        found[name] = next(iter(re.findall(r"[0-9]+\.[0-9.]+", said)), "")
    return found


def _from_npm(folder: Path, wanted: tuple[str, ...]) -> Path:
    noted = folder / "wanted"
    if not noted.exists() or noted.read_text(encoding="utf-8") != " ".join(wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *wanted]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        noted.write_text(" ".join(wanted), encoding="utf-8")
    return folder
