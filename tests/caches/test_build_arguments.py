"""What a build argument may change is not known: what runs then may leave a cache."""

import pytest

from tests.caches.verdicts import LEFT, REMOVED, verdicts


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["ARG A=0", 'RUN if [ "$A" = 1 ]; then pip install x; fi'], LEFT, id="a question"),
        pytest.param(["ARG A=0", 'RUN if test "$A" = 1; then pip install x; fi'], LEFT, id="test"),
        pytest.param(["ARG A=0", "RUN A=2; if test $A = 1; then pip install x; fi"], [], id="set in the RUN"),
        pytest.param(["ARG A", 'RUN if [ -n "$A" ]; then pip install x; fi'], LEFT, id="without a default"),
        pytest.param(["ARG A", "RUN if [ ${A:-0} = 1 ]; then pip install x; fi"], LEFT, id="with one where it is used"),
        pytest.param(["ARG A", "ARG A=0", 'RUN if [ -n "$A" ]; then pip install x; fi'], LEFT, id="declared twice"),
        pytest.param(["ENV A=0", "ARG A=1", "RUN if [ $A = 1 ]; then pip install x; fi"], [], id="hidden by ENV"),
        pytest.param(["ARG A=1", "ENV A=0", "RUN if [ $A = 1 ]; then pip install x; fi"], [], id="set by ENV"),
        pytest.param(["ARG A=0", "ENV A=0", "RUN if [ $A = 1 ]; then pip install x; fi"], [], id="set to its default"),
        pytest.param(["ARG A=0", "ENV B=$A", "RUN if [ $B = 1 ]; then pip install x; fi"], LEFT, id="in an ENV"),
        pytest.param(
            ["ARG A", "ENV B=${A:-0}", "RUN if [ $B = 1 ]; then pip install x; fi"], LEFT, id="or else in one"
        ),
        pytest.param(
            ["ARG A=0", "ENV B=$A", "ENV C=x$B", "RUN [ $C = x1 ] && pip install x; y"], LEFT, id="in two ENVs"
        ),
        pytest.param(
            ["ARG A=0", "ENV B=$A", "ENV B=0", "RUN if [ $B = 1 ]; then pip install x; fi"], [], id="in one no more"
        ),
        pytest.param(
            ["ARG A", "RUN for a in $A; do pip install $a; done"], LEFT, id="a loop over one without a default"
        ),
        pytest.param(["ARG A=", "RUN for a in $A; do pip install $a; done"], LEFT, id="a loop over an empty one"),
        pytest.param(["ENV A=", "ARG B", "RUN for a in $A; do pip install $a; done"], [], id="a loop over nothing"),
        pytest.param(["ARG A=false", "RUN if $A; then pip install x; fi"], LEFT, id="a command"),
        pytest.param(["ARG A", "RUN if $A; then y; else pip install x; fi"], LEFT, id="no command"),
        pytest.param(["ARG A=pip", "RUN $A install x && rm -rf ~/.cache; y"], REMOVED, id="the name of a program"),
        pytest.param(["ARG A", "RUN $A pip install x && rm -rf ~/.cache; y"], REMOVED, id="what may be in front of it"),
        pytest.param(
            ["ARG A=0", "FROM python:3.12", "RUN if [ $A = 1 ]; then pip install x; fi"], [], id="of another stage"
        ),
    ],
)
def test_what_a_build_argument_may_change(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines) == expected
