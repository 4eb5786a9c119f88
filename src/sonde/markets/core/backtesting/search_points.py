"""Which settings a search tries: every combination of a grid, or draws within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sonde.markets.core.parameters import Parameter, Settings, Value
from sonde.markets.core.strategies.protocol import Strategy, settings_for
from sonde.platform.core.errors import Invalid

LARGEST_SEARCH = 10_000


@dataclass(frozen=True)
class SearchPoints:
    """Settings to try.

    Parameters
    ----------
    axes : mapping of str to tuple
        Names of the settings that differ and the values that occur, rising.
    accepted : tuple of Settings
        Complete and checked; no two alike.
    refused : tuple of (Settings, str)
        What the strategy does not accept (a fast mean slower than the slow one), and why.
    """

    axes: Mapping[str, tuple[Value, ...]]
    accepted: tuple[Settings, ...]
    refused: tuple[tuple[Settings, str], ...]


def grid_points(
    strategy: Strategy, axes: Mapping[str, Sequence[object]], fixed: Mapping[str, object]
) -> SearchPoints:
    """Return every combination of values.

    Parameters
    ----------
    strategy : Strategy
    axes : mapping of str to sequence
        Values to try for each setting; text is read as on the command line.
    fixed : mapping of str to object
        Settings that stay; what is missing takes its default.

    Returns
    -------
    SearchPoints

    Raises
    ------
    Invalid
        If there is nothing to vary, a value is refused by its parameter, no combination is
        accepted, or there are more than 10,000.
    """
    if not axes or not all(axes.values()):
        raise Invalid("A grid needs at least one setting with at least one value.", field="axes")
    count = int(np.prod([len(values) for values in axes.values()], dtype=np.float64))
    if count > LARGEST_SEARCH:
        raise Invalid(
            f"The grid has {count} combinations; at most {LARGEST_SEARCH} are tried. "
            "Take fewer values, or draw at random.",
            field="axes",
        )
    known = {each.name: each for each in strategy.parameters}
    read = {
        name: sorted({_parameter(known, name).accept(value) for value in values})
        for name, values in axes.items()
    }
    points = [dict(zip(read, values, strict=True)) for values in product(*read.values())]
    return _checked(strategy, {name: tuple(each) for name, each in read.items()}, points, fixed)


def random_points(
    strategy: Strategy,
    bounds: Mapping[str, tuple[float, float] | None],
    n: int,
    fixed: Mapping[str, object],
    generator: np.random.Generator,
) -> SearchPoints:
    """Return settings drawn evenly within bounds, without repetition.

    Parameters
    ----------
    strategy : Strategy
    bounds : mapping of str to (float, float) or None
        Closed range of each setting to vary; None takes the parameter's own.
    n : int
        Draws, 1 to 10,000; repetitions and refused ones count as draws.
    fixed : mapping of str to object
    generator : numpy.random.Generator

    Returns
    -------
    SearchPoints

    Raises
    ------
    Invalid
        As `grid_points`.
    """
    if not bounds or not 1 <= n <= LARGEST_SEARCH:
        raise Invalid(
            f"Draw 1 to {LARGEST_SEARCH} points of at least one setting, not {n} of {len(bounds)}.",
            field="n",
        )
    known = {each.name: each for each in strategy.parameters}
    points: list[dict[str, Value]] = []
    for _ in range(n):
        point = {
            name: _draw(_parameter(known, name), between, generator)
            for name, between in bounds.items()
        }
        if point not in points:
            points.append(point)
    axes = {name: tuple(sorted({point[name] for point in points})) for name in bounds}
    return _checked(strategy, axes, points, fixed)


def _parameter(known: Mapping[str, Parameter], name: str) -> Parameter:
    if name not in known:
        raise Invalid(
            f"There is no setting {name!r:.80}; there is: {', '.join(known)}.", field=name
        )
    return known[name]


def _draw(
    parameter: Parameter, between: tuple[float, float] | None, generator: np.random.Generator
) -> Value:
    if parameter.kind in {"bool", "choice"}:
        choices = parameter.choices if parameter.kind == "choice" else (False, True)
        return choices[int(generator.integers(len(choices)))]
    low, high = between or (parameter.low, parameter.high)
    if parameter.kind == "int":
        return parameter.accept(int(generator.integers(int(low), int(high) + 1)))
    return parameter.accept(float(generator.uniform(low, high)))


def _checked(
    strategy: Strategy,
    axes: Mapping[str, tuple[Value, ...]],
    points: Sequence[Mapping[str, Value]],
    fixed: Mapping[str, object],
) -> SearchPoints:
    accepted: list[Settings] = []
    refused: list[tuple[Settings, str]] = []
    for point in points:
        try:
            accepted.append(settings_for(strategy, {**fixed, **point}))
        except Invalid as error:
            refused.append((point, error.message))
    if not accepted:
        raise Invalid(
            f"None of the {len(points)} combinations is accepted: {refused[0][1]}", field="axes"
        )
    return SearchPoints(axes, tuple(accepted), tuple(refused))
