"""Rows of the registry as people see them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from sonde.learning.core.calibrated import OLDER, calibration_of
from sonde.learning.core.registry import (
    AliasMove,
    Lineage,
    ModelVersion,
    MoveKind,
    RegisteredModel,
)
from sonde.learning.persistence.registry import AliasMoveRow, ModelVersionRow, RegisteredModelRow


def as_model(
    row: RegisteredModelRow,
    versions: Sequence[ModelVersionRow],
    aliases: Mapping[str, int],
    experiments_there: AbstractSet[str],
    titles: Mapping[str, str],
) -> RegisteredModel:
    """Return a model with its versions, newest first."""
    return RegisteredModel(
        id=row.id,
        name=row.name,
        description=row.description,
        aliases=dict(aliases),
        versions=tuple(
            _as_version(
                row.name,
                one,
                tuple(alias for alias, number in aliases.items() if number == one.number),
                titles,
                is_there=one.experiment_id in experiments_there,
            )
            for one in versions
        ),
        is_archived=row.is_archived,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        created_at=row.created_at,
    )


def as_move(row: AliasMoveRow) -> AliasMove:
    """Return one move of an alias."""
    return AliasMove(
        alias=row.alias,
        kind=MoveKind(row.kind),
        from_number=row.from_number,
        to_number=row.to_number,
        by=row.owner_name,
        reason=row.reason,
        evidence=row.evidence,
        at=row.created_at,
    )


def _as_version(
    name: str,
    row: ModelVersionRow,
    aliases: tuple[str, ...],
    titles: Mapping[str, str],
    *,
    is_there: bool,
) -> ModelVersion:
    facts, result = row.facts, row.facts["result"]
    interval = result["evaluation"]["interval"]
    channels, samples = result["window_shape"]
    calibration = calibration_of(facts.get("calibration"))
    return ModelVersion(
        id=row.id,
        model_name=name,
        number=row.number,
        aliases=aliases,
        architecture=facts["architecture"],
        architecture_title=titles.get(facts["architecture"], facts["architecture"]),
        eats=facts["eats"],
        class_names=tuple(facts["class_names"]),
        feature_names=tuple(facts["feature_names"]),
        window_shape=(channels, samples),
        sampling_rate_hz=result["sampling_rate_hz"],
        unit=result["unit"],
        macro_f1=row.macro_f1,
        interval_low=interval["low"],
        interval_high=interval["high"],
        n_groups=interval["n_groups"],
        group_noun=result["certificate"]["group_noun"],
        is_honest=row.is_honest,
        lineage=_lineage(row),
        experiment_is_there=is_there,
        n_bytes=facts["n_bytes"],
        notes=row.notes,
        is_archived=row.is_archived,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        created_at=row.created_at,
        calibration=calibration,
        calibration_words=calibration.sentence if calibration else facts.get("uncalibrated", OLDER),
    )


def _lineage(row: ModelVersionRow) -> Lineage:
    facts = row.facts
    certificate = facts["result"]["certificate"]
    leaks = certificate["leaks"]
    noun = certificate["group_noun"]
    return Lineage(
        source=facts["source"],
        ref=facts["ref"],
        ref_title=facts["ref_title"],
        data_hash=row.data_hash,
        policy=certificate["policy"],
        policy_title=certificate["policy_title"],
        split_detail=certificate["detail"],
        certificate=(
            f"{len(leaks)} overlaps between training and test"
            if leaks
            else f"no {noun}, recording or window on both sides"
        ),
        test_key=row.test_key,
        experiment_id=row.experiment_id,
        experiment_title=row.experiment_title,
        config=facts["config"],
        model_hash=row.model_hash,
        versions=dict(facts["result"]["versions"]),
    )
