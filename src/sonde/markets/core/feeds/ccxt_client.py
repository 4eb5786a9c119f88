"""ccxt's clients: opened by the exchange's name, tried again with patience, their errors in ours.

ccxt takes a second to load and is imported only where somebody asks for an exchange.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

from sonde.platform.core.errors import Invalid, NotFound, Unavailable

_T = TypeVar("_T")
_LONGEST_WAIT_S: Final = 60.0
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Spot only, and trades as the venue bundles them: fewer messages, numbered without gaps.
    "binance": {
        "fetchMarkets": {"types": ["spot"]},
        "fetchCurrencies": False,
        "watchTradesForSymbols": {"name": "aggTrade"},
        "watchTrades": {"name": "aggTrade"},
    },
}
NUMBERS_EVERY_TRADE: Final = frozenset({"binance", "binanceusdm"})


@dataclass(frozen=True)
class ExchangeSettings:
    """How an exchange is reached.

    Parameters
    ----------
    name : str
        As ccxt calls it, such as ``"binance"``.
    rest_origin, stream_origin : str
        Other servers than the exchange's own, such as ``"http://127.0.0.1:8080"`` and
        ``"ws://127.0.0.1:8080"``; empty means its own.
    timeout_ms : int
        For one request, 100 to 60,000.
    tries : int
        For one request, 1 to 10.
    first_wait_s : float
        Before the second try; every further wait is twice as long.
    keep_alive_ms : int
        Time between two pings of a stream; two that stay unanswered end it.

    Raises
    ------
    Invalid
        If a number is out of its range.
    """

    name: str
    rest_origin: str = ""
    stream_origin: str = ""
    timeout_ms: int = 10_000
    tries: int = 4
    first_wait_s: float = 0.5
    keep_alive_ms: int = 15_000

    def __post_init__(self) -> None:
        if not 100 <= self.timeout_ms <= 60_000:
            raise Invalid(f"A request may take 100 to 60,000 ms, not {self.timeout_ms}.")
        if not 1 <= self.tries <= 10:
            raise Invalid(f"A request is tried 1 to 10 times, not {self.tries}.")


def open_rest(settings: ExchangeSettings) -> Any:
    """Return ccxt's blocking client.

    Raises
    ------
    NotFound
        If ccxt knows no such exchange.
    """
    import ccxt

    return _open(ccxt, settings)


def open_stream(settings: ExchangeSettings) -> Any:
    """Return ccxt's client of streams; raises NotFound if the exchange has no streams."""
    import ccxt.pro

    client = _open(ccxt.pro, settings)
    client.streaming = {**client.streaming, "keepAlive": settings.keep_alive_ms}
    return client


def _open(library: Any, settings: ExchangeSettings) -> Any:
    if settings.name not in library.exchanges:
        raise NotFound(
            f"There is no exchange {settings.name!r} here; use ccxt's name, such as 'binance'.",
            exchange=settings.name,
        )
    client = getattr(library, settings.name)(
        {
            "timeout": settings.timeout_ms,
            "enableRateLimit": True,
            "options": dict(_OPTIONS.get(settings.name, {})),
        }
    )
    client.urls = {
        **client.urls,
        "api": moved(client.urls["api"], settings.rest_origin, settings.stream_origin),
    }
    return client


def moved(urls: Any, rest_origin: str, stream_origin: str) -> Any:
    """Return a tree of addresses with their servers replaced.

    Examples
    --------
    >>> moved({"a": "https://x.com/v3", "ws": {"b": "wss://s.com/ws"}}, "http://h:1", "ws://h:2")
    {'a': 'http://h:1/v3', 'ws': {'b': 'ws://h:2/ws'}}
    """
    if isinstance(urls, Mapping):
        return {name: moved(one, rest_origin, stream_origin) for name, one in urls.items()}
    if not isinstance(urls, str):
        return urls
    origin = stream_origin if urls.startswith("ws") else rest_origin
    if not origin:
        return urls
    server = urlsplit(origin)
    return urlunsplit((server.scheme, server.netloc, *urlsplit(urls)[2:]))


def asked(
    client: Any,
    settings: ExchangeSettings,
    question: Callable[[], _T],
    sleep: Callable[[float], None] = time.sleep,
) -> _T:
    """Return the answer to `question`, tried again while the exchange is busy or out of reach.

    After a 429 the exchange's own ``Retry-After`` is kept to.

    Raises
    ------
    NotFound
        If the exchange knows no such symbol.
    Unavailable
        If it cannot be reached, refuses, or asks for a longer wait than a minute.
    """
    import ccxt

    for attempt in range(settings.tries):
        try:
            return question()
        except ccxt.BadSymbol as error:
            raise NotFound(f"{settings.name} knows no such symbol: {error}") from error
        except ccxt.NetworkError as error:
            wait_s = _wait_s(client, error, settings.first_wait_s * 2**attempt)
            if attempt + 1 == settings.tries or wait_s > _LONGEST_WAIT_S:
                raise Unavailable(sentence(settings.name, error), wait_s=wait_s) from error
            sleep(wait_s)
        except ccxt.BaseError as error:
            raise Unavailable(sentence(settings.name, error)) from error
    raise Unavailable(f"{settings.name} does not answer.")


def sentence(name: str, error: Exception) -> str:
    """Return why the exchange gives no prices, for people."""
    import ccxt

    if isinstance(error, ccxt.DDoSProtection | ccxt.RateLimitExceeded):
        return f"{name} asks for fewer requests; try again later."
    if isinstance(error, ccxt.RequestTimeout):
        return f"{name} does not answer in time."
    if isinstance(error, ccxt.NetworkError | OSError):
        return f"{name} cannot be reached from here; is there a connection to the internet?"
    words = str(error).removeprefix(name).strip()
    return f"{name} refuses: {words[:200] or type(error).__name__}"


def _wait_s(client: Any, error: Exception, own_s: float) -> float:
    import ccxt

    if not isinstance(error, ccxt.DDoSProtection | ccxt.RateLimitExceeded):
        return min(own_s, _LONGEST_WAIT_S)
    headers = {str(k).lower(): v for k, v in (client.last_response_headers or {}).items()}
    try:
        return max(float(headers.get("retry-after", own_s)), own_s)
    except ValueError:
        return own_s
