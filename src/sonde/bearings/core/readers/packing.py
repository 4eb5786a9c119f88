"""How a file's content crosses from the jailed child to its parent: facts and arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.readers.own_file import TEXTS, checked_conditions
from sonde.bearings.core.recordings import Channel, FileContent, Record
from sonde.platform.core.errors import Unreadable

Packed = tuple[Mapping[str, Any], list[NDArray[np.float32]]]

_NAME_LENGTH = 80


def packed(content: FileContent) -> Packed:
    """Turn content into JSON facts and arrays, one array for each channel."""
    arrays = [channel.samples for record in content.records for channel in record.channels]
    facts = {
        "format": content.format,
        "notes": list(content.notes),
        "records": [_record_facts(record) for record in content.records],
    }
    return facts, arrays


def _record_facts(record: Record) -> Mapping[str, Any]:
    return {
        "name": record.name,
        "speed_rpm": record.speed_rpm,
        "load": record.load,
        "taken_at": record.taken_at,
        "clock_s": record.clock_s,
        "declared": dict(record.declared),
        "channels": [
            {
                "name": channel.name,
                "sampling_rate_hz": channel.sampling_rate_hz,
                "unit": channel.unit,
                "variable": channel.variable,
            }
            for channel in record.channels
        ],
    }


def unpacked(facts: Mapping[str, Any], arrays: tuple[NDArray[Any], ...]) -> FileContent:
    """Turn a child's answer back into content; the answer is not trusted."""
    left = list(arrays)
    records = []
    for each in facts["records"]:
        channels = tuple(_channel(channel, left.pop(0)) for channel in each["channels"])
        records.append(
            Record(
                plain(each["name"]),
                channels,
                _figure(each["speed_rpm"]),
                plain(each["load"]),
                plain(each["taken_at"]),
                _figure(each["clock_s"]),
                _declared(each["declared"]),
            )
        )
    return FileContent(
        plain(facts["format"]), tuple(records), tuple(str(note)[:300] for note in facts["notes"])
    )


def _channel(facts: Mapping[str, Any], samples: NDArray[Any]) -> Channel:
    if samples.dtype != np.float32 or samples.ndim != 1:
        raise Unreadable("The reader gave an answer that makes no sense.")
    rate = _figure(facts["sampling_rate_hz"])
    return Channel(
        plain(facts["name"]), samples, rate, plain(facts["unit"]), str(facts["variable"])
    )


def _declared(given: Mapping[str, Any]) -> dict[str, Any]:
    declared: dict[str, Any] = {name: plain(given[name]) for name in TEXTS if name in given}
    if "conditions" in given:
        declared["conditions"] = checked_conditions(given["conditions"])
    return declared


def _figure(value: Any) -> float | None:
    return None if value is None else float(value)


def plain(text: object) -> str:
    """Return `text` without control characters, at most 80 characters long.

    Examples
    --------
    >>> plain("DE\\n\\x1b[31m")
    'DE[31m'
    """
    return "".join(letter for letter in str(text) if letter.isprintable())[:_NAME_LENGTH].strip()
