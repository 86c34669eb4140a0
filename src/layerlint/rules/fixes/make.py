"""A rule's fix templates to edits in the file."""

# What an action needs is imported where it is taken: a small run takes one, and all take as long as reading its file.

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from layerlint.caches.ledger import Purpose, Verdict
from layerlint.caches.paths import is_below
from layerlint.edits.refusal import CannotFixError, NotMeantError, refuse_long
from layerlint.edits.words import insert_after, option_span, option_words, remove_words, replace_words
from layerlint.finding import Edit, Fix
from layerlint.rules.facts.cache_facts import RemovalFact, UseFact
from layerlint.rules.facts.scene import Scene
from layerlint.rules.model import FixTemplate, Place, ReplaceTemplate, When
from layerlint.rules.templates import fill, in_short
from layerlint.shell.word import Word
from layerlint.source.source import encode
from layerlint.tools.invocation import Option

if TYPE_CHECKING:
    from layerlint.rules.facts.part_facts import PartFact

_REFUSED = (b"\n\"'$", "what is to be replaced is written with quotes or variables")


def make_fix(
    template: FixTemplate,
    fact: UseFact | RemovalFact | PartFact,
    when: When,
    values: Mapping[str, str],
    scene: Scene,
) -> Fix:
    """The fix for what a rule has found; `values` are the fact's. Raises `CannotFixError`."""
    if isinstance(fact, UseFact | RemovalFact):
        if template.version is not None:
            _refuse_other_version(template, template.version, fact, scene)
        edits = _edits(template, fact, when, values, scene)
        if isinstance(fact, UseFact) and fact.entry.left and template.set_environment is None:
            from layerlint.rules.fixes.strict_removals import for_one_command

            edits = (*edits, *for_one_command(fact, scene, is_mended=template.add_mount is not None))
        edits = tuple(sorted(edits))
    else:
        from layerlint.rules.fixes.part_fixes import part_edits

        edits = part_edits(template, fact, when, scene.source)
    if any(one.end > other.start for one, other in pairwise(edits)):
        raise CannotFixError("what would have to be changed overlaps")
    refuse_long("".join(edit.text for edit in edits))
    title = fill(template.title, in_short(values))
    return Fix(title, template.safety, edits)


def _edits(
    template: FixTemplate, fact: UseFact | RemovalFact, when: When, values: Mapping[str, str], scene: Scene
) -> tuple[Edit, ...]:
    if template.replace is not None:
        return (_replace(template.replace, fact, when, values, scene),)
    if isinstance(fact, RemovalFact):
        raise CannotFixError("the rule does not say what to do with a removal")
    if template.insert_option is not None:
        return (_insert_option(template.insert_option, fact, scene),)
    if template.complete_with is not None:
        return (_complete_sparing(template.complete_with, fact, scene),)
    if template.insert_variable is not None:
        return _insert_variable(template.insert_variable, fact, scene)
    if template.add_mount is not None:
        from layerlint.rules.fixes.mount_fixes import add_mount

        return add_mount(template.add_mount, fact, when, scene)
    if template.own_mount:
        from layerlint.rules.fixes.mount_fixes import own_mount

        return own_mount(fact, scene)
    if template.append_command is not None:
        from layerlint.rules.fixes.command_fixes import append_command

        return (append_command(template.append_command, fact, values, scene),)
    if template.join_next is not None:
        from layerlint.rules.fixes.join_fixes import join_next

        return join_next(template.join_next, fact, values, scene)
    if template.set_environment is not None:
        from layerlint.rules.fixes.environment_fixes import set_environment

        return set_environment(template.set_environment, fact, scene)
    if template.remove is not None:
        return _remove(template.remove, fact, scene)
    raise CannotFixError("the rule does not say what to do")


def _refuse_other_version(template: FixTemplate, bounds: str, fact: UseFact | RemovalFact, scene: Scene) -> None:
    """Raises `CannotFixError` unless the tool is known to be in a range, wherever the fix has to do with it."""
    is_of_one = template.insert_option is not None or template.insert_variable is not None
    invocation = fact.entry.invocation
    if not scene.is_in_range(fact.run, invocation, bounds, everywhere=not is_of_one):
        raise NotMeantError(f"{invocation.tool.tool} is not known to be {bounds}")


def _insert_option(option: str, fact: UseFact, scene: Scene) -> Edit:
    """The option behind the subcommand, or in the place of one that names the directory and would undo it."""
    invocation = fact.entry.invocation
    if invocation.last_name is None:
        raise CannotFixError("the command does not stand in the file as such")
    if fact.entry.purpose is Purpose.FILLS and fact.entry.starts_itself:
        raise CannotFixError(f"{option} does not reach the second {invocation.tool.tool} that builds")
    last = fact.directory_option
    if last is None:
        return insert_after(invocation.last_name, option, invocation.command, scene.source)
    words = _directory_words(last, fact)
    if invocation.last([option]) is not None:
        return remove_words(words, invocation.command, scene.source)
    return replace_words(words, option, invocation.command, scene.source)


def _complete_sparing(option: str, fact: UseFact, scene: Scene) -> Edit:
    """The option behind the subcommand of what looks as if it emptied the cache."""
    invocation = fact.sparing.invocation if fact.sparing is not None else None
    if invocation is None or invocation.last_name is None:
        raise CannotFixError("no later command of the RUN looks as if it emptied the cache")
    if not fact.entry.invocation.command.branch.implies(invocation.command.branch):
        raise CannotFixError(f"`{invocation.title}` may not run")
    return insert_after(invocation.last_name, option, invocation.command, scene.source)


def _directory_words(option: Option, fact: UseFact) -> tuple[Word, ...]:
    """The words of the option that names the directory, which are to go."""
    usual = fact.usual_directory
    if any(mount.type == "cache" and is_below(usual, mount.target or "") for mount in fact.run.mounts):
        raise CannotFixError(f"without {option.name} the cache is on a mount")
    return option_words(option, fact.entry.invocation.command)


def _insert_variable(assignment: str, fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    """The variable in front of the command, without an option that would undo it."""
    from layerlint.edits.commands import put_in_front

    invocation = fact.entry.invocation
    name = assignment.partition("=")[0]
    if invocation.command.environment(name):
        raise CannotFixError(f"{name} is set already")
    edit = put_in_front(invocation.command, assignment, scene.source)
    if fact.entry.purpose is not Purpose.FILLS or fact.directory_option is None:
        return (edit,)
    words = _directory_words(fact.directory_option, fact)
    return (edit, remove_words(words, invocation.command, scene.source))


def _replace(
    template: ReplaceTemplate, fact: UseFact | RemovalFact, when: When, values: Mapping[str, str], scene: Scene
) -> Edit:
    from layerlint.rules.fixes.replace_fixes import replace_place

    span = fact.place(template.place, when)
    option = fact.option(when) if template.place == "option" and isinstance(fact, UseFact) else None
    if option is not None:
        span = option_span(option, fact.entry.invocation.command)
    edit = replace_place(template, span, values, _REFUSED, scene.source)
    if template.place == "variable" and span is not None and isinstance(fact, UseFact):
        from layerlint.rules.fixes.environment_fixes import refuse_if_needed

        if edit.text.partition("=")[0] not in {switch.environment for switch in fact.entry.cache.off_by}:
            return edit  # it turns nothing off that others may need
        stage, start = scene.where_it_counts(span, fact.run)
        refuse_if_needed(scene, stage, start, fact.entry.invocation.tool.tool)
    return edit


def _remove(place: Place, fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    if place == "mount":
        return (_remove_mount(fact, scene),)
    if place == "setting":
        from layerlint.rules.fixes.mount_fixes import settings_off_mount

        return settings_off_mount(fact, scene)
    if place == "command":
        return (_remove_command(fact, scene),)
    raise CannotFixError(f"the rule does not say how to take out the {place}")


def _remove_command(fact: UseFact, scene: Scene) -> Edit:
    """The command taken out, with the RUN where that does nothing else than fill the cache for later ones."""
    from layerlint.edits.commands import remove_command
    from layerlint.edits.layout import lines_of, remove_lines
    from layerlint.rules.fixes.use_refusals import refuse_unless_filled_again

    run, command = fact.run, fact.entry.invocation.command
    if fact.entry.purpose is Purpose.FILLS:
        refuse_unless_filled_again(fact, scene)
        words = [encode(word.value) for word in command.words]
        is_all = run.commands == (command,) and scene.statements(run).script.data.split() == words
        if is_all and run.instruction is run.run and not run.run.heredocs:
            lines = lines_of(run.instruction.span, scene.source)
            return remove_lines(lines, scene.source, is_first_of_several=True)
    return remove_command(command, scene.statements(run), scene.source)


def _remove_mount(fact: UseFact, scene: Scene) -> Edit:
    """The mount taken out, where nothing else uses it."""
    from layerlint.edits.mounts import remove_flag

    mount = fact.entry.mount
    if mount is None:
        raise CannotFixError("there is no mount")
    others = [entry for entry in fact.run.entries if entry.mount is mount and entry.verdict is not Verdict.OFF]
    covering = [each for each in fact.run.mounts if is_below(fact.entry.directory, each.target or "")]
    if len(covering) > 1:
        raise CannotFixError("the directory is on several mounts")
    if others or (mount.target or "").rstrip("/") != fact.entry.directory:
        raise CannotFixError("the mount may serve other programs too")
    return remove_flag(mount.flag, fact.run.run, scene.source)
