"""Money, costs and limits that a run was told, in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sonde.markets.core.risk.settings import SETTINGS

_SIZES: Final[Mapping[str, str]] = {
    "equity": "{:g} % of the equity",
    "quote": "{:,g} of the quote currency",
    "quantity": "{:g} of the base currency",
    "risk": "as large as {:g} % of the equity lie before the stop",
}


def told_pairs(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return name and words of everything that the assumptions say.

    Examples
    --------
    >>> from sonde.markets.core.backtesting.assumptions import Assumptions
    >>> dict(told_pairs(Assumptions().document()))["An entry"]
    '100 % of the equity'
    """
    share = told["volume_share"]
    liquidity = "no limit" if share is None else f"{_percent(share)} of a bar's volume"
    parts = [f"{told[name]} ppm {words}" for name, words in _COSTS.items() if told[name]]
    return [
        ("Money at the beginning", f"{Decimal(told['start']):,f}"),
        ("An entry", size_words(told)),
        ("Leverage", f"{Decimal(told['leverage']):g}"),
        ("Fee", _fee(told["taker_fee"])),
        ("Beyond the price", ", ".join(parts) or "nothing"),
        ("Liquidity", liquidity),
        ("Latency", f"{told['latency_ms']:,} ms"),
        ("Risk rules", limit_words(told.get("limits") or {})),
    ]


_COSTS: Final[Mapping[str, str]] = {
    "half_spread_ppm": "half spread",
    "slippage_ppm": "slippage",
    "impact_ppm": "impact of a whole bar's volume",
}


def size_words(told: Mapping[str, Any]) -> str:
    """Say how large an entry is."""
    size, kind = Decimal(told["size"]), told["sizing"]
    shown = size * 100 if kind in {"equity", "risk"} else size
    return _SIZES[kind].format(float(shown))


def limit_words(limits: Mapping[str, str]) -> str:
    """Say which risk rules hold.

    Examples
    --------
    >>> limit_words({"cooldown_minutes": "30", "max_open_trades": "2"})
    'pause after an exit 30 min; open trades 2 trades'
    """
    known = {each.name: each for each in SETTINGS}
    said = [
        f"{known[name].title[0].lower()}{known[name].title[1:]} {Decimal(value):f} "
        f"{known[name].unit}".rstrip()
        for name, value in limits.items()
        if name in known
    ]
    return "; ".join(said) or "none"


def _fee(fee: str | None) -> str:
    return "the instrument's taker fee" if fee is None else _percent(fee)


def _percent(share: str) -> str:
    return f"{float(Decimal(share) * 100):g} %"
