"""What the spectrum of a fault should look like, to lay over a measured one.

Lines and bands with heights relative to the highest of them (1). They are schematic: the places are
physics, the heights only say which line should be the higher one. Journal bearings follow the
signatures of `simulate`; rolling bearings are read in the squared envelope spectrum (Randall and
Antoni, "Rolling element bearing diagnostics - a tutorial", MSSP 25 (2011)).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sonde.bearings.core.fault_classes import HEALTHY, find_fault_class
from sonde.bearings.core.geometry import Geometry
from sonde.platform.core.errors import Invalid, NotFound

SPECTRUM = "spectrum"
ENVELOPE = "envelope spectrum"
ROLLING_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "outer": "Outer race",
        "inner": "Inner race",
        "ball": "Rolling element",
        "cage": "Cage",
    }
)
_HARMONICS = 5


@dataclass(frozen=True)
class ExpectedLine:
    """A line: name, frequency, and height relative to the highest."""

    name: str
    frequency_hz: float
    height: float


@dataclass(frozen=True)
class ExpectedBand:
    """A band in which a line or noise is expected: name, edges, relative height."""

    name: str
    low_hz: float
    high_hz: float
    height: float


@dataclass(frozen=True)
class ExpectedSpectrum:
    """What to look for.

    Parameters
    ----------
    fault : str
        Key of the class.
    title : str
    read_in : str
        ``"spectrum"`` or ``"envelope spectrum"``.
    lines : tuple of ExpectedLine
    bands : tuple of ExpectedBand
    remark : str
        What tells this class from the others, in one sentence.
    """

    fault: str
    title: str
    read_in: str
    lines: tuple[ExpectedLine, ...]
    bands: tuple[ExpectedBand, ...]
    remark: str


@dataclass(frozen=True)
class _Signature:
    """Orders of lines, bands by order and bands in Hz, each with its height."""

    remark: str
    orders: tuple[tuple[float, float], ...] = ()
    order_bands: tuple[tuple[float, float, float], ...] = ()
    bands_hz: tuple[tuple[str, float, float, float], ...] = ()


_STICK_SLIP = ("stick-slip", 2.0, 5.0)
_BURSTS = ("cavitation bursts", 1500.0, 2500.0)
_WHIRL = (0.42, 0.48)
_LOOSE = (0.43, 0.48)
_FLOOR = ("raised floor", 0.0, float("inf"))

_SIGNATURES: Mapping[str, _Signature] = MappingProxyType(
    {
        HEALTHY: _Signature("No line stands over the floor but that of the mains."),
        "misalignment": _Signature("2X is higher than 1X, and 3X is there.", ((2, 1.0), (3, 0.57))),
        "imbalance": _Signature("One line at 1X that grows with speed and load.", ((1, 1.0),)),
        "clearance": _Signature(
            "A line below half of the shaft's speed, with 1X and 2X.",
            ((1, 0.72), (2, 0.40)),
            ((*_LOOSE, 1.0),),
        ),
        "lubrication": _Signature(
            "Slow stick-slip far below 1X; the kurtosis stays that of a sine.",
            bands_hz=((*_STICK_SLIP, 1.0),),
        ),
        "cavitation": _Signature(
            "Short bursts in the kilohertz range; the kurtosis is high.",
            bands_hz=((*_BURSTS, 1.0),),
        ),
        "wear": _Signature(
            "The whole floor is raised and swings slowly; 1X and 2X are weak.",
            ((1, 0.48), (2, 0.24)),
            bands_hz=((*_FLOOR, 1.0),),
        ),
        "oil_whirl": _Signature(
            "One high line at 0.42 to 0.48X, modulated at half its own frequency.",
            order_bands=((*_WHIRL, 1.0), (0.21, 0.24, 0.1), (0.63, 0.72, 0.1)),
        ),
        "misalignment_imbalance": _Signature(
            "1X as in imbalance beside 2X and 3X.", ((1, 1.0), (2, 0.71), (3, 0.43))
        ),
        "wear_lubrication": _Signature(
            "A raised floor and slow stick-slip, with a weak 1X and 2X.",
            ((1, 0.40), (2, 0.20)),
            bands_hz=((*_FLOOR, 0.9), (*_STICK_SLIP, 1.0)),
        ),
        "cavitation_clearance": _Signature(
            "Bursts in the kilohertz range and a line below half of the shaft's speed.",
            ((1, 0.30),),
            ((*_LOOSE, 0.44),),
            ((*_BURSTS, 1.0),),
        ),
    }
)


def expected_spectrum(
    fault: str, shaft_hz: float, highest_hz: float, geometry: Geometry | None = None
) -> ExpectedSpectrum:
    """Return the lines and bands that a fault should show.

    Parameters
    ----------
    fault : str
        A journal class by key or alias, or ``"outer"``, ``"inner"``, ``"ball"``, ``"cage"``.
    shaft_hz : float
    highest_hz : float
        Nothing beyond is listed; bands are cut there.
    geometry : Geometry, optional
        Needed for rolling bearings.

    Raises
    ------
    NotFound
        If there is no such class.
    Invalid
        If the speed is not positive, or a rolling bearing's geometry is missing.

    Examples
    --------
    >>> seen = expected_spectrum("misalignment", 60.0, 1000.0)
    >>> [(line.name, line.frequency_hz, line.height) for line in seen.lines]
    [('2X', 120.0, 1.0), ('3X', 180.0, 0.57)]
    >>> expected_spectrum("oilwhirl", 100.0, 1000.0).bands[0]
    ExpectedBand(name='0.42-0.48X', low_hz=42.0, high_hz=48.0, height=1.0)
    """
    if not (shaft_hz > 0 and highest_hz > 0):
        raise Invalid(f"Shaft speed {shaft_hz:g} Hz: it must be positive.", field="shaft_hz")
    if fault in ROLLING_FAULTS:
        return _rolling(fault, shaft_hz, highest_hz, geometry)
    found = find_fault_class(fault)
    if found is None:
        raise NotFound(
            f"There is no fault class {fault!r}; choose a journal class or one of "
            f"{', '.join(ROLLING_FAULTS)}."
        )
    signature = _SIGNATURES[found.key]
    bands = (
        *(
            ExpectedBand(f"{low:g}-{high:g}X", low * shaft_hz, high * shaft_hz, height)
            for low, high, height in signature.order_bands
        ),
        *(ExpectedBand(*band) for band in signature.bands_hz),
    )
    lines = tuple(
        ExpectedLine(f"{order:g}X", order * shaft_hz, height) for order, height in signature.orders
    )
    return ExpectedSpectrum(
        found.key,
        found.title,
        SPECTRUM,
        _cut(lines, highest_hz),
        _cut_bands(bands, highest_hz),
        signature.remark,
    )


def _rolling(
    fault: str, shaft_hz: float, highest_hz: float, geometry: Geometry | None
) -> ExpectedSpectrum:
    if geometry is None:
        raise Invalid(
            "The lines of a rolling bearing follow from its geometry: choose a bearing.",
            field="bearing",
        )
    lines = _ROLLING[fault](geometry)
    scaled = tuple(
        ExpectedLine(line.name, line.frequency_hz * shaft_hz, line.height) for line in lines
    )
    title = ROLLING_FAULTS[fault]
    return ExpectedSpectrum(
        fault, title, ENVELOPE, _cut(scaled, highest_hz), (), _ROLLING_REMARKS[fault]
    )


def _family(
    name: str, order: float, spacing: float = 0.0, sidebands: tuple[float, ...] = ()
) -> tuple[ExpectedLine, ...]:
    """Return harmonics of an order, each with sidebands; frequencies in orders."""
    lines = []
    for k in range(1, _HARMONICS + 1):
        height = 1 / k
        lines.append(ExpectedLine(f"{k}x {name}", k * order, height))
        for step, share in enumerate(sidebands, start=1):
            for side in (-step, step):
                place = k * order + side * spacing
                lines.append(ExpectedLine(f"{k}x {name} {side:+d}", place, height * share))
    return tuple(lines)


def _inner(geometry: Geometry) -> tuple[ExpectedLine, ...]:
    family = _family("BPFI", geometry.bpfi, 1.0, (0.5, 0.2))
    return (ExpectedLine("1X", 1.0, 0.6), *family)


def _ball(geometry: Geometry) -> tuple[ExpectedLine, ...]:
    family = _family("2xBSF", geometry.ball_strike, geometry.ftf, (0.6, 0.3))
    return (ExpectedLine("FTF", geometry.ftf, 0.6), *family)


_ROLLING: Mapping[str, Callable[[Geometry], tuple[ExpectedLine, ...]]] = MappingProxyType(
    {
        "outer": lambda geometry: _family("BPFO", geometry.bpfo),
        "inner": _inner,
        "ball": _ball,
        "cage": lambda geometry: _family("FTF", geometry.ftf),
    }
)
_ROLLING_REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "outer": "Harmonics of BPFO without sidebands: the spot stays in the load zone.",
        "inner": "Harmonics of BPFI with sidebands at 1X: the spot turns through the load zone.",
        "ball": "Harmonics of twice BSF with sidebands at the cage's speed.",
        "cage": "Harmonics of the cage's speed, far below 1X.",
    }
)


def _cut(lines: tuple[ExpectedLine, ...], highest_hz: float) -> tuple[ExpectedLine, ...]:
    return tuple(line for line in lines if 0 < line.frequency_hz <= highest_hz)


def _cut_bands(bands: tuple[ExpectedBand, ...], highest_hz: float) -> tuple[ExpectedBand, ...]:
    return tuple(
        ExpectedBand(band.name, band.low_hz, min(band.high_hz, highest_hz), band.height)
        for band in bands
        if band.low_hz < highest_hz
    )
