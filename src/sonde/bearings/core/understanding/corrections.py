"""What a person may correct of a row before it is stored."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sonde.bearings.core.recordings import UNKNOWN_UNIT
from sonde.bearings.core.understanding.said import plain_label, plain_severity
from sonde.bearings.core.understanding.understand import assumed
from sonde.bearings.core.understanding.understood import Understood
from sonde.platform.core.errors import Invalid

EDITABLE = (
    "label",
    "bearing",
    "sampling_rate_hz",
    "speed_rpm",
    "unit",
    "severity",
    "fault_size",
    "fault_position",
    "load",
    "session",
    "tacho_channel",
    "taken_at",
)
_NUMBERS = ("sampling_rate_hz", "speed_rpm")
_TEXT_LENGTH = 80
_LEAST, _MAX_RATE_HZ = 1e-6, 100e6
_MAX_SPEED_RPM = 1e6


def corrected(row: Understood, changes: Mapping[str, object]) -> Understood:
    """Return a row with a person's corrections; raises Invalid for what makes no sense.

    Examples
    --------
    >>> corrected(Understood(file="a.npy"), {"label": "Inner race", "speed_rpm": "1797"}).label
    'inner'
    """
    values: dict[str, object] = {}
    for name, value in changes.items():
        if name == "left_out":
            row = replace(row, left_out=bool(value))
            continue
        if name not in EDITABLE:
            raise Invalid(f"{name} cannot be corrected.", field=name)
        values[name] = _number(name, value) if name in _NUMBERS else _words(name, value)
    _check_fits(row, values)
    sources = {**row.sources, **dict.fromkeys(values, "you")}
    return assumed(replace(row, **values, sources=sources))  # type: ignore[arg-type]


def _check_fits(row: Understood, values: Mapping[str, object]) -> None:
    """Raise Invalid for a tacho that is no channel, and for the rate of what was resampled."""
    tacho = values.get("tacho_channel")
    if tacho and tacho not in row.channels:
        have = ", ".join(row.channels)
        raise Invalid(f"There is no channel {tacho!r}; there are {have}.", field="tacho_channel")
    rate = values.get("sampling_rate_hz")
    brought = row.conditions.get("resampled_from_hz")
    if brought and rate != row.sampling_rate_hz and "sampling_rate_hz" in values:
        raise Invalid(
            f"These samples were brought here from {brought:g} Hz; if that is wrong, import the "
            "files again with the right rate.",
            field="sampling_rate_hz",
        )


def _number(name: str, value: object) -> float | None:
    if value is None or value == "":
        return None
    limit = _MAX_RATE_HZ if name == "sampling_rate_hz" else _MAX_SPEED_RPM
    try:
        figure = float(str(value).replace(",", "."))
    except ValueError:
        figure = math.nan
    if not _LEAST <= figure <= limit:
        noun = "sampling rate in Hz" if name == "sampling_rate_hz" else "speed in rpm"
        raise Invalid(f"{value!r} is no {noun}.", field=name)
    return figure


def _words(name: str, value: object) -> str:
    text = str(value or "").strip()
    if len(text) > _TEXT_LENGTH or not text.isprintable():
        raise Invalid(f"At most {_TEXT_LENGTH} printable characters.", field=name)
    if name == "label":
        return plain_label(text)
    if name == "severity":
        return plain_severity(text)
    if name == "taken_at":
        return _time(text)
    return text or UNKNOWN_UNIT if name == "unit" else text


def _time(text: str) -> str:
    """Return a time as ISO 8601; without a zone it is taken as UTC."""
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is no time, such as 2026-05-01 12:30.", field="taken_at") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
