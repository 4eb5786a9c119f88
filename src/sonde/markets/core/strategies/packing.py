"""How a question about candles crosses to the jailed child, and how decisions come back.

A question is a length, a JSON header of that length and, where candles belong to it, their columns
as raw little-endian numbers. Nothing is pickled.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sonde.markets.core.candles import COLUMNS, Candles, Provenance
from sonde.markets.core.instruments import FeeSchedule, Instrument
from sonde.markets.core.strategies.decisions import FLAGS, NUMBERS, Decisions
from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

_MOST_INDICATORS = 50
_DECIMALS = ("tick", "step", "min_notional", "max_leverage", "maintenance_rate")


def packed_question(question: Mapping[str, Any], candles: Candles | None) -> bytes:
    """Return a question and its candles as bytes.

    Parameters
    ----------
    question : mapping
        JSON-ready.
    candles : Candles, optional
    """
    header = dict(question)
    columns = b""
    if candles is not None:
        header["candles"] = _candle_facts(candles)
        columns = candles.open_time_ms.astype("<i8").tobytes() + b"".join(
            getattr(candles, name).astype("<f8").tobytes() for name in COLUMNS
        )
    text = json.dumps(header, allow_nan=False).encode()
    return len(text).to_bytes(8, "little") + text + columns


def unpacked_question(stream: BinaryIO) -> tuple[Mapping[str, Any], Candles | None]:
    """Return the question and its candles."""
    question = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    if "candles" not in question:
        return question, None
    facts = question.pop("candles")
    width = 8 * facts["n"]
    times = np.frombuffer(stream.read(width), dtype="<i8")
    columns = {name: np.frombuffer(stream.read(width), dtype="<f8") for name in COLUMNS}
    return question, Candles(
        _instrument(facts["instrument"]),
        Timeframe(facts["timeframe"]),
        times,
        **columns,
        source=Provenance(**facts["source"]),
    )


def packed_decisions(decisions: Decisions) -> tuple[Mapping[str, Any], list[NDArray[Any]]]:
    """Return decisions as JSON facts and arrays."""
    given = [name for name in NUMBERS if getattr(decisions, name) is not None]
    seen = list(decisions.indicators)[:_MOST_INDICATORS]
    facts = {
        "numbers": given,
        "reason_names": list(decisions.reason_names),
        "has_reason": decisions.reason is not None,
        "indicators": seen,
    }
    flags = np.array([getattr(decisions, name) for name in FLAGS], dtype="<i8")
    reason = decisions.reason if decisions.reason is not None else np.zeros(0)
    columns = [getattr(decisions, name) for name in given]
    columns += [decisions.indicators[name] for name in seen]
    arrays = [flags, reason.astype("<i8"), *(each.astype("<f8") for each in columns)]
    return facts, [np.ascontiguousarray(each) for each in arrays]


def unpacked_decisions(facts: Mapping[str, Any], arrays: tuple[NDArray[Any], ...]) -> Decisions:
    """Return the decisions; raises Invalid if facts and arrays do not fit each other."""
    numbers, seen = list(facts["numbers"]), list(facts["indicators"])
    shape = arrays[0].shape if arrays else ()
    fits = len(shape) == 2 and shape[0] == len(FLAGS) and set(numbers) <= set(NUMBERS)
    if not fits or len(arrays) != 2 + len(numbers) + len(seen):
        raise Invalid("The strategy's answer makes no sense.", field="strategy")
    flags = dict(zip(FLAGS, arrays[0].astype(np.bool_), strict=True))
    columns = arrays[2:]
    return Decisions(
        **flags,
        **dict(zip(numbers, columns, strict=False)),
        reason=arrays[1] if facts["has_reason"] else None,
        reason_names=tuple(str(each) for each in facts["reason_names"]),
        indicators=dict(zip(map(str, seen), columns[len(numbers) :], strict=True)),
    )


def _candle_facts(candles: Candles) -> Mapping[str, Any]:
    instrument = asdict(candles.instrument)
    fees = instrument.pop("fees")
    instrument |= {name: str(instrument[name]) for name in _DECIMALS}
    return {
        "n": candles.n,
        "timeframe": candles.timeframe.name,
        "source": asdict(candles.source),
        "instrument": instrument | {"fees": {side: str(rate) for side, rate in fees.items()}},
    }


def _instrument(facts: Mapping[str, Any]) -> Instrument:
    decimals = {name: Decimal(facts[name]) for name in _DECIMALS}
    fees = FeeSchedule(**{side: Decimal(rate) for side, rate in facts["fees"].items()})
    return Instrument(**{**facts, **decimals, "fees": fees})
