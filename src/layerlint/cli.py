"""The command line. Wires options to what they do; what is not needed for that is imported where it is used."""

# Annotations are not put off (`from __future__ import annotations`): typer would evaluate each of them four times.

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from layerlint.choices import Color, FailOn, Format, ListFormat
from layerlint.errors import Mistake, UserError
from layerlint.finding import FixKind
from layerlint.terminal import STATUS_BROKEN_PIPE, Output, drop_standard_output, print_error, width
from layerlint.typer_command import Command, Group
from layerlint.version import VERSION

STATUS_WRONG_USE = 2
STATUS_INTERRUPTED = 130


class _Group(Group):
    """Says what to write when a path stands where a command belongs, as other linters take it."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]
        if args and args[0] not in self.commands and (args[0] == "-" or os.path.lexists(args[0])):
            ctx.fail(f"No such command '{args[0]}'. To check a file or folder, write: layerlint check {args[0]}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line and exit. What a user sees is never a traceback."""
    _finish(_run_app)


def _run_app() -> int:
    app(prog_name="layerlint")
    return 0


def _finish(command: Callable[[], int]) -> None:
    """Run `command` and exit with its status, or with what an exception means."""
    try:
        try:
            status = command()
        except SystemExit as ended:  # typer's way to end
            status = ended.code if isinstance(ended.code, int) else 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except UserError as error:
        for mistake in error.mistakes:
            first, *more = mistake.lines
            print_error(first if mistake.path else f"layerlint: {first}", *more)
        status = STATUS_WRONG_USE
    except BrokenPipeError:
        drop_standard_output()
        status = STATUS_BROKEN_PIPE
    except KeyboardInterrupt:
        drop_standard_output()
        status = STATUS_INTERRUPTED
    except Exception as error:
        from layerlint.run import internal_error  # noqa: PLC0415

        print_error(f"layerlint {VERSION}: {internal_error(error)} with the command that you ran")
        status = STATUS_WRONG_USE
    sys.exit(status)


def _words(values: list[str] | None) -> tuple[str, ...] | None:
    """The words of an option that may be repeated and may hold several with commas between."""
    if values is None:
        return None
    return tuple(word.strip() for value in values for word in value.split(","))


def _print_version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it)
    if wanted:
        print(f"layerlint {VERSION}")  # noqa: T201 (this is the output)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def layerlint(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 (its callback does the work)
        bool, typer.Option("--version", "-V", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Find what package managers leave in the layers of an image, and fix it.

    Exit status: 0 nothing found, 1 findings, 2 wrong use, or a file that could not be read.
    """
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201


@app.command(cls=Command)
def check(  # noqa: PLR0913 (one parameter an option)
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files and folders [default: .]; - reads standard input.", show_default=False),
    ] = None,
    *,
    format_name: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"What to print: {', '.join(Format)} [default: text].",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="[FORMAT=]FILE",
            help="Print to a file, with a FORMAT beside what --format prints; repeatable.",
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print what --fix would change; write nothing.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Take fixes that should be looked at, too.")
    ] = False,
    fix_with: Annotated[
        FixKind | None,
        typer.Option(
            "--fix-with",
            help="How to keep a cache out of the image where there is a choice: by an option of the command, "
            "a cache mount, or a variable of the stage [default: flag].",
            show_default=False,
        ),
    ] = None,
    exit_non_zero_on_fix: Annotated[
        bool, typer.Option("--exit-non-zero-on-fix", help="Fail if a file was fixed, even if nothing is left.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Leave out the findings that this file has.")
    ] = None,
    no_baseline: Annotated[bool, typer.Option("--no-baseline", help="Leave out none, whatever is configured.")] = False,
    write_baseline: Annotated[
        str | None,
        typer.Option("--write-baseline", metavar="FILE", help="Write the findings there are now to this file."),
    ] = None,
    add_ignores: Annotated[
        bool, typer.Option("--add-ignores", help="Write comments that silence the findings there are now.")
    ] = False,
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="REF", help="Only what changed since the branch left this commit."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULES", help="Only these rules: ids, prefixes or ALL, with commas between."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", metavar="RULES", help="Not these rules.")] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on", help="The severity that makes the exit status 1 [default: warning].", show_default=False
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Use this configuration for all files.")
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no configuration.")] = False,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", metavar="PATH", help="More rules: a file, a folder or package:NAME; repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="GLOB", help="Leave out what matches, as in .gitignore; repeatable."),
    ] = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Leave it out even if it is named on the command line.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=256, metavar="N", help="Use N processes.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings in brief, and no summary.")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Print a count for each rule.")] = False,
    color: Annotated[Color, typer.Option("--color", help="When to print colours.")] = Color.AUTO,
    stdin_filename: Annotated[
        str | None, typer.Option("--stdin-filename", metavar="PATH", help="What standard input is called.")
    ] = None,
) -> None:
    """Check Dockerfiles."""

    def command() -> int:
        from layerlint import checking  # noqa: PLC0415
        from layerlint.contradictions import refuse_contradictions  # noqa: PLC0415
        from layerlint.settings import Overrides  # noqa: PLC0415

        if fix and diff:
            raise UserError(Mistake("--fix and --diff exclude each other", "one writes, the other only shows"))
        if config is not None and isolated:
            raise UserError(Mistake("--config and --isolated exclude each other", "one reads, the other does not"))
        if diff and format_name not in (None, Format.TEXT, Format.PATCH):
            cause = "--diff prints a patch"
            raise UserError(Mistake(f"--diff and --format {format_name} exclude each other", cause, "leave one out"))
        refuse_contradictions(
            {
                "--baseline": baseline is not None,
                "--no-baseline": no_baseline,
                "--write-baseline": write_baseline is not None,
                "--add-ignores": add_ignores,
                "--changed-since": changed_since is not None,
                "--fix": fix,
                "--diff": diff,
                "-": "-" in (paths or ()),
                "--stdin-filename": stdin_filename is not None,
            }
        )
        overrides = Overrides(
            select=_words(select),
            ignore=_words(ignore) or (),
            fail_on=fail_on and str(fail_on),
            rules=tuple(rules or ()),
            fix_with=fix_with,
            baseline=baseline,
            use_baseline=not no_baseline and write_baseline is None,
        )
        options = checking.CheckOptions(
            paths=tuple(paths or (".",)),
            format=format_name and str(format_name),
            outputs=tuple(output or ()),
            mode="diff" if diff else "fix" if fix or add_ignores else "report",
            add_ignores=add_ignores,
            write_baseline=write_baseline,
            changed_since=changed_since,
            unsafe_fixes=unsafe_fixes,
            exit_non_zero_on_fix=exit_non_zero_on_fix,
            overrides=overrides,
            config=config,
            isolated=isolated,
            exclude=tuple(exclude or ()),
            force_exclude=force_exclude,
            jobs=jobs,
            quiet=quiet,
            statistics=statistics,
            color=str(color),
            stdin_filename=stdin_filename,
        )
        return checking.check(options)

    _finish(command)


RulePaths = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="PATH", help="More rules: a file, a folder or package:NAME; repeatable."),
]


@app.command("explain", cls=Command)
def explain_rule(
    rule: Annotated[str, typer.Argument(help="An id, a name or an alias of a rule.")],
    *,
    rules: RulePaths = None,
) -> None:
    """Say why a rule is there, with examples, and how to fix what it finds."""

    def command() -> int:
        from layerlint import explain  # noqa: PLC0415
        from layerlint.rules.loading import load  # noqa: PLC0415

        text = explain.explain(explain.find_rule(rule, load([Path(path) for path in rules or ()]).rules), width())
        with Output() as output:
            output.write(text)
        return 0

    _finish(command)


rules_app = typer.Typer(cls=Group, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})
app.add_typer(rules_app, name="rules")


@rules_app.callback(invoke_without_command=True)
def list_rules(
    context: typer.Context,
    *,
    format_name: Annotated[ListFormat, typer.Option("--format", "-f", help="What to print.")] = ListFormat.TEXT,
    rules: RulePaths = None,
) -> None:
    """List the rules: id, name, severity, whether it can fix, summary. Or test, write and describe rule files."""
    if context.invoked_subcommand is not None:
        return

    def command() -> int:
        from layerlint import explain  # noqa: PLC0415
        from layerlint.rules.loading import load  # noqa: PLC0415

        as_text = explain.list_rules if format_name is ListFormat.TEXT else explain.list_rules_as_json
        with Output() as output:
            output.write(as_text(load([Path(path) for path in rules or ()]).rules))
        return 0

    _finish(command)


@rules_app.command("test", cls=Command)
def test_rules(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Rule files, or folders with rule files.")],
) -> None:
    """Run the examples of rules. Exit status 0: all are as they say; 1: some are not; 2: a file is wrong."""

    def command() -> int:
        from layerlint import rule_test  # noqa: PLC0415

        told = []
        with Output() as output:
            for each in rule_test.run_examples([Path(path) for path in paths]):
                told.append(each)
                output.write(f"{each}\n")
            output.write(f"{rule_test.summary(told)}\n")
        return 0 if all(each.is_good for each in told) else 1

    _finish(command)


@rules_app.command("new", cls=Command)
def new_rule(
    rule: Annotated[str, typer.Argument(metavar="ID", help="The id of the rule: capital letters and a number.")],
) -> None:
    """Write a rule file to start from, ID.yaml, in this folder."""

    def command() -> int:
        from layerlint.rule_template import write_new_rule  # noqa: PLC0415
        from layerlint.rules.loading import load  # noqa: PLC0415

        written, schema = write_new_rule(rule, Path(), load())
        with Output() as output:
            output.write(f"Wrote {written}, and {schema} for editors. Try it: layerlint rules test {written}\n")
        return 0

    _finish(command)


@rules_app.command("schema", cls=Command)
def print_schema() -> None:
    """Print the JSON Schema of rule files."""

    def command() -> int:
        from layerlint.rule_schema import rule_schema  # noqa: PLC0415

        with Output() as output:
            output.write(rule_schema())
        return 0

    _finish(command)


if __name__ == "__main__":
    main()
