"""Registered models over REST: names, versions, aliases, promotion, rollback."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.learning.core.certificate import SplitCertificate
from sonde.learning.core.registry import (
    AliasMove,
    ModelVersion,
    Promotion,
    RegisteredModel,
)
from sonde.learning.services import promotion, registry
from sonde.platform.api.routing import Acting, router

ROUTER = router("/models", tag="Models")

_Text = Annotated[str, Field(max_length=2000)]
_Version = Annotated[
    str, Field(max_length=40, description="A number, an alias, or `latest`.", examples=["2"])
]
_WhichVersion = Annotated[str, Query(max_length=40, description="A number, an alias or `latest`.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RegisterBody(_Body):
    """Which experiment's model to keep, under which name."""

    name: str = Field(max_length=80, examples=["fan-bearings"])
    experiment_id: str = Field(max_length=26)
    description: _Text = ""
    notes: _Text = ""


class DescribeBody(_Body):
    """What a model is for."""

    description: _Text


class AliasBody(_Body):
    """Where an alias is to point."""

    version: _Version
    reason: _Text = ""


class PromoteBody(_Body):
    """Which version is to be champion; the reason is for administrators who pass over the rule."""

    version: _Version
    override_reason: _Text = ""


class RollBackBody(_Body):
    """Why."""

    reason: _Text = ""


class ArchiveBody(_Body):
    """What to archive or to bring back; no version means the whole model."""

    version: str = Field("", max_length=40)
    archived: bool = True


class ModelList(BaseModel):
    """The registered models of your workspaces."""

    items: list[RegisteredModel]


@ROUTER.get("")
def list_models(
    actor: Acting,
    text: Annotated[str, Query(max_length=80, description="Part of the name.")] = "",
    archived: bool = False,
) -> ModelList:
    """List registered models with their versions and aliases."""
    return ModelList(items=list(registry.list_models(actor, text=text, archived=archived)))


@ROUTER.post("", status_code=201)
def register_model(actor: Acting, body: RegisterBody) -> ModelVersion:
    """Keep the model of a finished experiment as the next version under a name."""
    return registry.register(
        actor, body.experiment_id, body.name, description=body.description, notes=body.notes
    )


@ROUTER.get("/{model_name}")
def get_model(actor: Acting, model_name: str) -> RegisteredModel:
    """Look at a registered model."""
    return registry.get(actor, model_name)


@ROUTER.patch("/{model_name}")
def describe_model(actor: Acting, model_name: str, body: DescribeBody) -> RegisteredModel:
    """Say what a model is for."""
    return registry.describe(actor, model_name, body.description)


@ROUTER.post("/{model_name}/archive")
def archive_model(actor: Acting, model_name: str, body: ArchiveBody) -> RegisteredModel:
    """Archive a version or the whole model, or bring it back."""
    return registry.archive(actor, model_name, body.version, archived=body.archived)


@ROUTER.get("/{model_name}/versions/{version}")
def get_version(actor: Acting, model_name: str, version: str) -> ModelVersion:
    """Look at a version by its number or alias."""
    return registry.version(actor, model_name, version)


@ROUTER.get("/{model_name}/versions/{version}/certificate")
def get_certificate(actor: Acting, model_name: str, version: str) -> SplitCertificate:
    """Look at the split certificate behind a version's score."""
    return registry.certificate(actor, model_name, version)


@ROUTER.get("/{model_name}/versions/{version}/bundle")
def download_bundle(actor: Acting, model_name: str, version: str) -> Response:
    """Download a version as one file of arrays and facts (safetensors)."""
    chosen, content = registry.bundle_bytes(actor, model_name, version)
    name = f"{model_name}-{chosen.number}.safetensors"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@ROUTER.put("/{model_name}/aliases/{alias}")
def set_alias(actor: Acting, model_name: str, alias: str, body: AliasBody) -> RegisteredModel:
    """Point an alias at a version; the champion is promoted instead."""
    return registry.set_alias(actor, model_name, alias, body.version, reason=body.reason)


@ROUTER.delete("/{model_name}/aliases/{alias}")
def remove_alias(actor: Acting, model_name: str, alias: str) -> RegisteredModel:
    """Take an alias away."""
    return registry.remove_alias(actor, model_name, alias)


@ROUTER.get("/{model_name}/history")
def list_alias_moves(
    actor: Acting, model_name: str, alias: Annotated[str, Query(max_length=40)] = ""
) -> list[AliasMove]:
    """List how aliases were moved, newest first."""
    return list(registry.history(actor, model_name, alias))


@ROUTER.get("/{model_name}/promotion")
def judge_promotion(actor: Acting, model_name: str, version: _WhichVersion = "latest") -> Promotion:
    """Ask whether a version may become champion, and why or why not; nothing is changed."""
    return promotion.judge(actor, model_name, version)


@ROUTER.post("/{model_name}/promotion")
def promote_version(actor: Acting, model_name: str, body: PromoteBody) -> RegisteredModel:
    """Make a version the champion if it beats the present one on the same test."""
    return promotion.promote(actor, model_name, body.version, override_reason=body.override_reason)


@ROUTER.post("/{model_name}/rollback")
def roll_back(actor: Acting, model_name: str, body: RollBackBody) -> RegisteredModel:
    """Give the champion's place back to the version that had it before."""
    return promotion.roll_back(actor, model_name, reason=body.reason)
