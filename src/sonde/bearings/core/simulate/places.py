"""Which signal of a generation is what: class, number, bearing, severity, parent."""

from dataclasses import dataclass

from sonde.bearings.core.simulate.plan import GenerationConfig
from sonde.platform.core.errors import Invalid


@dataclass(frozen=True)
class Place:
    """What a configuration wants of one signal, before anything is drawn.

    Parameters
    ----------
    index : int
    label : str
    number : int
        Counted from 0 within its class; a copy has its parent's.
    levels : tuple of str
        Severities to draw from.
    bearing : str
    parent : int, optional
        Index of the parent of an augmented copy.
    """

    index: int
    label: str
    number: int
    levels: tuple[str, ...]
    bearing: str
    parent: int | None


def place_of(config: GenerationConfig, index: int) -> Place:
    """Return what signal `index` will be: class by class, copies after their parents.

    Raises
    ------
    Invalid
        If there is no such signal.

    Examples
    --------
    >>> config = GenerationConfig(per_class=4, records_per_bearing=2)
    >>> place_of(config, 5).label, place_of(config, 7).bearing
    ('misalignment', 'misalignment-0002')
    """
    if not 0 <= index < config.n_signals:
        raise Invalid(f"There are {config.n_signals} signals; number {index} is not one.")
    each = config.per_class + config.n_copies
    class_number, within = divmod(index, each)
    is_copy = within >= config.per_class
    number = (within - config.per_class) % config.per_class if is_copy else within
    label = config.classes[class_number]
    levels = config.severities
    if config.stratified and levels:
        levels = (levels[number % len(levels)],)
    bearing = f"{label}-{number // config.records_per_bearing + 1:04d}"
    parent = class_number * each + number if is_copy else None
    return Place(index, label, number, levels, bearing, parent)


def index_of(config: GenerationConfig, label: str, number: int) -> int:
    """Return the index of the signal of this class and number; raises Invalid."""
    if label not in config.classes:
        raise Invalid(f"{label!r} is not among the classes of this configuration.", field="class")
    if not 0 <= number < config.per_class + config.n_copies:
        raise Invalid(f"There is no signal number {number} of a class.", field="index")
    return config.classes.index(label) * (config.per_class + config.n_copies) + number
