from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerlint.finding import Edit, FileError, FileReport, Finding, Fix, Safety, Severity
from layerlint.fixing import fixer
from layerlint.fixing.fixer import MAX_ROUNDS, apply, choose
from layerlint.source.source import Source, Span

# Most texts here are no Dockerfiles, so nothing looks at how they are read unless a test says so.
fix_until_stable = partial(fixer.fix_until_stable, check=None)


def finding(*edits: Edit, rule: str = "PIP001", safety: Safety = Safety.SAFE, start: int = 0) -> Finding:
    fixes = (Fix("Mend it", safety, edits),) if edits else ()
    return Finding(rule, "name", Severity.WARNING, "message", Span(start, start + 1), None, fixes=fixes)


INSERT = Edit(5, 5, " x")


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        pytest.param((Edit(0, 3, "a"),), (Edit(3, 6, "b"),), True, id="replacements side by side"),
        pytest.param((Edit(0, 4, "a"),), (Edit(3, 6, "b"),), False, id="replacements that share a byte"),
        pytest.param((Edit(0, 9, "a"),), (Edit(3, 6, "b"),), False, id="one inside of the other"),
        pytest.param((Edit(3, 6, "a"),), (Edit(0, 9, "b"),), False, id="one around the other"),
        pytest.param((Edit(3, 6, "a"),), (Edit(3, 6, "b"),), False, id="the same bytes"),
        pytest.param((Edit(3, 6, "a"),), (Edit(3, 6, "a"),), True, id="the very same replacement is shared"),
        pytest.param((INSERT,), (Edit(5, 5, " y"),), False, id="insertions at one place"),
        pytest.param((INSERT,), (INSERT,), True, id="the very same insertion is shared"),
        pytest.param((INSERT,), (Edit(6, 6, " y"),), True, id="insertions at two places"),
        pytest.param((INSERT,), (Edit(5, 8, "y"),), False, id="insertion where a replacement begins"),
        pytest.param((INSERT,), (Edit(2, 5, "y"),), False, id="insertion where a replacement ends"),
        pytest.param((Edit(2, 8, "y"),), (INSERT,), False, id="insertion into replaced text"),
        pytest.param((INSERT, Edit(20, 22, "")), (Edit(10, 12, ""), Edit(21, 23, "")), False, id="the second edit"),
        pytest.param((INSERT, Edit(20, 22, "")), (Edit(10, 12, ""), INSERT), True, id="one edit in common"),
    ],
)
def test_fixes_that_touch_the_same_text_are_never_both_applied(
    first: tuple[Edit, ...], second: tuple[Edit, ...], both: bool
) -> None:
    one, two = finding(*first, rule="A"), finding(*second, rule="B", start=1)
    chosen = choose([one, two], unsafe=False)
    assert chosen.applied == ((one, two) if both else (one,))
    assert chosen.edits == tuple(sorted({*first, *(second if both else ())}))
    reason = "its fix changes the same text as the fix of A"
    assert [(waiter.finding, waiter.reason) for waiter in chosen.waiting] == ([] if both else [(two, reason)])


def test_the_first_applicable_fix_is_taken() -> None:
    unsafe, safe = Fix("Mount", Safety.UNSAFE, (Edit(1, 1, "m"),)), Fix("Flag", Safety.SAFE, (Edit(2, 2, "f"),))
    both = Finding("A", "a", Severity.INFO, "", Span(0, 1), None, fixes=(unsafe, safe))
    assert choose([both], unsafe=False).edits == safe.edits
    assert choose([both], unsafe=True).edits == unsafe.edits


def test_findings_without_an_applicable_fix_do_not_wait() -> None:
    chosen = choose([finding(), finding(INSERT, safety=Safety.UNSAFE)], unsafe=False)
    assert (chosen.edits, chosen.applied, chosen.waiting) == ((), (), ())


edits = st.tuples(st.integers(0, 30), st.integers(0, 4), st.sampled_from(["", "a", "é", "\udcff", "\r\n"])).map(
    lambda drawn: Edit(drawn[0], drawn[0] + drawn[1], drawn[2])
)


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    result = []
    for number in range(draw(st.integers(0, 12))):
        chosen: list[Edit] = []
        for edit in sorted(draw(st.lists(edits, min_size=1, max_size=3))):
            if not chosen or chosen[-1].end < edit.start:
                chosen.append(edit)
        result.append(finding(*chosen, rule=f"R{number}", start=number))
    return result


def overlap(one: Edit, other: Edit) -> bool:
    if one.start == one.end or other.start == other.end:
        return max(one.start, other.start) <= min(one.end, other.end)
    return max(one.start, other.start) < min(one.end, other.end)


@given(findings())
def test_choose_against_the_plain_definition(drawn: list[Finding]) -> None:
    taken: list[Edit] = []
    applied = []
    for each in drawn:
        new = [edit for edit in each.fixes[0].edits if edit not in taken]
        if not any(overlap(edit, other) for edit in new for other in taken):
            taken += new
            applied.append(each)
    chosen = choose(drawn, unsafe=False)
    assert chosen.applied == tuple(applied)
    assert chosen.edits == tuple(sorted(taken))
    assert {waiter.finding for waiter in chosen.waiting} == set(drawn) - set(applied)
    assert choose(chosen.applied, unsafe=False).edits == chosen.edits


@given(findings(), st.binary(min_size=40, max_size=60))
def test_apply_changes_nothing_but_the_edits(drawn: list[Finding], data: bytes) -> None:
    chosen = choose(drawn, unsafe=False).edits
    new = apply(data, chosen)
    by_hand = data
    for edit in reversed(chosen):
        by_hand = by_hand[: edit.start] + edit.text.encode("utf-8", "surrogateescape") + by_hand[edit.end :]
    assert new == by_hand


NASTY = st.sampled_from(
    [b"\n", b"\r\n", b"\t", b"  ", b"\xef\xbb\xbf", b"\xff", b"pip install", b"RUN ", b"\\\n", b"x"]
)


@given(st.lists(NASTY, max_size=40).map(b"".join))
def test_taking_the_inserted_text_out_gives_the_original(data: bytes) -> None:
    source = Source("Dockerfile", data)
    fixed = fix_until_stable(source, insert_flags, unsafe=False)
    assert fixed.source.data.replace(b" --no-cache-dir", b"") == data
    assert len(fixed.applied) == data.count(b"pip install") == fixed.report.fixed
    again = fix_until_stable(fixed.source, insert_flags, unsafe=False)
    assert (again.source.data, again.applied) == (fixed.source.data, ())


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([Edit(0, 4, ""), Edit(3, 5, "")], id="overlap"),
        pytest.param([Edit(9, 11, "")], id="behind the end"),
        pytest.param([Edit(-1, 1, "")], id="before the start"),
        pytest.param([Edit(4, 3, "")], id="backwards"),
    ],
)
def test_apply_refuses_what_has_no_meaning(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match=r"overlaps another edit or lies outside of the file's 10 bytes"):
        apply(b"0123456789", edits)


def insert_flags(source: Source) -> FileReport:
    found = [
        finding(Edit(match.end(), match.end(), " --no-cache-dir"), start=match.start())
        for match in re.finditer(rb"pip install(?! --no-cache-dir)", source.data)
    ]
    return FileReport(source.path, source, tuple(found))


def test_a_fix_that_waits_is_applied_in_the_next_round() -> None:
    def lint(source: Source) -> FileReport:
        found = [finding(Edit(1, 1, text), rule=text) for text in ("a", "b", "c") if text.encode() not in source.data]
        return FileReport(source.path, source, tuple(found))

    fixed = fix_until_stable(Source("Dockerfile", b"()"), lint, unsafe=False)
    assert fixed.source.data == b"(cba)"
    assert [each.rule for each in fixed.applied] == ["a", "b", "c"]
    assert (fixed.report.findings, fixed.report.fixed, fixed.waiting) == ((), 3, ())


def test_a_rule_that_never_settles_is_named_and_the_file_left() -> None:
    def lint(source: Source) -> FileReport:
        good = finding(Edit(0, 0, "good"), rule="GOOD")
        endless = finding(Edit(len(source.data), len(source.data), "!"), rule="ENDLESS", start=1)
        found = (endless,) if b"good" in source.data else (good, endless)
        return FileReport(source.path, source, found)

    source = Source("Dockerfile", b"FROM a\n")
    fixed = fix_until_stable(source, lint, unsafe=False)
    assert fixed.source is source
    assert (fixed.applied, fixed.report.fixed, len(fixed.report.findings)) == ((), 0, 2)
    assert fixed.report.errors == (
        FileError(
            "Dockerfile",
            0,
            0,
            "the fixes do not come to an end: ENDLESS still changes the file after 10 rounds. "
            "The file is as it was; run again with --ignore ENDLESS, and report the rule to its author",
        ),
    )


@pytest.mark.parametrize(("rounds", "settles"), [(MAX_ROUNDS, True), (MAX_ROUNDS + 1, False)])
def test_as_many_rounds_as_are_allowed_are_no_error(rounds: int, settles: bool) -> None:
    def lint(source: Source) -> FileReport:
        left = () if len(source.data) >= rounds else (finding(Edit(0, 0, "x")),)
        return FileReport(source.path, source, left)

    fixed = fix_until_stable(Source("Dockerfile", b""), lint, unsafe=False)
    assert (len(fixed.source.data), not fixed.report.errors) == (rounds if settles else 0, settles)


@pytest.mark.parametrize("bad", [{3}, {0, 9}, {0, 1, 2, 3}, set(range(10))])
def test_refused_fixes_are_dropped_with_the_reason_and_the_others_applied(bad: set[int]) -> None:
    def lint(source: Source) -> FileReport:
        found = [
            finding(Edit(match.start(), match.end(), match.group().decode().upper()), start=match.start())
            for match in re.finditer(rb"[a-j]", source.data)
        ]
        return FileReport(source.path, source, tuple(found))

    def check(_: Source, new: Source, _edits: object) -> str | None:
        broken = [chr(65 + number) for number in sorted(bad) if chr(65 + number).encode() in new.data]
        return f"{broken[0]} would break it" if broken else None

    fixed = fix_until_stable(Source("Dockerfile", b"abcdefghij"), lint, unsafe=False, check=check)
    expected = "".join(chr((97 if number in bad else 65) + number) for number in range(10))
    assert fixed.source.data.decode() == expected
    assert fixed.report.fixed == 10 - len(bad)
    reasons = [f"{chr(65 + number)} would break it" for number in sorted(bad)]
    assert [each.unfixable for each in fixed.report.findings] == reasons
    assert [waiter.reason for waiter in fixed.waiting] == reasons
    assert not any(each.fixes for each in fixed.report.findings)


def test_a_finding_that_waited_for_a_refused_one_gets_its_turn() -> None:
    def lint(source: Source) -> FileReport:
        found = [finding(Edit(0, 0, text), rule=text) for text in ("a", "b") if text.encode() not in source.data]
        return FileReport(source.path, source, tuple(found))

    fixed = fix_until_stable(
        Source("Dockerfile", b""), lint, unsafe=False, check=lambda _, new, _edits: "no" if b"a" in new.data else None
    )
    assert fixed.source.data == b"b"
    assert [(each.rule, each.unfixable) for each in fixed.report.findings] == [("a", "no")]


def test_fixes_that_are_fine_alone_but_not_together() -> None:
    def lint(source: Source) -> FileReport:
        wanted = {0: b"a", 1: b"b", 2: b"c"}
        found = [
            finding(Edit(at, at + 1, text.decode().upper()), start=at)
            for at, text in wanted.items()
            if source.data[at : at + 1] == text
        ]
        return FileReport(source.path, source, tuple(found))

    def check(_: Source, new: Source, _edits: object) -> str | None:
        return "not both" if new.data.count(b"A") + new.data.count(b"C") == 2 else None

    fixed = fix_until_stable(Source("Dockerfile", b"abc"), lint, unsafe=False, check=check)
    assert check(fixed.source, fixed.source, ()) is None
    assert fixed.report.findings[-1].unfixable == "not both"


def test_a_file_full_of_refused_fixes_does_not_take_forever() -> None:
    checks = 0

    def check(_: Source, __: Source, _edits: object) -> str | None:
        nonlocal checks
        checks += 1
        return "no"

    source = Source("Dockerfile", b"RUN pip install x\n" * 5000)
    fixed = fix_until_stable(source, insert_flags, unsafe=False, check=check)
    assert fixed.source.data == source.data
    assert checks == 64
    assert {each.unfixable for each in fixed.report.findings} == {"no", "too many fixes of this file were refused"}


@pytest.mark.parametrize(
    ("mended", "brought", "after", "unfixable"),
    [
        pytest.param(Severity.WARNING, (), b"OK", [], id="it brings nothing"),
        pytest.param(Severity.WARNING, ("Z", "B"), b"BAD", ["its fix would bring B, Z"], id="it brings what lasts"),
        pytest.param(Severity.WARNING, ("KEPT",), b"OK", [""], id="it brings what was there"),
        pytest.param(Severity.WARNING, ("MENDED",), b"ok", [], id="it brings what is mended then"),
        pytest.param(Severity.ERROR, ("B",), b"OK", [""], id="a command that stopped works now"),
    ],
)
def test_a_fix_that_brings_findings(
    mended: Severity, brought: tuple[str, ...], after: bytes, unfixable: list[str]
) -> None:
    def lint(source: Source) -> FileReport:
        if source.data == b"BAD":
            found = [replace(finding(Edit(0, 3, "OK")), severity=mended)]
            found += [finding(rule=rule) for rule in brought if rule == "KEPT"]
        elif source.data == b"OK":
            found = [finding(*([Edit(0, 2, "ok")] if rule == "MENDED" else []), rule=rule) for rule in brought]
        else:
            found = []
        return FileReport(source.path, source, tuple(found))

    fixed = fix_until_stable(Source("Dockerfile", b"BAD"), lint, unsafe=False)
    assert fixed.source.data == after
    assert [each.unfixable for each in fixed.report.findings] == unfixable


@pytest.mark.parametrize(
    ("text", "lints"),
    [
        pytest.param(b"OK", 1, id="nothing to mend"),
        pytest.param(b"BAD", 2, id="once before and once after"),
    ],
)
def test_the_same_file_is_not_linted_twice(text: bytes, lints: int) -> None:
    linted: list[bytes] = []

    def lint(source: Source) -> FileReport:
        linted.append(source.data)
        found = [finding(Edit(0, 3, "OK"))] if source.data == b"BAD" else []
        return FileReport(source.path, source, tuple(found))

    fix_until_stable(Source("Dockerfile", text), lint, unsafe=False)
    assert len(linted) == lints


def test_a_fix_that_changes_nothing() -> None:
    def lint(source: Source) -> FileReport:
        return FileReport(source.path, source, (finding(Edit(0, 1, "F")),))

    fixed = fix_until_stable(Source("Dockerfile", b"FROM a"), lint, unsafe=False)
    assert [each.unfixable for each in fixed.report.findings] == ["its fix changes nothing"]


def test_a_file_with_errors_is_not_touched() -> None:
    def lint(source: Source) -> FileReport:
        return FileReport(source.path, source, (finding(INSERT),), (FileError(source.path, 1, 1, "unknown"),))

    source = Source("Dockerfile", b"FRM a   ")
    fixed = fix_until_stable(source, lint, unsafe=False)
    assert fixed.source is source
    assert fixed.report.findings[0].unfixable == "the file has errors, and is only fixed once they are mended"


def test_what_is_left_out_of_a_report_is_not_fixed_and_nothing_that_a_fix_brings() -> None:
    """As a baseline does it, which knows a finding by its line."""

    def lint(source: Source) -> FileReport:
        found = [
            finding(Edit(each.start(), each.end(), "OK"), start=each.start())
            for each in re.finditer(rb"BAD", source.data)
        ]
        found += [finding(rule="LASTS", start=each.start()) for each in re.finditer(rb"KEEP", source.data)]
        return FileReport(source.path, source, tuple(found))

    def only(report: FileReport) -> FileReport:
        assert report.source is not None
        known = {report.source.data.find(line) for line in (b"BAD OLD", b"KEEP BAD")}
        kept = tuple(each for each in report.findings if each.span.start not in known)
        return FileReport(report.path, report.source, kept)

    fixed = fix_until_stable(Source("Dockerfile", b"BAD OLD\nKEEP BAD"), lint, unsafe=False, only=only)
    assert fixed.source.data == b"BAD OLD\nKEEP OK"
    assert [each.rule for each in fixed.report.findings] == ["LASTS"]
    assert fixed.report.fixed == 1
