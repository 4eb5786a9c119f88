"""Generations over REST: look before, start, follow, and keep configurations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from sonde.bearings.core.generations import Estimate
from sonde.bearings.core.simulate.plan import PRESETS, GenerationConfig
from sonde.bearings.core.simulate.preview import Preview, preview_of, shown_config
from sonde.bearings.services import generations
from sonde.platform.api.routing import Acting, Cursor, IdempotencyKey, Limit, once, router

ROUTER = router("/generations", tag="Generation")
CONFIGS = router("/generation-configs", tag="Generation")
CHOICES = router("/generation-choices", tag="Generation")

_CONFIG = Field(
    description="A configuration; what is absent has its default. Classes may go by aliases.",
    examples=[{"preset": "quick", "seed": 7, "noise": {"pink": False}}],
)
ConfigName = Annotated[str, Path(max_length=120)]


class NewGenerationBody(BaseModel):
    """A data set to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=120, description="Of the data set.")
    config: dict[str, Any] = _CONFIG
    as_new_version: bool = Field(
        default=False, description="Let it be the next version of a data set of that name."
    )


class GenerationBody(BaseModel):
    """One generation; its job tells how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    config: dict[str, Any]
    config_hash: str
    n_signals: int
    n_bytes: int
    job_id: str
    dataset_id: str
    created_at: datetime


class GenerationPage(BaseModel):
    """Part of the list of generations, newest first."""

    items: list[GenerationBody]
    next_cursor: str | None


class PreviewWish(BaseModel):
    """Which signal to look at."""

    model_config = ConfigDict(extra="forbid")

    config: dict[str, Any] = _CONFIG
    class_key: str = Field("", max_length=80, description="The first class if none is named.")
    index: int = Field(0, ge=0, description="Number of the signal within its class.")


class ChannelBody(BaseModel):
    """Course and amplitude spectrum of one channel, thinned out without losing extrema."""

    name: str
    time_s: list[float]
    values: list[float]
    frequency_hz: list[float]
    amplitude: list[float]


class PreviewBody(BaseModel):
    """The very signal that the generation would make, and how much all of it will be."""

    label: str
    severity: str
    speed_rpm: float
    unit: str
    conditions: dict[str, Any]
    channels: list[ChannelBody]
    n_signals: int
    n_bytes: int
    seconds: float


class ConfigBody(BaseModel):
    """A configuration to keep."""

    model_config = ConfigDict(extra="forbid")

    config: dict[str, Any] = _CONFIG


class SavedConfigBody(BaseModel):
    """A configuration under a name."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    config: dict[str, Any]
    changed_at: datetime


class PresetBody(BaseModel):
    """A configuration that comes with the product."""

    name: str
    title: str
    help: str
    config: dict[str, Any]


class Choices(BaseModel):
    """What can be generated."""

    presets: list[PresetBody]
    fault_classes: list[dict[str, Any]]


@ROUTER.post("", status_code=201, response_model=GenerationBody)
def start_generation(
    actor: Acting, body: NewGenerationBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Generate a data set as a job that several workers share."""

    def create() -> Mapping[str, Any]:
        config, as_new = GenerationConfig.from_json(body.config), body.as_new_version
        job = generations.start(actor, config, body.name, as_new_version=as_new)
        found = generations.get(actor, str(job.params["generation_id"]))
        return GenerationBody.model_validate(found).model_dump(mode="json")

    return once(actor, idempotency_key, body, create)


@ROUTER.get("")
def list_generations(actor: Acting, limit: Limit = 50, cursor: Cursor = "") -> GenerationPage:
    """List the generations of your workspaces, newest first."""
    page = generations.list_generations(actor, cursor=cursor, limit=limit)
    bodies = [GenerationBody.model_validate(one) for one in page.items]
    return GenerationPage(items=bodies, next_cursor=page.next_cursor or None)


@ROUTER.post("/preview")
def preview_generation(_actor: Acting, body: PreviewWish) -> PreviewBody:
    """Look at one signal before it is made."""
    config = GenerationConfig.from_json(body.config)
    made = generations.preview(shown_config(config), body.class_key, body.index)
    return _preview_body(preview_of(made), generations.estimate(config))


def _preview_body(preview: Preview, size: Estimate) -> PreviewBody:
    signal = preview.signal
    return PreviewBody(
        label=signal.label,
        severity=signal.severity,
        speed_rpm=signal.speed_rpm,
        unit=signal.unit,
        conditions=dict(signal.conditions),
        channels=[
            ChannelBody(
                name=view.name,
                time_s=view.time_s.tolist(),
                values=view.values.tolist(),
                frequency_hz=view.spectrum.frequency_hz.tolist(),
                amplitude=view.spectrum.values.tolist(),
            )
            for view in preview.channels
        ],
        n_signals=size.n_signals,
        n_bytes=size.n_bytes,
        seconds=size.seconds,
    )


@ROUTER.get("/{generation_id}")
def get_generation(actor: Acting, generation_id: str) -> GenerationBody:
    """Look at one generation and its configuration."""
    return GenerationBody.model_validate(generations.get(actor, generation_id))


@ROUTER.post("/{generation_id}/cancel")
def cancel_generation(actor: Acting, generation_id: str) -> GenerationBody:
    """Cancel a generation; nothing of it is left."""
    generations.cancel(actor, generation_id)
    return GenerationBody.model_validate(generations.get(actor, generation_id))


@CONFIGS.get("")
def list_configs(actor: Acting) -> list[SavedConfigBody]:
    """List your saved configurations by name."""
    return [SavedConfigBody.model_validate(one) for one in generations.list_configs(actor)]


@CONFIGS.get("/{config_name}")
def get_config(actor: Acting, config_name: ConfigName) -> ConfigBody:
    """Look at one saved configuration."""
    return ConfigBody(config=generations.load_config(actor, config_name).to_json())


@CONFIGS.put("/{config_name}")
def put_config(actor: Acting, config_name: ConfigName, body: ConfigBody) -> SavedConfigBody:
    """Keep a configuration under a name, in place of the one of that name."""
    config = GenerationConfig.from_json(body.config)
    return SavedConfigBody.model_validate(generations.save_config(actor, config_name, config))


@CONFIGS.delete("/{config_name}", status_code=204)
def delete_config(actor: Acting, config_name: ConfigName) -> Response:
    """Forget a saved configuration."""
    generations.delete_config(actor, config_name)
    return Response(status_code=204)


@CHOICES.get("")
def list_choices(_actor: Acting) -> Choices:
    """List presets with their configurations, and the eleven journal-bearing classes."""
    presets = [
        PresetBody(name=one.name, title=one.title, help=one.help, config=one.config.to_json())
        for one in PRESETS.values()
    ]
    return Choices(presets=presets, fault_classes=list(generations.fault_classes()))
