"""Promotion: a challenger becomes champion only if it beats the champion on the same test."""

import json
from dataclasses import asdict, replace

from sonde.learning.core.comparison.agreement import Tested
from sonde.learning.core.comparison.comparison import NotComparable
from sonde.learning.core.held_out import load
from sonde.learning.core.promotion import Verdict, judge_challenger
from sonde.learning.core.registry import (
    CHALLENGER,
    CHAMPION,
    ModelVersion,
    MoveKind,
    Promotion,
    RegisteredModel,
    accept_text,
    previous_champion,
)
from sonde.learning.core.result import from_json
from sonde.learning.services import registry
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Invalid
from sonde.platform.services import audit
from sonde.platform.services.events import emit
from sonde.platform.services.work import ports

PROMOTED = "learning.model_promoted"
ROLLED_BACK = "learning.model_rolled_back"
_SHORTEST_REASON = 10
_KEPT_S = 24 * 3600
_FORM = "2"


def judge(actor: Actor, name: str, wanted: str) -> Promotion:
    """Return what the rule says about making a version the champion; raises NotFound."""
    found = registry.get(actor, name)
    return _judge(actor, found, registry.version(actor, name, wanted))


def promote(actor: Actor, name: str, wanted: str, *, override_reason: str = "") -> RegisteredModel:
    """Make a version the champion if the rule allows it, or an administrator says why it must be.

    Raises NotFound, Forbidden, Invalid for a reason that says nothing, and Conflict with the
    rule's sentence. Emits ``learning.model_promoted``.
    """
    row = registry.own_model(actor, name)
    found = registry.get(actor, name)
    chosen = registry.version(actor, name, wanted)
    told = _judge(actor, found, chosen)
    kind, reason = MoveKind.PROMOTED, told.sentence
    if not told.is_allowed:
        kind, reason = MoveKind.OVERRIDDEN, _override(actor, told, override_reason)
    evidence = asdict(told.verdict) if told.verdict else {}
    registry.move_alias(actor, row, CHAMPION, chosen, kind, reason, evidence)
    if found.aliases.get(CHALLENGER) == chosen.number:
        became = f"version {chosen.number} became champion"
        registry.move_alias(actor, row, CHALLENGER, None, MoveKind.REMOVED, became)
    audit.record(actor.user_id, "model.promoted", row.id, version=chosen.number, kind=kind.value)
    emit(
        actor,
        kind=PROMOTED,
        title=f"{name}: version {chosen.number} is champion",
        body=reason,
        link=registry.model_path(name),
    )
    return registry.get(actor, name)


def roll_back(actor: Actor, name: str, *, reason: str = "") -> RegisteredModel:
    """Give the champion's place back to the version that had it before.

    Raises NotFound, Forbidden, and Conflict where there was none or it is archived. Emits
    ``learning.model_rolled_back``.
    """
    row = registry.own_model(actor, name)
    found = registry.get(actor, name)
    chosen = _previous(actor, found)
    written = accept_text(reason, "reason")
    registry.move_alias(actor, row, CHAMPION, chosen, MoveKind.ROLLED_BACK, written)
    audit.record(actor.user_id, "model.rolled_back", row.id, version=chosen.number)
    emit(
        actor,
        kind=ROLLED_BACK,
        title=f"{name}: rolled back to version {chosen.number}",
        body=written,
        link=registry.model_path(name),
    )
    return registry.get(actor, name)


def before_champion(actor: Actor, found: RegisteredModel) -> int | None:
    """Return the version to which a rollback would go, or None."""
    moves = registry.history(actor, found.name, CHAMPION)
    return previous_champion(moves, found.aliases.get(CHAMPION))


def _previous(actor: Actor, found: RegisteredModel) -> ModelVersion:
    number = before_champion(actor, found)
    chosen = found.version(number or 0)
    if chosen is None:
        raise Conflict(f"{found.name} had no champion before the present one.")
    if chosen.is_archived:
        raise Conflict(f"Version {chosen.number} is archived; bring it back first.")
    return chosen


def _override(actor: Actor, told: Promotion, given: str) -> str:
    reason = accept_text(given, "reason")
    if not reason:
        raise Conflict(
            f"{told.sentence} An administrator can promote it all the same, with a reason that "
            "is kept.",
            version=told.version,
            champion=told.champion,
        )
    actor.require(Role.ADMIN)
    if len(reason) < _SHORTEST_REASON:
        raise Invalid(
            f"A reason for passing over the rule has at least {_SHORTEST_REASON} characters.",
            field="reason",
        )
    return reason


def _judge(actor: Actor, found: RegisteredModel, chosen: ModelVersion) -> Promotion:
    champion = found.champion
    refusal = _refusal(champion, chosen)
    before = champion.number if champion else None
    if refusal:
        return Promotion(chosen.number, before, is_allowed=False, sentence=refusal)
    if champion is None:
        sentence = "It would be the first champion, and its own score is honest."
        return Promotion(chosen.number, None, is_allowed=True, sentence=sentence)
    told = Promotion(
        chosen.number, before, is_allowed=False, sentence="", experiments=_both(champion, chosen)
    )
    try:
        verdict = _verdict(actor, champion, chosen)
    except NotComparable as error:
        return replace(told, sentence=_unfair(error))
    words = verdict.sentence[0].upper() + verdict.sentence[1:]
    return replace(told, is_allowed=verdict.wins, sentence=words, verdict=verdict)


def _both(*versions: ModelVersion) -> tuple[str, ...]:
    """Return the experiments of versions, where all of them are still there."""
    if not all(one.experiment_is_there for one in versions):
        return ()
    return tuple(one.lineage.experiment_id for one in versions)


def _refusal(champion: ModelVersion | None, chosen: ModelVersion) -> str:
    """Say why a version cannot even be compared, or nothing."""
    if chosen.is_archived:
        return f"Version {chosen.number} is archived; bring it back first."
    if champion is not None and champion.number == chosen.number:
        return f"Version {chosen.number} is the champion already."
    if not chosen.is_honest:
        return (
            f"The score of version {chosen.number} is leaky: what it was tested on was in part in "
            "its training."
        )
    if champion is None or (champion.lineage.test_key and chosen.lineage.test_key):
        return ""
    return (
        "What one of the two said of held-out samples was not kept, so they cannot be compared. "
        "Train it again."
    )


def _unfair(error: NotComparable) -> str:
    """Say why comparing two versions would be unfair, in the words of the comparison."""
    words = error.message[0].upper() + error.message[1:]
    return (
        f"{words} A better number would say nothing: train it with the champion's data and split."
    )


def _verdict(actor: Actor, champion: ModelVersion, chosen: ModelVersion) -> Verdict:
    """Return the comparison; it never changes, and so is kept for a day. Raises NotComparable."""
    key = f"learning:promotion:{_FORM}:{champion.id}:{chosen.id}"
    kept = ports().cache.get(key)
    if kept is not None:
        return Verdict(**json.loads(kept))
    verdict = judge_challenger(_tested(actor, champion), _tested(actor, chosen))
    ports().cache.set(key, json.dumps(asdict(verdict)).encode(), _KEPT_S)
    return verdict


def _tested(actor: Actor, one: ModelVersion) -> Tested:
    row = registry.version_row(actor, one)
    table = load(ports().files.read(row.held_out_key))
    title = f"version {one.number}"
    return Tested(one.id, title, table, from_json(row.facts["result"]).certificate)
