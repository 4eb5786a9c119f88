"""The fields that a search knows, and what each of them is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sonde.learning.core.search.syntax import FieldRef, Kind, Which

PARAMETER: Final = "param."
_BARE_KEYS: Final = frozenset({"loss", "accuracy", "macro_f1"})
_METRIC: Final = re.compile(
    r"(?:(?P<which>best|last)\.)?(?P<key>[A-Za-z_][\w./-]*)(?:@(?P<step>[0-9]{1,9}))?"
)
_LARGEST_STEP: Final = 2**31 - 1


@dataclass(frozen=True)
class SearchField:
    """One field.

    Parameters
    ----------
    name : str
    title : str
        What it is, for people.
    kind : Kind
    example : str
    choices : mapping of str to str
        The words that a choice takes, each with what it stands for.
    """

    name: str
    title: str
    kind: Kind
    example: str
    choices: Mapping[str, str] | None = None


STATUSES: Final = {
    "queued": "queued",
    "running": "running",
    "completed": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "succeeded": "succeeded",
    "done": "succeeded",
    "finished": "succeeded",
}
SPLITS: Final = {"honest": "honest", "leaky": "leaky"}
MARKS: Final = {
    "pinned": "pinned",
    "archived": "archived",
    "trashed": "trashed",
    "mine": "mine",
    "honest": "honest",
    "leaky": "leaky",
    "finished": "finished",
}
PRESENT: Final = {
    "tag": "tag",
    "notes": "notes",
    "score": "score",
    "leaky_score": "leaky_score",
    "family": "family",
    "error": "error",
}

_ALL: Final = (
    SearchField("title", "Title", Kind.TEXT, "title:night*"),
    SearchField("tag", "Tag", Kind.TEXT, "tag:baseline"),
    SearchField("status", "State", Kind.CHOICE, "status:completed", STATUSES),
    SearchField("model", "Model", Kind.TEXT, "model:resnet*"),
    SearchField("dataset", "Data set", Kind.TEXT, 'dataset:"My data"'),
    SearchField("macro_f1", "Macro-F1 on held-out data", Kind.NUMBER, "macro_f1:0.8..0.9"),
    SearchField("accuracy", "Accuracy on held-out data", Kind.NUMBER, "accuracy:>0.95"),
    SearchField("low", "Lower end of the interval", Kind.NUMBER, "low:>0.8"),
    SearchField("high", "Upper end of the interval", Kind.NUMBER, "high:<0.9"),
    SearchField("leaky", "Leaky score", Kind.NUMBER, "leaky:>0.99"),
    SearchField("groups", "Tested groups", Kind.NUMBER, "groups:>=10"),
    SearchField("split", "Split", Kind.TEXT, "split:honest"),
    SearchField("created", "Started", Kind.TIME, "created:>2026-10-01"),
    SearchField("finished", "Finished", Kind.TIME, "finished:>7d"),
    SearchField("duration", "Minutes from start to end", Kind.NUMBER, "duration:<30"),
    SearchField("seed", "Seed", Kind.NUMBER, "seed:1..5"),
    SearchField("family", "Family of seeds", Kind.TEXT, "family:01J..."),
    SearchField("owner", "Owner", Kind.TEXT, "owner:ada"),
    SearchField("notes", "Notes", Kind.TEXT, "notes:retry"),
    SearchField("id", "Id", Kind.TEXT, "id:01J..."),
    SearchField("is", "Mark", Kind.CHOICE, "is:pinned", MARKS),
    SearchField("has", "What there is", Kind.CHOICE, "has:tag", PRESENT),
)
FIELDS: Final[Mapping[str, SearchField]] = {field.name: field for field in _ALL}


def field_of(name: str) -> FieldRef | None:
    """Return the field, metric or parameter of this name; None if there is none.

    Parameters
    ----------
    name : str
        ``"tag"``, ``"best.validation/accuracy"``, ``"loss@10"``, ``"param.n_trees"``. A loss,
        accuracy or macro_f1 of the training without a slash is the one of validation.

    Examples
    --------
    >>> field_of("loss@10")
    FieldRef(kind=<Kind.METRIC: 'metric'>, name='validation/loss', which=<Which.STEP: 'step'>, step=10)
    >>> field_of("param.n_trees").name, field_of("colour")
    ('n_trees', None)
    """  # noqa: E501
    known = FIELDS.get(name.lower())
    if known is not None:
        return FieldRef(known.kind, known.name)
    if name.startswith(PARAMETER):
        inner = name[len(PARAMETER) :]
        return FieldRef(Kind.PARAMETER, inner) if inner else None
    return _metric(name)


def metric_name(reference: FieldRef) -> str:
    """Return how a metric is written in a search.

    Parameters
    ----------
    reference : FieldRef

    Examples
    --------
    >>> metric_name(field_of("best.loss")), metric_name(field_of("loss@10"))
    ('best.validation/loss', 'validation/loss@10')
    """
    if reference.which is Which.STEP:
        return f"{reference.name}@{reference.step}"
    return f"{reference.which.value}.{reference.name}"


def _metric(name: str) -> FieldRef | None:
    found = _METRIC.fullmatch(name)
    if found is None:
        return None
    which, key, step = found["which"], found["key"], found["step"]
    if not (which or step or "/" in key) or (which and step):
        return None
    key = f"validation/{key}" if key in _BARE_KEYS else key
    if step is None:
        return FieldRef(Kind.METRIC, key, Which(which or "last"))
    if int(step) > _LARGEST_STEP:
        return None
    return FieldRef(Kind.METRIC, key, Which.STEP, int(step))
