from __future__ import annotations

import compileall
import gc
import os
import signal
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.fixed_files")

# Other processes on the machine are no reason for a test to fail.
settings.register_profile("layerlint", deadline=None)
settings.load_profile("layerlint")

# What a shell starts in the background has Ctrl-C ignored, and behind nohup the end of the terminal, and so have the
# programs that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

PROJECT = Path(__file__).resolve().parent.parent

# Compiled rules of the tests' are nobody else's. All test processes share them.
os.environ["LAYERLINT_CACHE_DIR"] = str(PROJECT / ".pytest_cache" / "rules")

_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""Python's own 700 are for programs that make little."""
CORPUS_VARIABLE = "LAYERLINT_CORPUS"
CORPUS_ARCHIVE = "dockerfiles.tar.xz"


def pytest_configure(config: pytest.Config) -> None:
    """Compile layerlint once, where Python is told to keep no bytecode, and keep that of the tests.

    Else each of the hundreds of processes that tests start does it, which takes as long as what most of them do; and
    nearly half of what it takes to collect the tests is to compile them.
    """
    if sys.dont_write_bytecode and not hasattr(config, "workerinput"):
        compileall.compile_dir(PROJECT / "src" / "layerlint", quiet=2)
    sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Keep what was collected out of Python's search for garbage.

    It stays until the end, and looking through thousands of tests again and again took a seventh of the time.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Real Dockerfiles, in order: those of the folder or archive that LAYERLINT_CORPUS names."""
    place = Path(os.environ.get(CORPUS_VARIABLE) or PROJECT.parent / "shared" / "corpus")
    if place.is_dir() and (place / CORPUS_ARCHIVE).is_file():
        place /= CORPUS_ARCHIVE
    if place.is_file():
        place = _unpacked(place)
    elif not place.is_dir():
        pytest.skip(f"no corpus folder: set {CORPUS_VARIABLE}")
    return sorted(path for path in place.rglob("*ockerfile*") if path.is_file())


def _unpacked(archive: Path) -> Path:
    """The folder that `archive` is unpacked in, once for all test processes and runs."""
    status = archive.stat()
    folder = Path(tempfile.gettempdir()) / f"layerlint-corpus-{os.getuid()}-{status.st_size}-{status.st_mtime_ns}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            with tarfile.open(archive) as opened:
                opened.extractall(Path(scratch) / "corpus", filter="data")
            try:
                (Path(scratch) / "corpus").rename(folder)
            except OSError:
                # Another test process was faster; anything else is an error.
                if not folder.is_dir():
                    raise
    return folder
