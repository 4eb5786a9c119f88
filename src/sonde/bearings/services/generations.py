"""Generations: simulated data sets, made by jobs that several workers share."""

from collections.abc import Sequence
from typing import Any

from sonde.bearings.core.datasets import checked_name
from sonde.bearings.core.generations import (
    Estimate,
    Generation,
    SavedConfig,
    parts_of,
)
from sonde.bearings.core.generations import estimate as estimate_of
from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import index_of
from sonde.bearings.core.simulate.plan import ROLLING, GenerationConfig
from sonde.bearings.core.simulate.rolling_signals import bearing_name, geometry_of
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.persistence import generation_parts as parts
from sonde.bearings.persistence import generations as rows
from sonde.bearings.services import datasets, quotas
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.errors import NotFound
from sonde.platform.core.identifiers import new_id
from sonde.platform.core.jobs import Job
from sonde.platform.core.paging import Slice
from sonde.platform.core.quota import Quota
from sonde.platform.services import jobs
from sonde.platform.services.work import ports

JOB_KIND = "bearings.generate"
PART_KIND = "bearings.generate-part"


def start(
    actor: Actor, config: GenerationConfig, name: str, *, as_new_version: bool = False
) -> Job:
    """Queue the job that makes a data set called `name`, or its next version.

    Raises Forbidden for viewers, Invalid for a bad name or configuration, TooLarge beyond the
    limits and the actor's quota, NotFound for an unknown bearing, Conflict for a taken name.
    """
    actor.require(Role.ANALYST)
    name = checked_name(name)
    config.check_size()
    designation_of(config)
    datasets.check_free(actor, name, as_new_version=as_new_version)
    quotas.require_room(actor, Quota(config.n_signals, config.n_bytes))
    generation = Generation(
        id=new_id(),
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        name=name,
        config=config.to_json(),
        config_hash=config.content_hash,
        n_signals=config.n_signals,
        n_bytes=config.n_bytes,
        job_id="",
        dataset_id="",
        created_at=ports().clock(),
    )
    rows.add(generation)
    parts.add(generation.id, parts_of(config))
    job = jobs.enqueue(
        actor,
        kind=JOB_KIND,
        params={"generation_id": generation.id, "as_new_version": as_new_version},
        title=f"Generate {name}",
        subject_link=f"/data-generation?generation={generation.id}",
    )
    rows.note_job(generation.id, job.id)
    return job


def designation_of(config: GenerationConfig) -> str:
    """Return what the data set says about its bearing; raises Invalid and NotFound."""
    if config.kind != ROLLING:
        return ""
    geometry_of(config.rolling)
    return bearing_name(config.rolling)


def get(actor: Actor, generation_id: str) -> Generation:
    """Return one generation; raises NotFound for what is not the actor's to see."""
    found = rows.find(generation_id, actor.workspace_ids)
    if found is None:
        raise NotFound("There is no such generation, or it is not yours to see.", id=generation_id)
    return found


def recent(actor: Actor, limit: int = 20) -> tuple[Generation, ...]:
    """Return the newest generations of the actor's workspaces."""
    return tuple(rows.page(actor.workspace_ids, before="", limit=limit))


def list_generations(actor: Actor, *, cursor: str = "", limit: int = 50) -> Slice[Generation]:
    """Return the generations of the actor's workspaces, newest first."""
    found = rows.page(actor.workspace_ids, before=cursor, limit=limit + 1)
    return Slice.cut(found, limit, key=lambda generation: generation.id)


def config_of(generation: Generation) -> GenerationConfig:
    """Return the configuration of a generation, to change it and generate again."""
    return GenerationConfig.from_json(generation.config)


def cancel(actor: Actor, generation_id: str) -> Job:
    """Cancel the job of a generation; its other workers stop within a second.

    Raises NotFound, Forbidden for other people's and Conflict if it is finished already.
    """
    return jobs.cancel(actor, get(actor, generation_id).job_id)


def save_config(actor: Actor, name: str, config: GenerationConfig) -> SavedConfig:
    """Keep a configuration under a name, in place of the actor's own of that name.

    Raises Forbidden for viewers and Invalid for a bad name.
    """
    actor.require(Role.ANALYST)
    owner = (actor.user_id, actor.workspace_id)
    return rows.put_config(owner, checked_name(name), config.to_json(), ports().clock())


def list_configs(actor: Actor) -> tuple[SavedConfig, ...]:
    """Return the actor's saved configurations by name."""
    return tuple(rows.configs_of(actor.user_id))


def load_config(actor: Actor, name: str) -> GenerationConfig:
    """Return the actor's configuration of that name; raises NotFound."""
    found = rows.find_config(actor.user_id, name)
    if found is None:
        raise NotFound(f"You have no saved configuration called {name!r}.", name=name)
    return GenerationConfig.from_json(found.config)


def delete_config(actor: Actor, name: str) -> None:
    """Forget the actor's configuration of that name; raises NotFound."""
    actor.require(Role.ANALYST)
    load_config(actor, name)
    rows.remove_config(actor.user_id, name)


def fault_classes() -> Sequence[dict[str, Any]]:
    """Return the eleven journal-bearing classes in their order, as rows say them."""
    return [
        {"id": row.id, "key": row.key, "title": row.title, "french": row.french}
        for row in rows.fault_classes()
    ]


def preview(config: GenerationConfig, class_key: str = "", index: int = 0) -> SimulatedSignal:
    """Return the very signal that a generation would make: number `index` of a class.

    Raises Invalid for a class or number that is not part of it.
    """
    return simulate(config, index_of(config, class_key or config.classes[0], index))


def estimate(config: GenerationConfig) -> Estimate:
    """Return how many signals and bytes a configuration makes, and how long it takes."""
    return estimate_of(config)
