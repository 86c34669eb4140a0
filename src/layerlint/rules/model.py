"""What a rule file, a tool file and a file about the shell's programs may hold. Only data.

These classes are the rule language: files are checked against them, and the JSON Schema is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from layerlint.caches.removal import Remover
from layerlint.documents.yaml_model import STRICT, NeverNull
from layerlint.finding import FixKind, Safety, Severity
from layerlint.image.accounts import AccountProgram
from layerlint.image.images import Image
from layerlint.rules.conditions import Condition, PartKind, is_asked, subject_of
from layerlint.shell.wrapper import Wrapper
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

Place = Literal[
    "command", "setting", "mount", "missed-mount", "variable", "option", "removal", "copy", "needed-by",
    "argument", "wrapper", "keyword", "flag", "value", "instruction", "base", "stage-name",
]  # fmt: skip
"""A place that a finding can be at or name.

About a cache: the tool and its subcommand, what turned the cache off (an option or a variable), the mount that covers
the directory, one that misses it, a variable, an option, what removes something, the COPY that takes the cache into the
image, and what needs its content in a later RUN. About other parts of a file: a command, its option or argument that
was asked for, what starts it, a mount; an instruction's keyword, flag, all that follows, and all of it; what FROM
names, and what it calls the stage.
"""


Need = Literal["here", "later", "nowhere"]
"""Where what is in a cache is needed, as far as the file says."""


@dataclass(frozen=True, kw_only=True)
class VariableWhen(NeverNull):
    """A variable in the environment of the command: one of `names`, set to nothing (`empty`) or to something.

    With `values`, it is set to one of them, in any case.
    With `lost`, one that the stage sets to something and that does not get through to the command.
    """

    names: tuple[str, ...]
    values: tuple[str, ...] = ()
    empty: bool = False
    lost: bool = False


@dataclass(frozen=True, kw_only=True)
class When(Condition):
    """What must be so for a rule to report. All that is named must hold.

    What is reported is a command, mount, instruction, stage or file: the narrowest that is named here, and not in
    `all`, `any` or `not`. Or it is about a cache, and then these say more of the command that uses it.

    Of a use of a cache by `tool`: `program` is what the tool is called by, one of them; `cache_name` is the cache's
    name, where the tool has several; `cache` what becomes of it, one of them; `purpose` what the command is to the
    cache; `in_image` whether what is left reaches the image; `origin` where the setting comes from that turns it off or
    makes the tool abort, `value` what that setting says (in any case); `mounted` whether a cache mount covers the
    directory, `missed_mount` whether there is one that does not; `spared` whether a later command of the RUN looks as
    if it emptied the cache; `late` whether a later RUN removes it, `carried` whether a COPY takes it from an unused
    stage into the image, `foreign_home` whether root uses another user's home; `starts_itself` whether the tool starts
    a second one of itself, which gets no options; `needed` where what is in the cache is needed: by a `later` RUN,
    before anything fills it again, else in the RUN itself (`here`), or `nowhere` as far as the file says; `version` is
    a range (`>=3.9, <3.12`) in which the tool's version is known to be; `variable` is one that is set; `option` names
    options of which one is given (`--name`, or `--name=value` for one with that value), `unknown_option` has globs for
    those that the tool does not know.

    Of a removal: `removal` is what is wrong with it. Of comments that suppress findings: `suppression`.
    """

    tool: str | None = None
    program: tuple[str, ...] = ()
    cache_name: str | None = None
    cache: tuple[Literal["left", "off", "mounted", "removed", "unwritable", "aborted"], ...] = ()
    purpose: Literal["fills", "fills-again", "empties", "spares", "needs", "uses"] = "fills"
    in_image: bool | None = None
    origin: tuple[Literal["option", "variable", "config", "file"], ...] = ()
    value: tuple[str, ...] = ()
    mounted: bool | None = None
    missed_mount: bool | None = None
    spared: bool | None = None
    late: bool | None = None
    carried: bool | None = None
    foreign_home: bool | None = None
    starts_itself: bool | None = None
    needed: tuple[Need, ...] = ()
    version: str | None = None
    variable: VariableWhen | None = None
    option: tuple[str, ...] = ()
    unknown_option: tuple[str, ...] = ()
    removal: tuple[Literal["late", "elsewhere", "quoted-tilde", "braces"], ...] = ()
    suppression: Literal["unused"] | None = None

    @property
    def is_of_use(self) -> bool:
        """Whether it speaks of a use of a cache."""
        return bool(self.cache or self.variable or self.option or self.unknown_option)

    @property
    def is_of_cache(self) -> bool:
        """Whether it speaks of a use of a cache, or of a removal."""
        return self.is_of_use or bool(self.removal)

    @property
    def leaves_a_choice(self) -> bool:
        """Whether the user chooses how to mend it: what fills a cache can be kept out of the image in several ways."""
        return self.is_of_use and self.purpose in {"fills", "fills-again"}

    @property
    def subject(self) -> PartKind | None:
        """The part of a file that it speaks of; None if it speaks of caches or comments."""
        return None if self.is_of_cache or self.suppression else subject_of(self)

    @cached_property
    def of_use(self) -> tuple[str, ...]:
        """The fields that say more of a use of a cache than the tool, the purpose and what becomes of it.

        Without `version`, of which the other uses in the file have a say.
        """
        return tuple(name for name in OF_USE if name != "version" and getattr(self, name) not in {None, ()})

    @cached_property
    def asks_of_parts(self) -> bool:
        """Whether it says anything of parts of the file."""
        return is_asked(self)


OF_USE = (
    "program", "cache_name", "origin", "value", "mounted", "missed_mount", "spared", "late", "carried", "in_image",
    "foreign_home", "starts_itself", "needed", "version", "variable", "option", "unknown_option",
)  # fmt: skip
"""The fields of a condition that say more of a use of a cache than the tool, the purpose and what becomes of it."""


@dataclass(frozen=True, kw_only=True)
class RelatedTemplate(NeverNull):
    """Another place that a finding names, and what it has to do with it."""

    place: Place
    message: str


@dataclass(frozen=True, kw_only=True)
class ReplaceTemplate(NeverNull):
    """What stands at a place, and the text to put there, which may use names in braces, with letters in this `case`.

    It stays where a name in braces stands for nothing.
    """

    place: Place
    by: str
    case: Literal["", "lower", "upper"] = ""


@dataclass(frozen=True, kw_only=True)
class MountTemplate(NeverNull):
    """A cache mount: where, and how builds that run at the same time share it. The target may use names in braces.

    Several targets make a mount each.
    """

    target: tuple[str, ...] | str = "{directory}"
    sharing: Literal["", "shared", "private", "locked"] = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Where they are."""
        return (self.target,) if isinstance(self.target, str) else self.target


@dataclass(frozen=True, kw_only=True)
class FixTemplate(NeverNull):
    """A way to mend what a rule reports. Exactly one of the actions is named.

    `insert_option` is an option to put behind the subcommand; it takes the place of an option that names the directory
    of the cache. `complete_with` is an option to put behind the subcommand of a later command that looks as if it
    emptied the cache, and with it does. `insert_variable` is a `NAME=value` to put in front of the command. `add_mount`
    mounts a cache, for the user who runs the command; a mount that was meant to be it is changed, and what would defeat
    it is taken out. `own_mount` gives the mount to that user. `append_command` is a command that empties the cache, to
    run at the end of the RUN: words without quotes or variables, in which `{directory}` is the cache's, and `{program}`
    in front the tool as the command calls it. `"$(...)"` with such a command stands for what it prints: the directory
    of a cache that only has an unusual one where something says so. `join_next` is such a command for a RUN that, once
    it has filled the cache, does no more than call the tool, and leaves the cache for the next RUNs to use: they become
    one, and it runs at their end. `set_environment` is a `NAME=value` for the whole stage. `replace` puts a text in a
    place, `remove` takes out what is there.

    Where something fills a cache, a user chooses between an option, a mount and the environment: `fix_with` says for
    which of them this is offered. Unless it says so, that is what the action does, or all. Who has chosen the
    environment gets an option where none of the fixes is for that. Where the rule speaks of something else, it is
    offered whatever the user has chosen. With `version` it is only offered where the tool's version is known to be in
    this range (`>=3.9, <3.12`).
    """

    title: str
    """What it does, in the imperative."""
    safety: Safety
    """Whether it may be made without a look (`--fix`), or only where that is asked for (`--unsafe-fixes`)."""
    fix_with: tuple[FixKind, ...] = ()
    version: str | None = None
    insert_option: str | None = None
    complete_with: str | None = None
    insert_variable: str | None = None
    add_mount: MountTemplate | None = None
    own_mount: bool = False
    append_command: str | None = None
    join_next: str | None = None
    set_environment: str | None = None
    replace: ReplaceTemplate | None = None
    remove: Place | None = None

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that are named."""
        return tuple(name for name in ACTIONS if getattr(self, name) not in {None, False})

    @property
    def kinds(self) -> tuple[FixKind, ...]:
        """The choices for which this is offered."""
        if self.fix_with:
            return self.fix_with
        if self.insert_option is not None or self.insert_variable is not None:
            return (FixKind.FLAG,)
        if self.add_mount is not None:
            return (FixKind.MOUNT,)
        if any(each is not None for each in (self.append_command, self.join_next, self.complete_with)):
            return (FixKind.FLAG, FixKind.ENV)  # for all who want no mount
        return (FixKind.ENV,) if self.set_environment is not None else tuple(FixKind)


ACTIONS = (
    "insert_option", "complete_with", "insert_variable", "add_mount", "own_mount", "append_command", "join_next",
    "set_environment", "replace", "remove",
)  # fmt: skip
"""The fields of a fix that say what it does."""


@dataclass(frozen=True, kw_only=True)
class Case(NeverNull):
    """One of several situations that a rule reports, the first that holds. What it does not say, the rule says."""

    when: When
    message: str = ""
    advice: str = ""
    severity: Severity | None = None
    at: Place | None = None
    related: tuple[RelatedTemplate, ...] | None = None
    fixes: tuple[FixTemplate, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Example(NeverNull):
    """A Dockerfile and what the rule says of it.

    `reports` is one that it reports, at the places `at` (`line:column`), and that reads `fixed` once it is mended.
    `fixed_unsafe` is how it reads with the unsafe fixes too, `fixed_mount` and `fixed_env` with these and where the
    user has chosen that way to fix. `silent` says why nothing is reported for `dockerfile`.
    """

    reports: str | None = None
    at: tuple[str, ...] | str | None = None
    severity: Severity | None = None
    fixed: str | None = None
    fixed_unsafe: str | None = None
    fixed_mount: str | None = None
    fixed_env: str | None = None
    silent: str | None = None
    dockerfile: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is reported, each `line:column`."""
        if self.at is None:
            return ()
        return (self.at,) if isinstance(self.at, str) else self.at

    @property
    def text(self) -> str:
        """The Dockerfile."""
        return self.reports or self.dockerfile or ""


@dataclass(frozen=True, kw_only=True)
class Rule(NeverNull):
    """One rule.

    `when` says what is reported, or `cases` do. `message`, `advice` and the messages of `related` may use names in
    braces, which stand for what is found. `at` is where the finding is; unless it says so, at what it speaks of.
    `severity_in_unused_stage` is the severity in a stage that reaches no image. `references` say where its facts come
    from. A rule with `default` false is off unless it is selected.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    id: str
    """Two or more capital letters and three or four digits, as ABC001. No two rules have one."""
    name: str
    """Words joined by hyphens, which stand for the rule like its id. No two rules have one."""
    severity: Severity
    """How bad a finding is, unless the user says otherwise."""
    summary: str
    """What it reports, on one line, as the part of a sentence: `layerlint rules` lists it."""
    message: str
    advice: str
    note: str
    """Why it matters, in a few sentences for the person who gets the finding."""
    when: When | None = None
    cases: tuple[Case, ...] = ()
    at: Place | None = None
    related: tuple[RelatedTemplate, ...] = ()
    others_in_run: str = ""
    """What is said of the other commands of a RUN, where several use one directory of a cache: only the first is
    reported, and the finding names the others. For what is mended for all of them at once."""
    severity_in_unused_stage: Severity | None = None
    aliases: tuple[str, ...] = ()
    """The ids of the same rule in other linters."""
    fixes: tuple[FixTemplate, ...] = ()
    """Ways to mend it, the best first: the first that can be made is."""
    references: tuple[str, ...] = ()
    default: bool = True
    examples: tuple[Example, ...] = ()
    """What it reports and what not: `layerlint rules test` runs them, and `layerlint explain` shows them."""

    @cached_property
    def all_cases(self) -> tuple[Case, ...]:
        """The situations that it reports, with all that each says or leaves to the rule."""
        cases = self.cases if self.when is None else (*self.cases, Case(when=self.when))
        return tuple(
            replace(
                case,
                message=case.message or self.message,
                advice=case.advice or self.advice,
                severity=case.severity or self.severity,
                at=case.at or self.at,
                related=case.related if case.related is not None else self.related,
                fixes=case.fixes if case.fixes is not None else self.fixes,
            )
            for case in cases
        )

    @cached_property
    def tools(self) -> tuple[str | None, ...]:
        """The tools of whose caches it speaks; None among them if it is of the caches of any tool."""
        return tuple({case.when.tool: None for case in self.all_cases if case.when.is_of_cache})

    @cached_property
    def parts(self) -> tuple[PartKind, ...]:
        """The parts of a file that it speaks of."""
        subjects = (case.when.subject for case in self.all_cases)
        return tuple(dict.fromkeys(subject for subject in subjects if subject is not None))

    @property
    def tags(self) -> tuple[str, ...]:
        """Words for what it is about."""
        return ("image-size",) if any(case.when.is_of_cache for case in self.all_cases) else ()

    @property
    def fix_safety(self) -> Safety | None:
        """That of its safest fix; None if it has no fix."""
        safeties = {fix.safety for case in self.all_cases for fix in case.fixes or ()}
        return Safety.SAFE if Safety.SAFE in safeties else Safety.UNSAFE if safeties else None

    @property
    def fixable(self) -> bool:
        """Whether the rule has a fix that needs no looking at."""
        return self.fix_safety is Safety.SAFE


@dataclass(frozen=True, kw_only=True)
class ShellFile(NeverNull):
    """What the programs do that a script is made of, beside the tools: start others, remove files, make users."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    wrappers: tuple[Wrapper, ...] = ()
    removers: tuple[Remover, ...] = ()
    accounts: tuple[AccountProgram, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImagesFile(NeverNull):
    """What base images bring."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    images: tuple[Image, ...]
