"""Every shipped rule's examples."""

import pytest

from layerlint.authoring.examples import Outcome, run_example
from layerlint.rules.loading import load
from layerlint.rules.model import Example, Rule

RULES = load()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}-{example.silent or 'reported'}")
    for rule in RULES.rules
    for number, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_as_it_says(rule: Rule, example: Example) -> None:
    result = run_example(rule, example, RULES)
    assert result.outcome is Outcome.AS_EXPECTED, result.explanation


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_rule_shows_both_sides(rule: Rule) -> None:
    assert any(example.reports is not None for example in rule.examples)
    assert any(example.silent is not None for example in rule.examples)
    assert not rule.fixable or any(example.fixed is not None for example in rule.examples)


@pytest.mark.parametrize(
    ("example", "outcome"),
    [
        pytest.param(Example(silent="it is not", dockerfile="FROM a\nRUN pip install x\n"), Outcome.NOISY, id="noisy"),
        pytest.param(Example(reports="FROM a\nRUN true\n", at="2:5"), Outcome.MISSING, id="missing"),
        pytest.param(Example(reports="FROM a\nRUN pip install x\n", at="2:9"), Outcome.WRONG_PLACE, id="wrong place"),
        pytest.param(
            Example(reports="FROM a\nRUN pip install x\n", at="2:5", fixed="FROM a\n"),
            Outcome.WRONG_FIX,
            id="wrong fix",
        ),
        pytest.param(Example(reports="RUN pip install x\n", at="1:5"), Outcome.UNREADABLE, id="unreadable"),
    ],
)
def test_a_wrong_example_is_named(example: Example, outcome: Outcome) -> None:
    rule = RULES.names.named("PIP001")
    assert rule is not None
    assert run_example(rule, example, RULES).outcome is outcome
