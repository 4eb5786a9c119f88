"""Markets, as the one value that the rest of the product reads."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import Domain, EventKind, PaletteEntry, Schedule
from sonde.platform.core.jobs import JobFunction, JobKind


def _pages() -> Sequence[Any]:
    from sonde.markets.ui.pages import PAGES

    return PAGES


def _tables() -> Sequence[Any]:
    from sonde.markets.services.tables import TABLES

    return TABLES


def _palette(actor: Actor, text: str) -> Sequence[PaletteEntry]:
    from sonde.markets.ui.palette import palette

    return palette(actor, text)


def _home_cards(actor: Actor) -> Sequence[Any]:
    from sonde.markets.ui.home import home_cards

    return home_cards(actor)


def _routers() -> Sequence[Any]:
    from sonde.markets.api import auto_trading, backtests, funding, strategies
    from sonde.markets.api.routers import ROUTERS

    return (*ROUTERS, backtests.ROUTER, auto_trading.ROUTER, strategies.ROUTER, funding.ROUTER)


def _commands() -> Sequence[tuple[str, Any]]:
    from sonde.markets.api.commands import COMMANDS

    return COMMANDS


def _backtest_job() -> JobFunction:
    from sonde.markets.tasks.backtests import run

    return run


def _import_job() -> JobFunction:
    from sonde.markets.tasks.prices import run

    return run


def _price_sweep() -> JobFunction:
    from sonde.markets.tasks.prices import sweep

    return sweep


def _collection_job() -> JobFunction:
    from sonde.markets.tasks.collection import run

    return run


def _proof_job() -> JobFunction:
    from sonde.markets.tasks.strategies import run

    return run


def _is_any_collection_due() -> bool:
    from sonde.markets.services.collection import is_any_due

    return is_any_due()


def _jobs() -> Sequence[JobKind]:
    return (
        JobKind("markets.import", "Import prices", "default", _import_job),
        JobKind("markets.price_sweep", "Let go of old price files", "default", _price_sweep),
        JobKind("markets.collect", "Collect prices", "default", _collection_job),
        JobKind("markets.prove_strategy", "Prove a strategy", "default", _proof_job),
        JobKind("markets.backtest", "Run a backtest", "default", _backtest_job),
        JobKind("markets.sweep", "Sweep settings", "default", _backtest_job),
        JobKind("markets.walk_forward", "Walk forward", "default", _backtest_job),
        JobKind("markets.look_ahead", "Look for look-ahead", "default", _backtest_job),
        JobKind("markets.recursive", "Look for long memory", "default", _backtest_job),
        JobKind("markets.monte_carlo", "Draw trades again", "default", _backtest_job),
    )


MARKETS = Domain(
    slug="markets",
    title="Markets",
    routers=_routers,
    pages=_pages,
    commands=_commands,
    jobs=_jobs,
    schedules=(
        Schedule("markets.price_sweep", 6 * 3600.0),
        Schedule("markets.collect", 60.0, _is_any_collection_due),
    ),
    tables=_tables,
    palette=_palette,
    home_cards=_home_cards,
    event_kinds=(
        EventKind("markets.prices_stored", "Prices were stored"),
        EventKind("markets.feed_stale", "Prices went stale"),
        EventKind("markets.feed_back", "Prices are back"),
        EventKind("markets.backtest_done", "A backtest is done"),
        EventKind("markets.trade_opened", "A trade was opened"),
        EventKind("markets.trade_closed", "A trade was closed"),
        EventKind("markets.stop_hit", "A stop was hit"),
        EventKind("markets.take_profit_hit", "A target was reached"),
        EventKind("markets.liquidated", "A position was liquidated"),
        EventKind("markets.order_partially_filled", "An order was filled in part"),
        EventKind("markets.order_rejected", "An order was refused"),
        EventKind("markets.order_expired", "An order expired"),
        EventKind("markets.risk_block", "The risk settings held a strategy back"),
        EventKind("markets.lock", "Entries rest"),
        EventKind("markets.drawdown_halt", "Trading was halted by its drawdown"),
        EventKind("markets.signal", "A strategy acted"),
        EventKind("markets.automation_stopped", "A strategy was stopped"),
        EventKind("markets.strategy_checked", "A strategy was checked"),
    ),
)
