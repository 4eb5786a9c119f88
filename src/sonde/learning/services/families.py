"""Families: the same experiment with several seeds, so that luck can be told from worth."""

from collections.abc import Sequence
from dataclasses import replace

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.services import experiments
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Invalid
from sonde.platform.core.identifiers import new_id

_MOST_SEEDS = 50


def create_family(
    actor: Actor, wanted: NewExperiment, seeds: Sequence[int]
) -> tuple[Experiment, ...]:
    """Add one experiment for each seed, all on the same split, each with a job of its own.

    Raises what ``experiments.create`` raises, and Invalid for no seed, too many or equal ones.
    """
    if not 1 <= len(seeds) <= _MOST_SEEDS or len(set(seeds)) != len(seeds):
        raise Invalid(f"A family has 1 to {_MOST_SEEDS} different seeds.", field="seeds")
    if len(seeds) == 1:
        return (experiments.create(actor, _seeded(wanted, seeds[0])),)
    family_id = new_id()
    return tuple(
        experiments.create(actor, _seeded(wanted, seed), family_id=family_id) for seed in seeds
    )


def _seeded(wanted: NewExperiment, seed: int) -> NewExperiment:
    return replace(wanted, model=replace(wanted.model, seed=seed))
