"""Every strategy that can be used, shipped or written by an administrator: one way to find them."""

from collections.abc import Sequence

from sonde.markets.core.naming import unknown
from sonde.markets.core.parameters import Parameter
from sonde.markets.core.strategies.catalogue import STRATEGIES, strategy_named
from sonde.markets.core.strategies.loading import OwnStrategy
from sonde.markets.core.strategies.protocol import Strategy
from sonde.markets.core.strategies.remembering import RememberingStrategy
from sonde.markets.persistence import own_strategies as rows


def named(name: str) -> Strategy:
    """Return a strategy: ``sma-cross``, ``mine`` for its newest version, or ``mine@2``.

    The name of what is returned says the version: whoever writes it down means this one for good.
    Raises NotFound, which says what there is.
    """
    if name in STRATEGIES:
        return strategy_named(name)
    plain, _, version = name.partition("@")
    usable = [one for one in rows.versions(plain) if one.state == rows.READY]
    found = next((one for one in usable if version in {"", str(one.version)}), None)
    if found is None:
        raise unknown("strategy", name, (one.name for one in listed()))
    return as_strategy(found)


def listed() -> Sequence[Strategy]:
    """Return every strategy that can be used, the newest version of each; shipped ones first."""
    newest: dict[str, rows.StrategyRow] = {}
    for row in rows.every():
        if row.state == rows.READY:
            newest.setdefault(row.name, row)
    return [*STRATEGIES.values(), *(as_strategy(row) for row in newest.values())]


def as_strategy(row: rows.StrategyRow) -> RememberingStrategy:
    """Return a version as a strategy that is asked in a child process."""
    told = row.described
    parameters = tuple(
        Parameter(**{**each, "choices": tuple(each["choices"])}) for each in told["parameters"]
    )
    own = OwnStrategy(row.name, told["title"], told["words"], parameters, row.source)
    return RememberingStrategy(own, f"{row.name}@{row.version}")
