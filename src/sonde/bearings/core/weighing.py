"""Weigh the families of lines of a bearing's parts against each other.

The limits are ratios that hold for any machine: a family must stand 4.5 times over its local
background (noise alone stays below 3; 6 times where it may as well be a shaft harmonic) and swing a
tenth of the power; it must lead every other part by half; and no stranger may lead it four times.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from sonde.bearings.core.geometry import Geometry
from sonde.bearings.core.lines import (
    BandView,
    Family,
    find_family,
    find_line,
    strongest_stranger,
)

REVOLUTIONS_FOR_HEALTHY = 20.0
FAULT_STRENGTH = 4.5
STRENGTH_NEAR_SHAFT = 6.0
FAULT_DEPTH = 0.10
RIVAL_STRENGTH = 4.0
RIVAL_SHARE = 1 / 1.5
SHAFT_CONFUSION = 0.03
SIDEBAND_STRENGTH = 2.5
STRANGER_PROMINENCE = 4.0
STRANGER_LEAD = 4.0
CAGE_STRENGTH = 2.2
CAGE_DEPTH = 0.3
IMPULSIVE_KURTOSIS = 2.0


class Verdict(StrEnum):
    """What is wrong with the bearing."""

    HEALTHY = "healthy"
    OUTER = "outer"
    INNER = "inner"
    BALL = "ball"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Sighting:
    """A family of lines in the band where it stands out most."""

    name: str
    family: Family
    view: BandView

    @property
    def is_fault(self) -> bool:
        """Whether this alone is enough for a verdict."""
        nearest = max(1, round(self.family.order))
        near_shaft = abs(self.family.order - nearest) <= SHAFT_CONFUSION * nearest
        needed = STRENGTH_NEAR_SHAFT if near_shaft else FAULT_STRENGTH
        return self.family.strength >= needed and self.family.depth >= FAULT_DEPTH


@dataclass(frozen=True)
class Weighed:
    """The outcome of weighing the families: a verdict, who leads, and why."""

    verdict: Verdict
    leader: str
    reason: str


_VERDICT_OF = {"BPFO": Verdict.OUTER, "BPFI": Verdict.INNER, "2xBSF": Verdict.BALL}
_PART_OF = {
    "BPFO": "the outer race",
    "BPFI": "the inner race",
    "2xBSF": "a rolling element",
    "FTF": "the cage",
}


def look_for_faults(views: tuple[BandView, ...], geometry: Geometry) -> Mapping[str, Sighting]:
    """Return, for every part of the bearing, its lines in the band that shows them best."""
    return {
        "BPFO": _best("BPFO", views, geometry.bpfo, (4,)),
        "BPFI": _best("BPFI", views, geometry.bpfi, (3, 4), sideband=1.0),
        "2xBSF": _unless_shaft(_best("2xBSF", views, geometry.ball_strike, (4,)), geometry),
        "FTF": _best("FTF", views, geometry.ftf, (3,)),
    }


def _best(
    name: str,
    views: tuple[BandView, ...],
    order: float,
    harmonics: tuple[int, ...],
    sideband: float = 0.0,
) -> Sighting:
    sightings = [
        Sighting(name, find_family(view, order, harmonics=count, sideband=sideband), view)
        for view in views
        for count in harmonics
    ]
    return max(sightings, key=lambda seen: (seen.is_fault, seen.family.prominence))


def _unless_shaft(seen: Sighting, geometry: Geometry) -> Sighting:
    """Take the depth from a ball's lines that may as well be a shaft harmonic or the mains.

    In many small bearings the ball strikes nearly four times a turn; at 1500 rpm that is twice the
    mains frequency too. A ball fault then has to show its sidebands at the cage's order.
    """
    nearest = round(geometry.ball_strike)
    if abs(geometry.ball_strike - nearest) > SHAFT_CONFUSION * nearest or not seen.family.lines:
        return seen
    distance = geometry.ftf * seen.view.shaft_scale
    sides = [
        find_line(seen.view, line.order + side, line.expected_order + side).strength
        for line in seen.family.lines[:2]
        for side in (-distance, distance)
    ]
    if float(np.exp(np.mean(np.log(np.maximum(sides, 0.1))))) >= SIDEBAND_STRENGTH:
        return seen
    return replace(seen, family=replace(seen.family, depth=0.0))


def weigh(sightings: Mapping[str, Sighting], kurtosis: float, revolutions: float) -> Weighed:
    """Weigh the families against each other.

    Parameters
    ----------
    sightings : mapping of str to Sighting
        As `look_for_faults` returns them.
    kurtosis : float
        Excess kurtosis of the signal.
    revolutions : float
        Shaft turns in the recording.
    """
    seen_parts = [sightings[name] for name in _VERDICT_OF]
    parts = sorted(
        (part for part in seen_parts if not _is_explained(part, seen_parts)),
        key=lambda seen: (seen.is_fault, seen.family.prominence),
        reverse=True,
    )
    leader = parts[0]
    if leader.is_fault:
        rivals = [seen for seen in parts[1:] if _rivals(seen, leader)]
        if rivals:
            return Weighed(
                Verdict.CANNOT_TELL,
                leader.name,
                f"Lines of {_PART_OF[leader.name]} and of {_PART_OF[rivals[0].name]} are about "
                "equally strong.",
            )
        return Weighed(
            _VERDICT_OF[leader.name],
            leader.name,
            f"Impacts repeat as a fault of {_PART_OF[leader.name]} would make them.",
        )
    return _weigh_without_leader(leader, sightings["FTF"], kurtosis, revolutions)


def _weigh_without_leader(
    leader: Sighting, cage: Sighting, kurtosis: float, revolutions: float
) -> Weighed:
    if (
        kurtosis >= IMPULSIVE_KURTOSIS
        and cage.family.strength >= CAGE_STRENGTH
        and cage.family.depth >= CAGE_DEPTH
    ):
        return Weighed(
            Verdict.BALL,
            "FTF",
            "Impacts come in groups, once in every turn of the cage, and fit neither race: "
            "one rolling element is unlike the others.",
        )
    if leader.family.strength >= RIVAL_STRENGTH and leader.family.depth >= FAULT_DEPTH:
        reason = f"There are lines of {_PART_OF[leader.name]}, too weak to be sure."
    elif leader.family.strength >= FAULT_STRENGTH and leader.family.depth >= FAULT_DEPTH / 2:
        reason = f"Lines of {_PART_OF[leader.name]} stand out, but the power hardly swings."
    elif kurtosis >= IMPULSIVE_KURTOSIS:
        reason = (
            "The signal is impulsive, yet no line of this bearing fits; check geometry and speed."
        )
    elif revolutions < REVOLUTIONS_FOR_HEALTHY:
        reason = f"No fault line stands out, but {revolutions:.0f} turns are too few to be sure."
    else:
        return Weighed(
            Verdict.HEALTHY, leader.name, "No fault line stands out from the background."
        )
    return Weighed(Verdict.CANNOT_TELL, leader.name, reason)


def doubt(
    weighed: Weighed, sightings: Mapping[str, Sighting], widest: BandView, shaft_hz: float
) -> Weighed:
    """Take a verdict back where lines that fit no part of this bearing outweigh those that do."""
    leader = sightings[weighed.leader]
    views = (leader.view, widest) if weighed.verdict is Verdict.HEALTHY else (leader.view,)
    stranger = max((strongest_stranger(view) for view in views), key=lambda seen: seen.prominence)
    leads = max(seen.family.prominence for seen in sightings.values())
    least = STRANGER_PROMINENCE
    nearest = max(1, round(stranger.found_order))
    if abs(stranger.found_order - nearest) <= SHAFT_CONFUSION * nearest:
        least *= 3  # the shaft itself at a speed a little off, or the mains
    if stranger.prominence < max(least, STRANGER_LEAD * leads):
        return weighed
    return replace(
        weighed,
        verdict=Verdict.CANNOT_TELL,
        reason=f"The strongest lines, at {stranger.order * shaft_hz:.1f} Hz ({stranger.order:.2f} "
        "orders) and its harmonics, fit no part of this bearing; check geometry and speed.",
    )


def _is_explained(part: Sighting, parts: list[Sighting]) -> bool:
    """Say whether the lines of `part` are but sidebands of another part's, and not vice versa."""
    return any(
        other is not part
        and other.family.strength >= RIVAL_STRENGTH
        and _are_sidebands(part, other)
        and not _are_sidebands(other, part)
        for other in parts
    )


def _are_sidebands(part: Sighting, other: Sighting) -> bool:
    """Say whether nearly all lines of `part` lie where `other` has its sidebands.

    An inner race fault has them at whole shaft orders from its harmonics. Where a bearing has
    eight balls, its lower sideband falls on the ball's line.
    """
    if other.name != "BPFI" or len(part.family.lines) < 2:
        return False
    centres = other.family.found_order * np.arange(5)[:, None]
    lattice = (centres + np.arange(-4, 5)[None, :]).ravel()
    scale = part.view.shaft_scale
    tolerance = max(2.0 / part.view.revolutions, 0.002)
    fitting = sum(
        float(np.abs(lattice - line.order / scale).min()) <= tolerance * max(1.0, line.multiple / 2)
        for line in part.family.lines
    )
    return fitting >= len(part.family.lines) - (len(part.family.lines) > 2)


def _rivals(seen: Sighting, leader: Sighting) -> bool:
    return (
        seen.family.strength >= RIVAL_STRENGTH
        and seen.family.depth >= max(FAULT_DEPTH, leader.family.depth / 2)
        and seen.family.prominence >= RIVAL_SHARE * leader.family.prominence
    )
