"""What clients say: subscribe, unsubscribe, which account, from where to go on."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sonde.markets.core.timeframes import Timeframe
from sonde.platform.core.errors import Invalid

ACCOUNT_TOPICS = frozenset({"trade", "order", "balance", "risk"})
PERSONAL_TOPICS = frozenset({"notification", "job"})
MOST_TOPICS = 50
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}")
_LARGEST = 10_000
_EXAMPLE = '{"subscribe": ["price:BTCUSDT", "trade"]}'


@dataclass(frozen=True)
class StreamTopic:
    """One thing to be told about.

    Parameters
    ----------
    kind : str
        ``price``, ``candle``, ``trade``, ``order``, ``balance``, ``risk``, ``notification`` or
        ``job``.
    symbol, timeframe : str
        Of prices and candles.
    """

    kind: str
    symbol: str = ""
    timeframe: str = ""

    @property
    def name(self) -> str:
        """The topic as clients write it."""
        return ":".join(part for part in (self.kind, self.symbol, self.timeframe) if part)


@dataclass(frozen=True)
class StreamRequest:
    """One message of a client.

    Parameters
    ----------
    subscribe, unsubscribe : tuple of StreamTopic
    account_id : str
        Whose trades, orders, balance and risk; empty for the oldest account.
    after : int, optional
        The `seq` that the client saw last of this account; with it, what was missed is told
        instead of how the account stands.
    """

    subscribe: tuple[StreamTopic, ...]
    unsubscribe: tuple[StreamTopic, ...]
    account_id: str = ""
    after: int | None = None


def read_topic(text: object) -> StreamTopic:
    """Return the topic that a text names.

    Raises
    ------
    Invalid
        If there is no such topic.

    Examples
    --------
    >>> read_topic("candle:binance:BTCUSDT:1m")
    StreamTopic(kind='candle', symbol='binance:BTCUSDT', timeframe='1m')
    >>> read_topic("trade").name
    'trade'
    """
    kind, _, rest = str(text).partition(":")
    if kind in ACCOUNT_TOPICS | PERSONAL_TOPICS and not rest:
        return StreamTopic(kind)
    if kind == "price":
        return StreamTopic(kind, checked_symbol(rest))
    if kind == "candle":
        symbol, _, timeframe = rest.rpartition(":")
        return StreamTopic(kind, checked_symbol(symbol), Timeframe(timeframe).name)
    raise Invalid(
        f"There is no topic {str(text)[:60]!r}; there are price:SYMBOL, candle:SYMBOL:1m, trade, "
        "order, balance, risk, notification and job.",
        field="subscribe",
    )


def checked_symbol(text: str) -> str:
    """Return a symbol's name; raises Invalid for what cannot be one."""
    name = text.strip()
    if not _SYMBOL.fullmatch(name):
        raise Invalid(f"{text[:60]!r} is no symbol such as BTCUSDT.", field="symbol")
    return name


def read_request(text: str) -> StreamRequest:
    """Return what a client says.

    Raises
    ------
    Invalid
        If it cannot be understood.

    Examples
    --------
    >>> read_request('{"subscribe": ["price:BTCUSDT"], "after": 7}').after
    7
    """
    told = _document(text)
    unknown = set(told) - {"subscribe", "unsubscribe", "account_id", "after"}
    if unknown:
        raise Invalid(f"There is no field {min(unknown)!r} here; say {_EXAMPLE}.")
    after = told.get("after")
    if after is not None and (not isinstance(after, int) or isinstance(after, bool) or after < 0):
        raise Invalid("`after` is the seq that you saw last, a whole number.", field="after")
    topics = [_topics(told.get(name, [])) for name in ("subscribe", "unsubscribe")]
    return StreamRequest(topics[0], topics[1], str(told.get("account_id") or ""), after)


def read_symbol(text: str) -> str:
    """Return the symbol that a client switches to: plain, or in a document.

    Examples
    --------
    >>> read_symbol("BTCUSDT"), read_symbol('{"symbol": "ETHUSDT"}')
    ('BTCUSDT', 'ETHUSDT')
    """
    plain = text.strip()
    if not plain.startswith("{"):
        return checked_symbol(plain)
    return checked_symbol(str(_document(plain).get("symbol", "")))


def _document(text: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(f"Say what you want in JSON, such as {_EXAMPLE}.")
    return told


def _topics(told: object) -> tuple[StreamTopic, ...]:
    if not isinstance(told, list) or len(told) > MOST_TOPICS:
        raise Invalid(f"Name up to {MOST_TOPICS} topics in a list, such as {_EXAMPLE}.")
    return tuple(read_topic(one) for one in told)
