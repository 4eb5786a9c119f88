"""The registry: trained models under names, with versions that outlive their experiments."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sonde.learning.core import bundle as bundles
from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.models.catalogue import MODELS, model
from sonde.learning.core.registry import (
    CHAMPION,
    AliasMove,
    ModelVersion,
    MoveKind,
    RegisteredModel,
    accept_alias,
    accept_name,
    accept_text,
    resolve,
)
from sonde.learning.core.result import from_json
from sonde.learning.persistence import registry as rows
from sonde.learning.persistence.experiments import ExperimentRow
from sonde.learning.persistence.registry import ModelVersionRow, RegisteredModelRow
from sonde.learning.services import experiments
from sonde.learning.services.registry_views import as_model, as_move
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import Conflict, Forbidden, NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.services.events import emit
from sonde.platform.services.work import ports

REGISTERED = "learning.model_registered"
_MOST = 500


def register(
    actor: Actor, experiment_id: str, name: str, *, description: str = "", notes: str = ""
) -> ModelVersion:
    """Keep the model of a finished experiment as the next version under a name.

    The version gets its own copy of the model and of what it said of held-out samples. Raises
    Forbidden for viewers, NotFound, Invalid for a name, and Conflict for an experiment without a
    model or one that is a version of that name already. Emits ``learning.model_registered``.
    """
    actor.require(Role.ANALYST)
    wanted = accept_name(name)
    row, _ = experiments.find(actor, experiment_id)
    if not row.bundle_key or not row.result:
        raise Conflict(
            "This experiment has no trained model yet; register it once it is finished.",
            experiment_id=experiment_id,
        )
    found = _locked_model(actor, wanted, accept_text(description, "description"))
    if any(one.experiment_id == row.id for one in rows.versions([found.id])):
        raise Conflict(f"{wanted} has a version of this experiment already.", name=wanted)
    made = _add_version(actor, found, row, accept_text(notes, "notes"))
    if found.is_archived:
        rows.change_model(found.id, is_archived=False)
    emit(
        actor,
        kind=REGISTERED,
        title=f"{wanted} has version {made.number}: macro-F1 {made.macro_f1:.3f}",
        body=f"Made of {row.title}.",
        link=model_path(wanted),
    )
    return version(actor, wanted, str(made.number))


def list_models(
    actor: Actor, *, text: str = "", archived: bool = False
) -> tuple[RegisteredModel, ...]:
    """Return the registered models of the actor's workspaces by name."""
    found = rows.models(actor.workspace_ids, text=text, archived=archived, limit=_MOST)
    return _with_versions(actor, found)


def get(actor: Actor, name: str) -> RegisteredModel:
    """Return a registered model with its versions; raises NotFound."""
    return _with_versions(actor, [find_model(actor, name)])[0]


def version(actor: Actor, name: str, wanted: str = "") -> ModelVersion:
    """Return the version that a number, an alias, ``latest`` or nothing means; raises NotFound."""
    found = get(actor, name)
    chosen = resolve(found, wanted)
    if chosen is None:
        choices = [*found.aliases, *(str(one.number) for one in found.versions)]
        raise NotFound(
            f"{name} has no version {wanted or 'that answers'!r}; it has {', '.join(choices)}.",
            model_name=name,
            version=wanted,
        )
    return chosen


def certificate(actor: Actor, name: str, wanted: str = "") -> SplitCertificate:
    """Return the whole split certificate of a version; raises NotFound."""
    row = version_row(actor, version(actor, name, wanted))
    return from_json(row.facts["result"]).certificate


def bundle_bytes(actor: Actor, name: str, wanted: str = "") -> tuple[ModelVersion, bytes]:
    """Return a version and its model as the bytes of one file; raises NotFound."""
    chosen = version(actor, name, wanted)
    return chosen, ports().files.read(version_row(actor, chosen).bundle_key)


def history(actor: Actor, name: str, alias: str = "") -> tuple[AliasMove, ...]:
    """Return how aliases were moved, newest first; raises NotFound."""
    return tuple(as_move(row) for row in rows.moves(find_model(actor, name).id, alias))


def versions_of_experiment(actor: Actor, experiment_id: str) -> Sequence[tuple[str, int]]:
    """Return name and number of the versions that an experiment became."""
    return rows.of_experiment(experiment_id, actor.workspace_ids)


def describe(actor: Actor, name: str, description: str) -> RegisteredModel:
    """Change what a model is said to be for; raises Forbidden, NotFound, Invalid."""
    found = own_model(actor, name)
    rows.change_model(found.id, description=accept_text(description, "description"))
    return get(actor, name)


def set_alias(
    actor: Actor, name: str, alias: str, wanted: str, *, reason: str = ""
) -> RegisteredModel:
    """Point an alias at a version.

    Raises Forbidden, NotFound, Invalid, and Conflict for the champion, who is promoted instead.
    """
    accepted = _free_alias(alias)
    found = own_model(actor, name)
    chosen = _living(version(actor, name, wanted))
    move_alias(actor, found, accepted, chosen, MoveKind.SET, accept_text(reason, "reason"))
    return get(actor, name)


def remove_alias(actor: Actor, name: str, alias: str, *, reason: str = "") -> RegisteredModel:
    """Take an alias away; raises Forbidden, NotFound, and Conflict for the champion."""
    accepted = _free_alias(alias)
    found = own_model(actor, name)
    if accepted not in get(actor, name).aliases:
        raise NotFound(f"{name} has no alias {accepted!r}.", alias=accepted)
    move_alias(actor, found, accepted, None, MoveKind.REMOVED, accept_text(reason, "reason"))
    return get(actor, name)


def archive(actor: Actor, name: str, wanted: str = "", *, archived: bool = True) -> RegisteredModel:
    """Archive a version, or the whole model where none is named, or bring it back.

    An archived version answers by its number only and gets no alias. Raises Forbidden, NotFound,
    and Conflict while an alias points at the version.
    """
    found = own_model(actor, name)
    if not wanted:
        rows.change_model(found.id, is_archived=archived)
        return get(actor, name)
    chosen = version(actor, name, wanted)
    if archived and chosen.aliases:
        raise Conflict(
            f"Version {chosen.number} is the {' and '.join(chosen.aliases)}; move that first.",
            aliases=list(chosen.aliases),
        )
    rows.change_version(chosen.id, is_archived=archived)
    return get(actor, name)


def move_alias(
    actor: Actor,
    found: RegisteredModelRow,
    alias: str,
    chosen: ModelVersion | None,
    kind: MoveKind,
    reason: str,
    evidence: Mapping[str, Any] | None = None,
) -> None:
    """Move an alias of a locked model and note it; None takes it away."""
    before = {name: number for _, name, number in rows.aliases([found.id])}.get(alias)
    if chosen is None:
        rows.drop_alias(found.id, alias)
    else:
        rows.point_alias(alias, version_row(actor, chosen), actor.user_id)
    rows.note_move(
        found,
        owner_id=actor.user_id,
        owner_name=actor.name,
        alias=alias,
        kind=kind.value,
        reason=reason,
        from_number=before,
        to_number=chosen.number if chosen else None,
        evidence=dict(evidence or {}),
    )


def find_model(actor: Actor, name: str, *, lock: bool = False) -> RegisteredModelRow:
    """Return the row of a model; raises NotFound for what is not the actor's to see."""
    found = rows.find_model(name, actor.workspace_ids, lock=lock)
    if found is None:
        raise NotFound(f"There is no registered model {name!r}.", model_name=name)
    return found


def own_model(actor: Actor, name: str) -> RegisteredModelRow:
    """Return the locked row of a model that the actor may change; raises NotFound, Forbidden."""
    found = find_model(actor, name, lock=True)
    actor.require(Role.ANALYST)
    if found.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden("Only its owner or an administrator can change this model.", name=name)
    return found


def version_row(actor: Actor, chosen: ModelVersion) -> ModelVersionRow:
    """Return the row behind a version; raises NotFound."""
    found = rows.find_version(chosen.id, actor.workspace_ids)
    if found is None:
        raise NotFound(f"{chosen.model_name} has no version {chosen.number} any more.")
    return found


def model_path(name: str) -> str:
    """Return the path of the page that shows a registered model."""
    return f"/models/{name}"


def _living(chosen: ModelVersion) -> ModelVersion:
    if chosen.is_archived:
        raise Conflict(f"Version {chosen.number} is archived; bring it back first.")
    return chosen


def _free_alias(alias: str) -> str:
    accepted = accept_alias(alias)
    if accepted == CHAMPION:
        raise Conflict(
            "The champion is not set by hand: promote a version, which must beat it on the same "
            "test, or roll back.",
            alias=accepted,
        )
    return accepted


def _locked_model(actor: Actor, name: str, description: str) -> RegisteredModelRow:
    """Return the actor's model of that name, made now where it is new."""
    own = frozenset({actor.workspace_id})
    if rows.find_model(name, own) is None:
        rows.add_model(
            name,
            workspace_id=actor.workspace_id,
            owner_id=actor.user_id,
            owner_name=actor.name,
            description=description,
        )
    found = rows.find_model(name, own, lock=True)
    if found is None:
        raise NotFound(f"There is no registered model {name!r}.", model_name=name)
    return found


def _add_version(
    actor: Actor, found: RegisteredModelRow, row: ExperimentRow, notes: str
) -> ModelVersionRow:
    files, version_id = ports().files, new_id()
    content = files.read(row.bundle_key)
    card = bundles.load(content).card
    keys = {"bundle_key": f"registry/{found.id}/{version_id}-model"}
    files.put(keys["bundle_key"], content)
    if row.held_out_key:
        keys["held_out_key"] = f"registry/{found.id}/{version_id}-held-out"
        files.put(keys["held_out_key"], files.read(row.held_out_key))
    result = from_json(row.result)
    return rows.add_version(
        found,
        id=version_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        experiment_id=row.id,
        experiment_title=row.title,
        notes=notes,
        macro_f1=result.evaluation.macro_f1,
        is_honest=result.certificate.is_honest,
        test_key=row.test_key,
        data_hash=result.data_hash,
        model_hash=result.model_hash,
        facts={
            "architecture": card.model,
            "eats": model(card.model).eats,
            "class_names": list(card.class_names),
            "feature_names": list(card.feature_names),
            "n_bytes": len(content),
            "calibration": asdict(card.calibration) if card.calibration else None,
            "uncalibrated": card.uncalibrated,
            "source": row.source,
            "ref": row.ref,
            "ref_title": row.ref_title,
            "config": row.config,
            "result": row.result,
        },
        **keys,
    )


def _with_versions(
    actor: Actor, found: Sequence[RegisteredModelRow]
) -> tuple[RegisteredModel, ...]:
    ids = [one.id for one in found]
    versions, aliases = rows.versions(ids), rows.aliases(ids)
    ids_asked = {one.experiment_id for one in versions}
    there = rows.existing_experiments(ids_asked, actor.workspace_ids)
    titles = {name: one.title for name, one in MODELS.items()}
    return tuple(
        as_model(
            one,
            [version for version in versions if version.model_id == one.id],
            {alias: number for owner, alias, number in aliases if owner == one.id},
            there,
            titles,
        )
        for one in found
    )
