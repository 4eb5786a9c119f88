"""Own features and named sets of features over REST."""

from datetime import datetime
from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.core.features.own import OwnFeature
from sonde.bearings.core.features.sets import FeatureSet
from sonde.bearings.services import feature_sets, own_features
from sonde.platform.api.routing import Acting, router

ROUTER = router("/feature-sets", tag="Features")
OWN = router("/own-features", tag="Features")


class BandBody(BaseModel):
    """What is measured in a band of one's own."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40)
    low: float
    high: float
    scale: Literal["Hz", "order"] = "Hz"
    quantity: Literal["rms", "energy", "peak", "kurtosis"] = "rms"


class OwnBody(BandBody):
    """A feature that somebody defined; its version grows when its values change."""

    id: str
    column: str
    version: int
    owner_id: str
    owner_name: str


class SetBody(BaseModel):
    """A named set of features."""

    id: str
    name: str
    names: list[str]
    own: list[BandBody]
    recipe: str
    owner_id: str
    owner_name: str
    made_from: dict[str, Any]
    created_at: datetime


class NewSetBody(BaseModel):
    """Features to save under a name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)
    names: list[str] = Field(min_length=1, max_length=200)


class SetNameBody(BaseModel):
    """A set's new name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)


@ROUTER.get("")
def list_sets(actor: Acting) -> list[SetBody]:
    """List the sets of your workspaces by name."""
    return [_set(one) for one in feature_sets.list_sets(actor)]


@ROUTER.post("", status_code=201)
def save_set(actor: Acting, body: NewSetBody) -> SetBody:
    """Save features under a name; experiments take it by the option `feature_set`."""
    return _set(feature_sets.save(actor, body.name, body.names))


@ROUTER.get("/{feature_set_id}")
def get_set(actor: Acting, feature_set_id: str) -> SetBody:
    """Look at one set."""
    return _set(feature_sets.get(actor, feature_set_id))


@ROUTER.patch("/{feature_set_id}")
def rename_set(actor: Acting, feature_set_id: str, body: SetNameBody) -> SetBody:
    """Rename a set."""
    return _set(feature_sets.rename(actor, feature_set_id, body.name))


@ROUTER.delete("/{feature_set_id}", status_code=204)
def delete_set(actor: Acting, feature_set_id: str) -> Response:
    """Delete a set; models that were trained on it keep what they need."""
    feature_sets.delete(actor, feature_set_id)
    return Response(status_code=204)


@OWN.get("")
def list_own_features(actor: Acting) -> list[OwnBody]:
    """List the features that people of your workspaces defined."""
    return [_own(one) for one in own_features.list_own(actor)]


@OWN.post("", status_code=201)
def define_own_feature(actor: Acting, body: BandBody) -> OwnBody:
    """Define a feature of a band."""
    return _own(own_features.define(actor, body.model_dump()))


@OWN.put("/{own_feature_id}")
def change_own_feature(actor: Acting, own_feature_id: str, body: BandBody) -> OwnBody:
    """Define a feature anew; sets that hold it keep it as it was."""
    return _own(own_features.change(actor, own_feature_id, body.model_dump()))


@OWN.delete("/{own_feature_id}", status_code=204)
def delete_own_feature(actor: Acting, own_feature_id: str) -> Response:
    """Delete a feature; sets that hold it keep it."""
    own_features.delete(actor, own_feature_id)
    return Response(status_code=204)


def _own(one: OwnFeature) -> OwnBody:
    return OwnBody(
        **one.band.as_json(),
        id=one.id,
        column=one.band.column,
        owner_id=one.owner_id,
        owner_name=one.owner_name,
    )


def _set(one: FeatureSet) -> SetBody:
    bands = [
        BandBody(**{key: value for key, value in band.as_json().items() if key != "version"})
        for band in one.choice.own
    ]
    return SetBody(
        id=one.id,
        name=one.name,
        names=list(one.choice.names),
        own=bands,
        recipe=one.recipe,
        owner_id=one.owner_id,
        owner_name=one.owner_name,
        made_from=dict(one.made_from),
        created_at=one.created_at,
    )
