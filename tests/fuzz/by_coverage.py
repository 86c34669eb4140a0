"""`python -m tests.fuzz.by_coverage TARGET FOLDER [libFuzzer's options]`: atheris on one target."""

# ruff: noqa: E501

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["layerlint"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.keeping import KEPT, keep, place
from tests.fuzz.rule_files import SHIPPED

_EXAMPLES = Path(__file__).parents[2] / "examples"
_MOST = 8192
"""In bytes, of one input: libFuzzer would otherwise make none longer than the longest that it starts from."""


def main() -> None:
    name, folder, *options = sys.argv[1:]
    known: set[str] = set()

    def holds(data: bytes) -> None:
        try:
            TARGETS[name].holds(data)
        except Exception as error:  # kept, and on it goes
            if place(error) not in known:
                known.add(place(error))
                keep(name, data, Path(folder))
                traceback.print_exception(error)

    examples = [path.read_bytes() for path in sorted(_EXAMPLES.glob("*/Dockerfile"))]
    kept = [path.read_bytes() for path in sorted(KEPT.glob(f"{name}-*"))]
    starts = (SHIPPED if name == "rules" else examples) + kept
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(starts):
            (Path(corpus) / str(number)).write_bytes(data)
        dictionary = Path(corpus).with_suffix(".words")
        dictionary.write_text("".join(f'"{word}"\n' for word in _WORDS))
        arguments = [sys.argv[0], f"-max_len={_MOST}", f"-dict={dictionary}", "-timeout=30", "-print_final_stats=1"]
        atheris.Setup([*arguments, *options, corpus], holds)
        try:
            atheris.Fuzz()
        finally:
            dictionary.unlink(missing_ok=True)


_WORDS = (
    "RUN ", "ENV ", "FROM ", "COPY --from=", "ONBUILD ", "ARG ", "USER ", "SHELL [", "# escape=`", "--mount=type=cache,target=", "<<E",
    "<<-E", "\\\\\\x0a", " && ", " || ", "; ", "| ", "$(", "${", "`", "sh -c '", "if ", "then ", "fi", "for ", "do ", "done", "case ", "esac",
    "pip install ", "pip cache purge", "rm -rf ", "/root/.cache", "sudo ", "env ", "PIP_NO_CACHE_DIR=1", "apt-get install ", "eval ", "export ",
    "message:", "when:", "fixes:", "examples:", "{command}", "tool.layerlint", "per-file-ignores",
)  # fmt: skip

if __name__ == "__main__":
    main()
