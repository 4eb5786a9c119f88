"""A sweep: many settings of one strategy, a map of them, and what is left of the best one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from sonde.markets.core.backtesting.documents import document
from sonde.markets.core.backtesting.search_points import SearchPoints, grid_points, random_points
from sonde.markets.core.backtesting.stored_runs import STUDY_TITLES
from sonde.markets.core.backtesting.sweep import (
    MEASURES,
    Cell,
    Sweep,
    doubt,
    heat_map,
    sweep,
)
from sonde.markets.core.parameters import Parameter, Settings
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.services.backtests.study import Answer, Material, Watch
from sonde.platform.core.errors import Invalid

_CHUNK = 100
_SHOWN = 200
_MAPS = 3
_MOST_TRADES = 2_000_000


class Search:
    """What tries many settings: those that vary are not fixed."""

    takes_several = False

    def settle(self, strategy: Strategy, settings: Settings, params: Mapping[str, Any]) -> Settings:
        """Return the settings that stay, once a point with them is accepted; raises Invalid."""
        search_points(strategy, settings, params)
        varied = {*params["axes"], *params["bounds"]}
        return {name: value for name, value in settings.items() if name not in varied}


class ParameterSweep(Search):
    """Every combination of a grid, or draws within bounds."""

    name = "sweep"
    title = STUDY_TITLES[name]

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check what is to vary and by what cells are compared; raises Invalid."""
        return search_params(given)

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Run every cell, a part at a time; what is kept is not run again."""
        from sonde.markets.core.backtesting.cell_columns import arrays_of_cells

        points = search_points(material.strategy, material.chosen, params)
        done = Sweep(
            material.strategy.name, points, _cells(material, points, watch), material.candles.n
        )
        watch.told(0.95, "Counting the search")
        best = done.best(params["measure"])
        result = {
            "measure": params["measure"],
            "bars": done.bars,
            "cells": _told(done, params["measure"]),
            "n_cells": len(done.cells),
            "refused": [
                {"settings": document(one), "reason": why} for one, why in points.refused[:_SHOWN]
            ],
            "n_refused": len(points.refused),
            "best": cell_document(best),
            "maps": _maps(done, params["measure"]),
            "doubt": _doubt(done),
        }
        return Answer(_headline(best, done), result, arrays_of_cells(done.cells))


def search_params(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a search, written out; raises Invalid."""
    measure = str(given.get("measure") or "sharpe")
    if measure not in MEASURES:
        raise Invalid(
            f"Cells are compared by {', '.join(MEASURES)}, not by {measure!r:.80}.",
            field="measure",
        )
    axes = {str(name): list(values) for name, values in (given.get("axes") or {}).items()}
    bounds = dict(given.get("bounds") or {})
    if bool(axes) == bool(bounds):
        raise Invalid(
            "Give axes (values to try) for a grid, or bounds (low and high) to draw from.",
            field="axes",
        )
    draws, seed = int(given.get("draws") or 100), int(given.get("seed") or 0)
    return {"measure": measure, "axes": axes, "bounds": bounds, "draws": draws, "seed": seed}


def search_points(
    strategy: Strategy, fixed: Mapping[str, Any], params: Mapping[str, Any]
) -> SearchPoints:
    """Return the points of a search; settings that vary are not fixed; raises Invalid."""
    axes, bounds = params["axes"], params["bounds"]
    kept = {name: value for name, value in fixed.items() if name not in {*axes, *bounds}}
    if axes:
        return grid_points(strategy, axes, kept)
    known = {each.name: each for each in strategy.parameters}
    ranges = {
        name: None if between is None else _range(known.get(name), name, between)
        for name, between in bounds.items()
    }
    generator = np.random.default_rng(params["seed"])
    return random_points(strategy, ranges, params["draws"], kept, generator)


def _range(parameter: Parameter | None, name: str, given: Sequence[float]) -> tuple[float, float]:
    """Return bounds that lie within those of the parameter."""
    if parameter is not None and parameter.kind in {"bool", "choice"}:
        raise Invalid(f"{name} has no low and high; give null to draw from all.", field=name)
    if len(given) != 2 or not given[0] <= given[1]:
        raise Invalid(f"The bounds of {name:.80} are a low and a high number.", field=name)
    ends = given if parameter is None else [parameter.accept(each) for each in given]
    return float(ends[0]), float(ends[1])


def _cells(material: Material, points: SearchPoints, watch: Watch) -> tuple[Cell, ...]:
    """Run the points that no earlier attempt has run."""
    from sonde.markets.core.backtesting.cell_columns import arrays_of_cells, cells_from

    chunks = [
        points.accepted[first : first + _CHUNK] for first in range(0, len(points.accepted), _CHUNK)
    ]
    cells: list[Cell] = []
    for number, (chunk, arrays) in enumerate(zip(chunks, watch.kept(), strict=False)):
        cells += cells_from(arrays, chunk)
        watch.told(0.9 * (number + 1) / len(chunks), "Going on")
    begun = len(cells) // _CHUNK if len(cells) < len(points.accepted) else len(chunks)
    for number in range(begun, len(chunks)):
        some = replace(points, accepted=chunks[number])
        found = sweep(
            material.candles, material.strategy, some, material.settings, detail=material.detail
        )
        cells += found.cells
        if len(chunks) > 1:
            watch.keep(arrays_of_cells(found.cells))
        _require_room(cells)
        watch.told(0.9 * (number + 1) / len(chunks), f"{len(cells):,} cells")
    return tuple(cells)


def _require_room(cells: Sequence[Cell]) -> None:
    if sum(len(cell.trades) for cell in cells) > _MOST_TRADES:
        raise Invalid(
            f"The first {len(cells):,} cells made more than {_MOST_TRADES:,} trades; "
            "take fewer settings or a shorter period.",
            field="axes",
        )


def cell_document(cell: Cell) -> dict[str, Any]:
    """Return one cell as plain values."""
    figures = {name: document(read(cell)) for name, read in MEASURES.items()}
    return {"settings": document(cell.settings), "figures": figures}


def _told(done: Sweep, measure: str) -> list[dict[str, Any]]:
    """Return the best cells, best first."""
    read = MEASURES[measure]
    values = [read(cell).value for cell in done.cells]
    order = sorted(
        range(len(values)),
        key=lambda number: (values[number] is None, -(values[number] or 0.0), number),
    )
    return [cell_document(done.cells[number]) for number in order[:_SHOWN]]


def _maps(done: Sweep, measure: str) -> list[dict[str, Any]]:
    pairs = list(combinations(done.points.axes, 2))[:_MAPS]
    return [document(heat_map(done, x, y, measure)) for x, y in pairs]


def _doubt(done: Sweep) -> dict[str, Any]:
    found = doubt(done)
    told: dict[str, Any] = document(found)
    if found.overfitting is not None:
        del told["overfitting"]["logits"]
    return told


def _headline(best: Cell, done: Sweep) -> dict[str, Any]:
    return {
        "cells": len(done.cells),
        "settings": document(best.settings),
        "net_profit": best.net_profit,
        "sharpe": best.sharpe.value,
        "max_drawdown": best.max_drawdown,
        "trades": len(best.trades),
    }
