"""National Instruments' TDMS: raw channels with their properties, read by nptdms.

The raw data of a TDMS file is never compressed: what the channels declare must stand in the file.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np
import numpy.ma
from nptdms import TdmsFile
from nptdms.tdms import TdmsChannel

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.packing import Packed, packed, plain
from sonde.bearings.core.readers.variables import (
    as_float32,
    is_rate_name,
    is_speed_name,
    rate_of_time_axis,
    unusable,
)
from sonde.bearings.core.recordings import UNKNOWN_UNIT, Channel, FileContent, Record
from sonde.platform.core.errors import TooLarge, Unreadable

_MAX_CHANNELS = 256
_TIME_NAMES = frozenset({"time", "t", "time_s"})


class _Strict(logging.Handler):
    """Refuses what nptdms only warns of, such as a segment that declares more than it holds."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise Unreadable with the warning."""
        raise Unreadable(f"This .tdms file contradicts itself ({record.getMessage()}).")


_LOG = logging.getLogger("nptdms")
_LOG.handlers, _LOG.propagate = [_Strict(logging.WARNING)], False


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read a ``.tdms`` file.

    Raises
    ------
    Unreadable, TooLarge
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    with TdmsFile.open(stream) as file:
        found = [channel for group in file.groups() for channel in group.channels()]
        numeric = [each for each in found if each.dtype.kind in "fiu" and len(each)]
        if file.file_status.incomplete_final_segment:
            raise Unreadable("This .tdms file is shorter than it declares.")
        if len(found) > _MAX_CHANNELS:
            raise TooLarge(f"A recording has at most {_MAX_CHANNELS} channels.")
        _check_sizes(numeric, size, limit_bytes)
        said = {**file.properties}
        for group in file.groups():
            said |= group.properties
        notes: list[str] = []
        channels = tuple(_channels(numeric, said, notes))
    if not channels:
        raise Unreadable("; ".join(notes) or "This .tdms file holds no signal.")
    record = Record("", channels, _speed(said, numeric), taken_at=_taken_at(said, numeric))
    return FileContent("tdms", (record,), tuple(notes))


def _check_sizes(channels: list[TdmsChannel], size: int, limit_bytes: int) -> None:
    declared = sum(len(channel) * channel.dtype.itemsize for channel in channels)
    if declared > size:
        raise Unreadable(f"The channels declare {declared:,} bytes, but the file has {size:,}.")
    Budget(limit_bytes).take(2 * declared, size)


def _channels(
    found: list[TdmsChannel], said: Mapping[str, Any], notes: list[str]
) -> Iterator[Channel]:
    common = next((_figure(said[name]) for name in said if is_rate_name(name)), None)
    for each in found:
        if each.name.lower() in _TIME_NAMES:
            common = common or rate_of_time_axis(each[:].astype(np.float64))
    for each in found:
        if each.name.lower() in _TIME_NAMES:
            continue
        samples = as_float32(each[:])
        reason = unusable(samples)
        if reason:
            notes.append(f"{plain(each.name)}: {reason}.")
            continue
        unit = plain(each.properties.get("unit_string", "")) or UNKNOWN_UNIT
        name = plain(each.name) or "channel"
        yield Channel(name, samples, _rate(each) or common, unit, f"{each.group_name}/{each.name}")


def _rate(channel: TdmsChannel) -> float | None:
    """Return the rate of a waveform, whose properties say the time between two samples."""
    step = _figure(channel.properties.get("wf_increment"))
    if step is None:
        return next(
            (_figure(value) for name, value in channel.properties.items() if is_rate_name(name)),
            None,
        )
    rate = 1.0 / step
    nearest = round(rate)
    return float(nearest) if abs(rate - nearest) < 1e-6 * rate else rate


def _speed(said: Mapping[str, Any], channels: list[TdmsChannel]) -> float | None:
    everything = [said, *(channel.properties for channel in channels)]
    return next(
        (_figure(each[name]) for each in everything for name in each if is_speed_name(name)), None
    )


def _taken_at(said: Mapping[str, Any], channels: list[TdmsChannel]) -> str:
    """Return the first time that a property tells; TDMS keeps times in UTC."""
    for each in [*(channel.properties for channel in channels), said]:
        for value in each.values():
            if isinstance(value, np.datetime64) and not np.isnat(value):
                return f"{value.astype('datetime64[ms]')}+00:00"
            if isinstance(value, datetime):
                return value.isoformat()
    return ""


def _figure(value: object) -> float | None:
    if isinstance(value, int | float | np.number) and np.isfinite(value) and value > 0:
        return float(value)
    return None


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
