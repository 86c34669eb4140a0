"""The comparison itself: what it measures and prints, and, where the peers are installed, that it runs them."""

import json
import sys
import time
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.compare import Contestant, files_in, main, report
from benchmarks.measuring import Cost, measure, resident, tree
from benchmarks.table import number, percent, table

DOCKERFILES = {
    "plain": "FROM python:3.12-slim\nRUN pip install flask\n",
    "option": "FROM python:3.12-slim\nRUN pip install --no-cache-dir flask\n",
    "mount": "FROM python:3.12-slim\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
    "removed": "FROM python:3.12-slim\nRUN pip install flask && rm -rf /root/.cache\n",
    "broken": "FROM python:3.12-slim\nINSTALL flask\n",
}
MEBIBYTE = 1024 * 1024
SUCCEEDS = frozenset({0})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in DOCKERFILES.items():
        (tmp_path / f"{name}.Dockerfile").write_text(text)
    return tmp_path


def test_the_table_has_columns_as_wide_as_their_cells() -> None:
    assert table(["tool", "seconds"], [["a", "1.00"], ["longer", "12.3"]]) == (
        "| tool   | seconds |\n| ------ | ------: |\n| a      |    1.00 |\n| longer |    12.3 |"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [pytest.param(0.456, "0.46", id="below ten"), pytest.param(12.34, "12.3", id="tens"), (104.4, "104")],
)
def test_numbers_have_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_share_of_nothing_is_no_number() -> None:
    assert (percent(1, 3), percent(0, 0)) == ("33.3 %", "-")


def test_a_row_is_the_median_of_its_runs_and_the_ratio_is_by_file() -> None:
    first = Contestant("ours", "1", (), ("a", "b"))
    second = Contestant("theirs", "2", (), ("a",))
    costs = [
        [Cost(1.0, 1.0, MEBIBYTE), Cost(9.0, 9.0, 9 * MEBIBYTE), Cost(2.0, 2.0, 2 * MEBIBYTE)],
        [Cost(5.0, 6.0, 7 * MEBIBYTE)],
    ]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in report([first, second], costs).split("\n")[2:]]
    assert rows == [
        ["ours 1", "2", "2.00", "1.00 to 9.00", "1.00", "2.00", "2.00", "1.00"],
        ["theirs 2", "1", "5.00", "5.00 to 5.00", "0.20", "6.00", "7.00", "5.00"],
    ]


def test_the_costs_of_batches_add_up_and_the_highest_memory_counts() -> None:
    assert Cost(1.0, 2.0, 30).and_then(Cost(4.0, 5.0, 6)) == Cost(5.0, 7.0, 30)


def test_time_spent_waiting_is_no_time_of_the_processor() -> None:
    cost = measure([sys.executable, "-c", "import time; time.sleep(0.4)"], SUCCEEDS)
    assert cost.seconds >= 0.4
    assert cost.cpu < cost.seconds


def test_the_memory_of_a_child_process_counts() -> None:
    child = f"import time; x = bytearray({64 * MEBIBYTE}); time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert measure([sys.executable, "-c", parent], SUCCEEDS).memory > 64 * MEBIBYTE


def test_a_tool_that_fails_is_no_fast_tool() -> None:
    with pytest.raises(RuntimeError, match="status 3: out of order"):
        measure([sys.executable, "-c", "import sys; sys.stderr.write('out of order'); sys.exit(3)"], SUCCEEDS)


def test_a_process_that_is_gone_has_no_memory_and_no_children() -> None:
    assert (resident(2**22 + 1), tree(2**22 + 1)) == (0, [2**22 + 1])


def test_paths_are_split_where_a_command_line_would_be_too_long() -> None:
    paths = ["x" * 100_000 + str(index) for index in range(25)]
    split = list(peers.batches(paths))
    assert [path for batch in split for path in batch] == paths
    assert len(split) > 1


def test_what_hadolint_says_of_other_things_is_left_out() -> None:
    finding = {"column": 1, "file": "a", "level": "warning", "message": ""}
    said = [{**finding, "code": "DL3042", "line": 2}, {**finding, "code": "DL3013", "line": 3}]
    said.append({**finding, "code": "DL1000", "file": "b", "line": 1})
    assert peers.hadolint_findings(json.dumps(said)) == ({("a", 2)}, {"b"})


def test_what_tally_says_of_other_package_managers_is_left_out() -> None:
    def violation(line: int, rule: str, detail: str) -> dict[str, object]:
        return {"rule": rule, "detail": detail, "location": {"start": {"line": line}}}

    said = [
        violation(2, peers.TALLY_RULE, "add cache mount(s): /root/.cache/pip (id=pip)"),
        violation(3, peers.TALLY_RULE, "add cache mount(s): /root/.npm (id=npm)"),
        violation(4, "tally/other", "/root/.cache/pip"),
    ]
    assert peers.tally_findings(json.dumps({"files": [{"file": "a", "violations": said}]})) == {("a", 2)}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('Error: a/b:2: unknown instruction "FOO"', id="with a line"),
        pytest.param("Error: failed to lint a/b: dockerfile parse error on line 2: no", id="in words"),
    ],
)
def test_the_file_that_tally_does_not_parse_is_found(said: str) -> None:
    assert peers.unparsed(said, ["a", "a/b", "a/bc"]) == "a/b"


def test_an_error_of_tally_that_names_no_file_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="out of memory"):
        peers.unparsed("Error: out of memory", ["a"])


def test_a_folder_without_dockerfiles_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "no Dockerfile in" in capsys.readouterr().err


def test_a_peer_that_is_missing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(peers.TOOLS_VARIABLE, raising=False)
    assert main([str(folder), "--only", "hadolint"]) == 2
    assert "pip install -r benchmarks/requirements.txt" in capsys.readouterr().err


@pytest.mark.peers
def test_all_tools_run_and_each_file_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = time.perf_counter()
    assert main([str(folder), "--runs", "1"]) == 0
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in capsys.readouterr().out.splitlines()[2:]]
    assert [(row[0].rpartition(" ")[0], row[1]) for row in rows] == [
        ("layerlint", "5"),
        ("layerlint, one process", "5"),
        ("hadolint", "5"),
        ("tally", "4"),
        ("tally, cache rule only", "4"),
    ]
    assert all(0 < float(row[2]) < time.perf_counter() - start and float(row[6]) > 1 for row in rows)


@pytest.mark.peers
def test_the_peers_say_what_they_are_quoted_with(folder: Path) -> None:
    paths = files_in(folder)
    hadolint, refused = peers.run_hadolint(peers.find("hadolint"), paths)
    assert {(Path(path).stem, line) for path, line in hadolint} == {("plain", 2), ("removed", 2)}
    assert {Path(path).stem for path in refused} == {"broken"}
    tally, refused = peers.run_tally(peers.find("tally"), paths)
    assert {(Path(path).stem, line) for path, line in tally} == {("plain", 2), ("option", 2), ("removed", 2)}
    assert {Path(path).stem for path in refused} == {"broken"}
