"""Fixes that put a cache on a mount, or that mend the mount."""

from __future__ import annotations

from collections.abc import Iterator

from layerlint.caches.ledger import Purpose, Verdict, covers
from layerlint.caches.paths import is_below, pattern_covers
from layerlint.dockerfile.mounts import Mount
from layerlint.edits import mounts
from layerlint.edits.commands import remove_command, take_from_front
from layerlint.edits.refusal import CannotFixError
from layerlint.edits.words import option_words, remove_words
from layerlint.finding import Edit
from layerlint.rules.facts.cache_facts import UseFact, variable_place
from layerlint.rules.facts.scene import Scene
from layerlint.rules.fixes.use_refusals import refuse_if_used
from layerlint.rules.model import MountTemplate, When
from layerlint.rules.templates import fill
from layerlint.shell.word import HOME_OF, UNKNOWN, shown
from layerlint.startup.lazy_pattern import lazy_pattern

# Docker's documentation, Custom Dockerfile syntax: mounts are in 1.2, and before in the experimental versions.
_WITHOUT_MOUNTS = lazy_pattern(r"(?:docker\.io/)?docker/dockerfile:1\.[01](?:\.[0-9]+)?(?:@[a-z0-9:]+)?")


def add_mount(template: MountTemplate, fact: UseFact, when: When, scene: Scene) -> tuple[Edit, ...]:
    """The edits that put the cache on a mount, and all out of the way that would defeat it. Raises `CannotFixError`."""
    directory = fact.entry.directory
    if UNKNOWN in directory or HOME_OF in directory:
        user = shown(fact.entry.invocation.command.user) or "root"
        raise CannotFixError(f"it is not known where the cache of {user} is")
    if _WITHOUT_MOUNTS.fullmatch(scene.dockerfile.syntax):
        raise CannotFixError(f"{scene.dockerfile.syntax} has no mounts")
    refuse_if_used(fact, scene, for_mount=True)
    targets = list(dict.fromkeys(fill(target, fact.values(when)) for target in template.targets))
    owner = _owner(fact)
    missed = fact.missed_mount
    if missed is not None and all(entry.mount is not missed for entry in fact.run.entries):
        if len(targets) > 1:
            raise CannotFixError(f"it takes {len(targets)} mounts in place of the one at {shown(missed.target or '')}")
        edits = mounts.set_fields(missed.flag, {"target": targets[0], **_changed_owner(missed, owner)}, scene.source)
    else:
        targets = [
            target for target in targets if not any(is_below(target, each.target or "") for each in fact.run.mounts)
        ]
        sharing = {"sharing": template.sharing} if template.sharing else {}
        fields = [{"type": "cache", "target": target, **owner, **sharing} for target in targets]
        edits = (mounts.add_mounts(fact.run.run, fields, scene.source, scene.dockerfile.escape),)
    return (*edits, *_without_defeating(fact, scene))


def own_mount(fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    """The edits that give the mount to the user who runs the command. Raises `CannotFixError`."""
    mount = fact.entry.mount
    if mount is None:
        raise CannotFixError("there is no mount")
    if mount.readonly:
        raise CannotFixError("the mount is read-only")
    users = {entry.invocation.command.user for entry in fact.run.entries if entry.mount is mount}
    if len(users) > 1:
        raise CannotFixError("several users use the mount")
    owner = _owner(fact)
    edits = mounts.set_fields(mount.flag, _changed_owner(mount, owner), scene.source)
    if not edits:
        raise CannotFixError("the mount is the user's already")
    return edits


def settings_off_mount(fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    """The edits that take out all that keeps the cache from the mount it is on. Raises `CannotFixError`."""
    return _without_defeating(fact, scene)


def _owner(fact: UseFact) -> dict[str, str]:
    """The fields of a mount that the command's user may write; none for root. Raises `CannotFixError`."""
    user, run = fact.entry.invocation.command.user, fact.run
    number = run.accounts.number_of(user)
    if number is None:
        raise CannotFixError(f"the mount would have to belong to {shown(user)}, whose number is not known")
    if number == 0:
        return {}
    owner = {"uid": str(number)}
    # USER names the group of its own user only.
    if user == run.state.user and run.state.group.isdecimal():
        owner["gid"] = run.state.group
    return owner


def _changed_owner(mount: Mount, owner: dict[str, str]) -> dict[str, str]:
    """The owner's fields as they have to be written for a mount that is there."""
    if owner:
        return owner
    return {"uid": "0"} if mount.uid not in {None, 0} else {}


def _without_defeating(fact: UseFact, scene: Scene) -> tuple[Edit, ...]:
    """The edits for all that `_defeating` finds, which are the same for all uses of a cache in a RUN."""
    key = id(fact.run), id(fact.entry.cache), fact.entry.directory
    found = scene.remembered(_tried, key, lambda: _tried(fact, scene))
    if isinstance(found, str):
        raise CannotFixError(found)
    return found


def _tried(fact: UseFact, scene: Scene) -> tuple[Edit, ...] | str:
    try:
        return tuple(dict.fromkeys(_defeating(fact, scene)))
    except CannotFixError as refusal:
        return str(refusal)


def _defeating(fact: UseFact, scene: Scene) -> Iterator[Edit]:
    """The edits that take out what keeps the cache from the mount, or empties it. Raises `CannotFixError`."""
    entry, run = fact.entry, fact.run
    for other in run.entries:
        if other.cache is not entry.cache or other.directory != entry.directory:
            continue
        command = other.invocation.command
        option = other.setting.option if other.setting is not None else None
        if other.purpose is Purpose.EMPTIES and other.verdict is not Verdict.OFF:
            yield remove_command(command, scene.statements(run), scene.source)
        elif other.purpose is Purpose.FILLS and other.verdict is Verdict.OFF:
            if option is not None:
                words = option_words(option, command)
                yield remove_words(words, command, scene.source)
            elif other.setting is not None:
                name = other.setting.name
                yield take_from_front(command, variable_place(run, command, name), name, scene.source)
    for removed in run.removed:
        if not covers([removed], entry.directory):
            continue
        alone = sum(1 for other in run.removed if other.command is removed.command) == 1
        if not alone or not pattern_covers(entry.directory, removed.path.removesuffix("/*")):
            raise CannotFixError(f"`{shown(removed.word.value)}` is removed in the same RUN, and the mount is in it")
        yield remove_command(removed.command, scene.statements(run), scene.source)
