"""Signal number `index` of a configuration, whichever kind of bearing it is of."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.simulate.augmenting import augment
from sonde.bearings.core.simulate.journal.signals import simulate_journal
from sonde.bearings.core.simulate.noise import quantise
from sonde.bearings.core.simulate.places import Place, place_of
from sonde.bearings.core.simulate.plan import JOURNAL, ROLLING, ROTOR, GenerationConfig
from sonde.bearings.core.simulate.rolling_signals import simulate_rolling
from sonde.bearings.core.simulate.rotor_signals import simulate_rotor_signal
from sonde.bearings.core.simulate.signals import SimulatedSignal
from sonde.bearings.core.simulate.streams import stream

_PARTNER = 0x5041  # set apart from the indices of signals
Simulator = Callable[[GenerationConfig, Place, int], SimulatedSignal]
SIMULATORS: Mapping[str, Simulator] = MappingProxyType(
    {JOURNAL: simulate_journal, ROLLING: simulate_rolling, ROTOR: simulate_rotor_signal}
)


def simulate(config: GenerationConfig, index: int) -> SimulatedSignal:
    """Make signal `index`: bit for bit the same, whichever worker makes it and when.

    Parameters
    ----------
    config : GenerationConfig
    index : int
        0 to ``config.n_signals - 1``.

    Returns
    -------
    SimulatedSignal

    Raises
    ------
    Invalid
        If there is no such signal, or the machine cannot run as the configuration says.

    Examples
    --------
    >>> config = GenerationConfig(classes=("oil_whirl",), per_class=1, duration_s=0.1)
    >>> signal = simulate(config, 0)
    >>> signal.label, signal.samples.shape, signal.samples.dtype.name
    ('oil_whirl', (1, 2048), 'float32')
    """
    place = place_of(config, index)
    if place.parent is None:
        return SIMULATORS[config.kind](config, place, index)
    return _copy(config, place, place.parent)


def _copy(config: GenerationConfig, place: Place, parent: int) -> SimulatedSignal:
    """Return a changed copy of a parent; it stays with its parent's bearing."""
    make = SIMULATORS[config.kind]
    original = make(config, replace(place, index=parent), parent)
    partner_index = config.n_signals + _PARTNER + place.index

    def partner() -> NDArray[np.float32]:
        return make(config, place, partner_index).samples

    change, method = augment(
        original.samples,
        config.augmentation,
        stream(config.seed, place.index, "augmentation"),
        partner,
    )
    samples = np.ascontiguousarray(change.samples, dtype=np.float32)
    for wave in samples:
        quantise(wave, config.noise)
    return replace(
        original,
        samples=samples,
        speed_rpm=original.speed_rpm * change.speed_factor,
        conditions={**original.conditions, "augmentation": method, "augmented_from": parent},
        notes=(*original.notes, f"augmented copy of signal {parent + 1} by {method}"),
        parent=parent,
    )
