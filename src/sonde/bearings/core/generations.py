"""Generations: what was asked for, how much it is, and how it is divided among workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sonde.bearings.core.simulate.plan import JOURNAL, ROLLING, ROTOR, GenerationConfig

_PART_BYTES = 24_000_000
_WORKERS = 2
# Seconds on one core, as benchmarks/bench_simulation.py measures them.
_SECONDS_PER_SIGNAL = {JOURNAL: 0.002, ROLLING: 0.002, ROTOR: 0.03}
_SECONDS_PER_SAMPLE = {JOURNAL: 1.3e-7, ROLLING: 3.5e-7, ROTOR: 1.5e-5}
_SETTLING_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One generation of a workspace.

    Parameters
    ----------
    id, workspace_id, owner_id : str
    name : str
        Of the data set to be.
    config : mapping
        As `GenerationConfig.from_json` reads it.
    config_hash : str
    n_signals, n_bytes : int
    job_id : str
        The job that makes it.
    dataset_id : str
        Empty until it is made.
    created_at : datetime
    """

    id: str
    workspace_id: str
    owner_id: str
    name: str
    config: Mapping[str, Any]
    config_hash: str
    n_signals: int
    n_bytes: int
    job_id: str
    dataset_id: str
    created_at: datetime


@dataclass(frozen=True)
class Part:
    """A stretch of signals that one worker makes.

    Parameters
    ----------
    number : int
    first, last : int
        Indices of the signals, `last` not included.
    claim : str
        Names the worker's hold on it; void once another has taken it over.
    """

    number: int
    first: int
    last: int
    claim: str = ""


@dataclass(frozen=True)
class SavedConfig:
    """A configuration that a person keeps under a name.

    Parameters
    ----------
    id, name : str
    config : mapping
        As `GenerationConfig.from_json` reads it.
    changed_at : datetime
    """

    id: str
    name: str
    config: Mapping[str, Any]
    changed_at: datetime


@dataclass(frozen=True)
class Estimate:
    """How much a configuration will make, and how long it takes.

    Parameters
    ----------
    n_signals, n_bytes : int
    seconds : float
        On two cores.
    """

    n_signals: int
    n_bytes: int
    seconds: float


def estimate(config: GenerationConfig) -> Estimate:
    """Return size and time of a configuration.

    Examples
    --------
    >>> found = estimate(GenerationConfig())
    >>> found.n_signals, 5 < found.seconds < 30
    (1430, True)
    """
    n_samples = config.n_samples
    if config.kind == ROTOR:
        n_samples += round(_SETTLING_S * config.sampling_rate_hz)
    else:
        n_samples *= len(config.channels)
    each = _SECONDS_PER_SIGNAL[config.kind] + _SECONDS_PER_SAMPLE[config.kind] * n_samples
    return Estimate(config.n_signals, config.n_bytes, config.n_signals * each / _WORKERS)


def parts_of(config: GenerationConfig) -> tuple[Part, ...]:
    """Divide a generation into parts of about 24 MB; how depends on nothing but `config`.

    Examples
    --------
    >>> [(part.first, part.last) for part in parts_of(GenerationConfig(per_class=10))]
    [(0, 58), (58, 110)]
    """
    each = len(config.channels) * config.n_samples * 4
    size = max(1, min(_PART_BYTES // each, 500))
    starts = range(0, config.n_signals, size)
    return tuple(
        Part(number, start, min(start + size, config.n_signals))
        for number, start in enumerate(starts)
    )
