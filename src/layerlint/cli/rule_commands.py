"""The commands that speak of rules. What is not needed to read their options is imported where it is used."""

# Annotations are not put off (`from __future__ import annotations`), as in cli.py.

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layerlint.cli.choices import ListFormat
from layerlint.cli.exit_status import finish
from layerlint.cli.typer_command import Command, Group
from layerlint.system.interrupts import ends_in_order
from layerlint.system.terminal import Output, width

if TYPE_CHECKING:
    from layerlint.config.rules import RuleOptions

Config = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Use this configuration for all files.")]
Isolated = Annotated[bool, typer.Option("--isolated", help="Read no configuration.")]
RulePaths = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="PATH", help="More rules: a file, a folder or package:NAME; repeatable."),
]


def _rule_options(
    context: typer.Context, rules: list[str] | None, config: str | None, *, isolated: bool
) -> "RuleOptions":
    from layerlint.config.rules import RuleOptions

    return RuleOptions(tuple(rules or ()), config, isolated).and_of(context.obj)


def explain_rule(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(help="An id, a name or an alias of a rule; or a prefix of ids.")],
    *,
    rules: RulePaths = None,
    config: Config = None,
    isolated: Isolated = False,
) -> None:
    """Explain a rule: why it is there, examples, how to fix it. Of a prefix: list its rules."""

    def command() -> int:
        from layerlint.authoring import explain
        from layerlint.config.rules import configured_rules

        known = configured_rules(_rule_options(context, rules, config, isolated=isolated))
        text = explain.explain(rule, known.rules, width())
        with Output() as output:
            output.write(text)
        return 0

    finish(command)


rules_app = typer.Typer(cls=Group, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})


@rules_app.callback(invoke_without_command=True)
def list_rules(
    context: typer.Context,
    *,
    format_name: Annotated[ListFormat, typer.Option("--format", "-f", help="What to print.")] = ListFormat.TEXT,
    rules: RulePaths = None,
    config: Config = None,
    isolated: Isolated = False,
) -> None:
    """List the rules: id, name, severity, whether it can fix, summary. Or test, write and describe rule files."""

    def command() -> int:
        from layerlint.authoring import explain
        from layerlint.config.rules import configured_rules

        as_text = explain.list_rules if format_name is ListFormat.TEXT else explain.list_rules_as_json
        known = configured_rules(_rule_options(context, rules, config, isolated=isolated))
        with Output() as output:
            output.write(as_text(known.rules))
        return 0

    if context.invoked_subcommand is None:
        finish(command)
    context.obj = _rule_options(context, rules, config, isolated=isolated)


@rules_app.command("test", cls=Command)
def try_rules(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Rule files, or folders with rule files.")],
    *,
    rules: RulePaths = None,
    config: Config = None,
    isolated: Isolated = False,
) -> None:
    """Run the examples of rules. Exit status 0: all are as they say; 1: some are not; 2: a file is wrong."""

    def command() -> int:
        from layerlint.authoring import testing as rule_test

        told = []
        options = _rule_options(context, rules, config, isolated=isolated)
        with Output() as output:
            for each in rule_test.run_examples([Path(path) for path in paths], options):
                told.append(each)
                output.write(f"{each}\n")
            output.write(f"{rule_test.summary(told)}\n")
        return 0 if all(each.is_good for each in told) else 1

    finish(command)


@rules_app.command("new", cls=Command)
def new_rule(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="ID", help="The id of the rule: capital letters and a number.")],
    *,
    rules: RulePaths = None,
    config: Config = None,
    isolated: Isolated = False,
) -> None:
    """Write a rule file to start from, ID.yaml, in this folder."""

    def command() -> int:
        from layerlint.authoring.template import write_new_rule
        from layerlint.config.rules import configured_rules

        known = configured_rules(_rule_options(context, rules, config, isolated=isolated))
        with ends_in_order():
            written, schema = write_new_rule(rule, Path(), known)
        with Output() as output:
            output.write(f"Wrote {written}, and {schema} for editors. Try it: layerlint rules test {written}\n")
        return 0

    finish(command)


@rules_app.command("schema", cls=Command)
def print_schema() -> None:
    """Print the JSON Schema of rule files."""

    def command() -> int:
        from layerlint.authoring.schema import rule_schema

        with Output() as output:
            output.write(rule_schema())
        return 0

    finish(command)
