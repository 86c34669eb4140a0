"""The command line. Wires options to what they do; what is not needed for that is imported where it is used."""

# Annotations are not put off (`from __future__ import annotations`): typer would evaluate each of them four times.

import os
from typing import Annotated

import typer

from layerlint.cli.choices import Color, FailOn, Format
from layerlint.cli.exit_status import finish
from layerlint.cli.rule_commands import Config, Isolated, RulePaths, explain_rule, rules_app
from layerlint.cli.typer_command import Command, Group, print_text, run_typer
from layerlint.errors import Mistake, UserError
from layerlint.finding import FixKind
from layerlint.system.interrupts import ends_in_order
from layerlint.version import VERSION


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
    finish(_run_app)


def _run_app() -> int:
    return run_typer(app, "layerlint")


def _words(values: list[str] | None) -> tuple[str, ...] | None:
    """The words of an option that may be repeated and may hold several with commas between."""
    if values is None:
        return None
    return tuple(word.strip() for value in values for word in value.split(","))


def _print_version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it)
    if wanted:
        print_text(f"layerlint {VERSION}")


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
        print_text(context.get_help())


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
            help="Write the report to a file; with FORMAT= in that format, beside what --format prints; repeatable.",
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply safe fixes to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print what --fix would change; write nothing.")] = False,
    unsafe_fixes: Annotated[
        bool | None,
        typer.Option(
            "--unsafe-fixes/--no-unsafe-fixes",
            help="Also take fixes that should be looked at [default: no].",
            show_default=False,
        ),
    ] = None,
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
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Use no baseline, whatever is configured.")
    ] = False,
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
        typer.Option(
            "--select",
            metavar="RULES",
            help="Only these rules: ids, names, aliases, prefixes of ids or ALL, with commas between.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULES", help="Not these rules, written as for --select.")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on", help="The severity that makes the exit status 1 [default: warning].", show_default=False
        ),
    ] = None,
    config: Config = None,
    isolated: Isolated = False,
    rules: RulePaths = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", metavar="GLOB", help="Leave out files and folders that match, as in .gitignore; repeatable."
        ),
    ] = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Exclude also what is named on the command line.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            max=256,
            metavar="N",
            help="Use N processes [default: one a core, fewer for few files].",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings in brief, and no summary.")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="Print a count for each rule.")] = False,
    color: Annotated[Color, typer.Option("--color", help="When to print colours.")] = Color.AUTO,
    stdin_filename: Annotated[
        str | None,
        typer.Option(
            "--stdin-filename",
            metavar="PATH",
            help="The path of standard input, for messages and for the configuration.",
        ),
    ] = None,
) -> None:
    """Check Dockerfiles.

    Exit status 0: no finding of the severity --fail-on or above; 1: findings; 2: wrong use, or a file that could not be
    read.
    """

    def command() -> int:
        from layerlint.config.contradictions import refuse_contradictions, refuse_two_configurations
        from layerlint.config.settings import Overrides
        from layerlint.run.check import CheckOptions
        from layerlint.run.check import check as run_check

        if fix and diff:
            raise UserError(Mistake("--fix and --diff exclude each other", "one writes, the other only shows"))
        refuse_two_configurations(config, isolated=isolated)
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
            fail_on=fail_on,
            rules=tuple(rules or ()),
            fix_with=fix_with,
            unsafe_fixes=unsafe_fixes,
            baseline=baseline,
            use_baseline=not no_baseline and write_baseline is None,
        )
        options = CheckOptions(
            paths=tuple(paths or (".",)),
            format=format_name,
            outputs=tuple(output or ()),
            mode="diff" if diff else "fix" if fix or add_ignores else "report",
            add_ignores=add_ignores,
            write_baseline=write_baseline,
            changed_since=changed_since,
            exit_non_zero_on_fix=exit_non_zero_on_fix,
            overrides=overrides,
            config=config,
            isolated=isolated,
            exclude=tuple(exclude or ()),
            force_exclude=force_exclude,
            jobs=jobs,
            quiet=quiet,
            statistics=statistics,
            color=color,
            stdin_filename=stdin_filename,
        )
        with ends_in_order():
            return run_check(options)

    finish(command)


app.command("explain", cls=Command)(explain_rule)
app.add_typer(rules_app, name="rules")


if __name__ == "__main__":
    main()
