"""Measuring many cases: the index server, the base image and the builds, and nothing of them left afterwards."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.oracle import base_image, index_server
from tests.oracle.case import Case, load_cases
from tests.oracle.command import Suite
from tests.oracle.measurements import MEASURED
from tests.oracle.measuring import Measurement, base_is_clean, measure
from tests.oracle.scratch import in_memory
from tests.oracle.storage import Storage, removed_at_end

AT_ONCE = (os.cpu_count() or 1) + 1  # a build also waits
# Each buildah reads the list of all layers that there are. With a thousand images a build takes twice as long.
_CASES_A_STORAGE = 150


def missing() -> str:
    """What this machine lacks for measuring, as a reason; empty when it can."""
    absent = [program for program in ("buildah", "mmdebstrap") if not shutil.which(program)]
    if absent:
        return f"{' and '.join(absent)} not installed"
    return "" if os.geteuid() == 0 else "builds need root"


def buildah_version() -> str:
    """As buildah says it."""
    said = subprocess.run(["buildah", "--version"], check=True, capture_output=True, text=True).stdout
    return said.split()[2]


class Session:
    """A prepared storage and a running index."""

    def __init__(
        self,
        storage: Storage,
        folder: Path,
        versions: Mapping[str, str],
        cache_files: Mapping[str, re.Pattern[str]] | None = None,
    ) -> None:
        """`storage` holds the base image; cases are built in copies of it, their contexts are in `folder`.

        `cache_files` say by a case's family what files of the cache look like, where the storage does not.
        """
        self._storage = storage
        self._folder = folder
        self._cache_files = cache_files or {}
        self.versions = {**versions, "buildah": buildah_version()}

    def measure(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Measurement | RuntimeError]]:
        """Measure each case; they come in the order given. A build that could not be understood gives its error."""
        waiting = list(cases)
        while waiting:
            batch, waiting = waiting[:_CASES_A_STORAGE], waiting[_CASES_A_STORAGE:]
            storage = self._storage.copied(self._folder.parent / "copy")
            try:
                with ThreadPoolExecutor(AT_ONCE) as workers:
                    futures = [(case, workers.submit(self._measure, case, storage)) for case in batch]
                    for case, future in futures:
                        yield case, future.result()
            finally:
                storage.remove()

    def _measure(self, case: Case, storage: Storage) -> Measurement | RuntimeError:
        storage = replace(storage, cache_file=self._cache_files.get(case.family, storage.cache_file))
        try:
            return measure(case, storage, self._folder / case.name)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            return RuntimeError(f"{case.name}: {error}")


@contextmanager
def prepared(kept: Path, pip_version: str = "") -> Iterator[Session]:
    """A session whose storage is removed at the end. Debian's packages stay in the folder `kept` for the next time.

    Without a `pip_version` the newest pip is measured.
    """
    ingredients = base_image.fetch(kept, pip_version)
    files = index_server.distributions(ingredients.pip_wheel)
    with in_memory(kept) as folder, removed_at_end(Storage(folder / "storage")) as storage, index_server.serving(files):
        base_image.build(storage, ingredients, folder / "base")
        if not base_is_clean(storage):
            raise RuntimeError("the base image holds a cache of its own")
        (folder / "cases").mkdir()
        yield Session(storage, folder / "cases", {"pip": ingredients.pip_version})


SUITE = Suite(load_cases(), MEASURED, missing, prepared)
