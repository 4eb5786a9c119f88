"""Registered models: names, versions, and the aliases by which programs ask for one of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sonde.learning.core.calibrated import Calibration
from sonde.learning.core.promotion import Verdict
from sonde.platform.core.errors import Invalid

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,38}")
_LONGEST_TEXT = 2000
_RESERVED_ALIASES = frozenset({"latest"})


class MoveKind(StrEnum):
    """Why an alias was moved."""

    SET = "set"
    REMOVED = "removed"
    PROMOTED = "promoted"
    OVERRIDDEN = "overridden"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True)
class Lineage:
    """Where a version came from, from its data to its own arrays; each value a hash or a name.

    Parameters
    ----------
    source, ref, ref_title : str
        The data set.
    data_hash : str
    policy, policy_title, split_detail : str
        The split.
    certificate : str
        The certificate in one sentence.
    test_key : str
        Hash of what was tested in which fold.
    experiment_id, experiment_title : str
    config : mapping
        Model, split and options, every value written out.
    model_hash : str
    versions : mapping of str to str
        Of the libraries it was trained with.
    """

    source: str
    ref: str
    ref_title: str
    data_hash: str
    policy: str
    policy_title: str
    split_detail: str
    certificate: str
    test_key: str
    experiment_id: str
    experiment_title: str
    config: Mapping[str, Any]
    model_hash: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class ModelVersion:
    """One version of a registered model.

    Parameters
    ----------
    id : str
    model_name : str
    number : int
        Counted from 1.
    aliases : tuple of str
        That point at it now.
    architecture, architecture_title, eats : str
        Which registered kind of model it is, and whether it takes windows or features.
    class_names, feature_names : tuple of str
    window_shape : tuple of int
        Channels and samples.
    sampling_rate_hz : float
    unit : str
    macro_f1, interval_low, interval_high : float
    n_groups : int
    group_noun : str
    is_honest : bool
    lineage : Lineage
    experiment_is_there : bool
        False once the experiment was deleted; the version stays.
    n_bytes : int
    notes : str
    is_archived : bool
    owner_id, owner_name : str
    created_at : datetime
    calibration : Calibration, optional
        How its probabilities are mended and doubted.
    calibration_words : str
        What that rests on, or why there is none; a sentence.
    """

    id: str
    model_name: str
    number: int
    aliases: tuple[str, ...]
    architecture: str
    architecture_title: str
    eats: str
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    window_shape: tuple[int, int]
    sampling_rate_hz: float
    unit: str
    macro_f1: float
    interval_low: float
    interval_high: float
    n_groups: int
    group_noun: str
    is_honest: bool
    lineage: Lineage
    experiment_is_there: bool
    n_bytes: int
    notes: str
    is_archived: bool
    owner_id: str
    owner_name: str
    created_at: datetime
    calibration: Calibration | None = None
    calibration_words: str = ""


@dataclass(frozen=True)
class AliasMove:
    """One move of an alias.

    Parameters
    ----------
    alias : str
    kind : MoveKind
    from_number, to_number : int, optional
        Versions; None where the alias was new, or was taken away.
    by, reason : str
        `reason` is what a person wrote, or what the rule found.
    evidence : mapping
        The verdict of the comparison, where there was one.
    at : datetime
    """

    alias: str
    kind: MoveKind
    from_number: int | None
    to_number: int | None
    by: str
    reason: str
    evidence: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class RegisteredModel:
    """A name with its versions.

    Parameters
    ----------
    id, name, description : str
    aliases : mapping of str to int
        Alias and the number of the version that it points at.
    versions : tuple of ModelVersion
        Newest first.
    is_archived : bool
    owner_id, owner_name : str
    created_at : datetime
    """

    id: str
    name: str
    description: str
    aliases: Mapping[str, int]
    versions: tuple[ModelVersion, ...]
    is_archived: bool
    owner_id: str
    owner_name: str
    created_at: datetime

    def version(self, number: int) -> ModelVersion | None:
        """Return the version of that number, or None."""
        return next((one for one in self.versions if one.number == number), None)

    @property
    def champion(self) -> ModelVersion | None:
        """The version that answers where nobody asks for another."""
        return self.version(self.aliases.get(CHAMPION, 0))

    @property
    def answering(self) -> ModelVersion | None:
        """The champion, else the newest version that is not archived."""
        living = (one for one in self.versions if not one.is_archived)
        return self.champion or next(living, None)


@dataclass(frozen=True)
class Promotion:
    """What the rule says about making a version the champion.

    Parameters
    ----------
    version : int
    champion : int, optional
        The version that it would follow.
    is_allowed : bool
    sentence : str
        Why, in words.
    verdict : Verdict, optional
        The comparison; None where there was nothing to compare, or it would have been unfair.
    experiments : tuple of str
        Ids of the two, where both are still there and can be compared in full.
    """

    version: int
    champion: int | None
    is_allowed: bool
    sentence: str
    verdict: Verdict | None = field(default=None)
    experiments: tuple[str, ...] = ()


def accept_name(name: str) -> str:
    """Return the name of a registered model.

    Raises
    ------
    Invalid
        If it would not survive in an address.

    Examples
    --------
    >>> accept_name(" fan-bearings ")
    'fan-bearings'
    """
    text = name.strip()
    if not _NAME.fullmatch(text):
        raise Invalid(
            f"{name!r} cannot name a model: take up to 80 small letters, digits, '.', '-' and "
            "'_', beginning and ending with a letter or digit, such as 'fan-bearings'.",
            field="name",
        )
    return text


def accept_alias(alias: str) -> str:
    """Return an alias.

    Raises
    ------
    Invalid
        If it could be mistaken for a number or is reserved.

    Examples
    --------
    >>> accept_alias("shadow")
    'shadow'
    """
    text = alias.strip()
    if text in _RESERVED_ALIASES or not _ALIAS.fullmatch(text):
        raise Invalid(
            f"{alias!r} cannot be an alias: take up to 39 small letters, digits, '-' and '_' that "
            "begin with a letter. 'latest' always means the newest version.",
            field="alias",
        )
    return text


def accept_text(text: str, field_name: str) -> str:
    """Return a note, description or reason without room at its ends; raises Invalid."""
    kept = text.strip()
    if len(kept) > _LONGEST_TEXT or "\x00" in kept:
        raise Invalid(
            f"The {field_name} has at most {_LONGEST_TEXT:,} characters and no NUL.",
            field=field_name,
        )
    return kept


def suggested_name(title: str) -> str:
    """Return a name for a model made from a title.

    Examples
    --------
    >>> suggested_name("Random forest on CWRU (12 kHz)")
    'random-forest-on-cwru-12-khz'
    """
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return words[:80].strip("-") or "model"


def split_reference(reference: str) -> tuple[str, str]:
    """Return name and version of ``name@version``; the version may be an alias or missing.

    Examples
    --------
    >>> split_reference("fan@champion"), split_reference("fan")
    (('fan', 'champion'), ('fan', ''))
    """
    name, _, version = reference.partition("@")
    return name.strip(), version.strip()


def resolve(model: RegisteredModel, version: str) -> ModelVersion | None:
    """Return the version that a number, an alias, ``latest`` or nothing means; None if none.

    Parameters
    ----------
    model : RegisteredModel
    version : str
        Empty means the champion, or the newest version while there is none.
    """
    if not version:
        return model.answering
    if version == "latest":
        return next((one for one in model.versions if not one.is_archived), None)
    if version in model.aliases:
        return model.version(model.aliases[version])
    number = version.removeprefix("v")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    return model.version(int(number)) if known else None


def previous_champion(moves: Sequence[AliasMove], current: int | None) -> int | None:
    """Return the version that was champion before the present one.

    A rollback is itself a move, and rolling back twice goes back twice: moves are walked from the
    newest, and what a rollback left behind is not gone back to.

    Parameters
    ----------
    moves : sequence of AliasMove
        Of the champion alias, newest first.
    current : int, optional

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> def move(kind, old, new):
    ...     return AliasMove("champion", kind, old, new, "Ada", "", {}, now)
    >>> pairs = [(2, 3), (1, 2), (None, 1)]
    >>> moves = [move(MoveKind.PROMOTED, old, new) for old, new in pairs]
    >>> previous_champion(moves, 3)
    2
    >>> previous_champion([move(MoveKind.ROLLED_BACK, 3, 2), *moves], 2)
    1
    """
    held: list[int | None] = []
    for move in reversed(moves):
        if move.kind is MoveKind.ROLLED_BACK:
            while held and held[-1] != move.to_number:
                held.pop()
        elif not held or held[-1] != move.to_number:
            held.append(move.to_number)
    while held and held[-1] == current:
        held.pop()
    return next((one for one in reversed(held) if one is not None), None)
