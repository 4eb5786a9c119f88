"""Markets, as the one value that the rest of the product reads."""

from collections.abc import Sequence
from typing import Any

from sonde.platform.core.domain import Domain, EventKind, Schedule
from sonde.platform.core.jobs import JobFunction, JobKind


def _pages() -> Sequence[Any]:
    from sonde.markets.ui.pages import PAGES

    return PAGES


def _tables() -> Sequence[Any]:
    from sonde.markets.services.tables import TABLES

    return TABLES


def _routers() -> Sequence[Any]:
    from sonde.markets.api import backtests
    from sonde.markets.api.routers import ROUTERS

    return (*ROUTERS, backtests.ROUTER)


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


def _is_any_collection_due() -> bool:
    from sonde.markets.services.collection import is_any_due

    return is_any_due()


def _jobs() -> Sequence[JobKind]:
    return (
        JobKind("markets.import", "Import prices", "default", _import_job),
        JobKind("markets.price_sweep", "Let go of old price files", "default", _price_sweep),
        JobKind("markets.collect", "Collect prices", "default", _collection_job),
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
    event_kinds=(
        EventKind("markets.prices_stored", "Prices were stored"),
        EventKind("markets.feed_stale", "Prices went stale"),
        EventKind("markets.feed_back", "Prices are back"),
        EventKind("markets.backtest_done", "A backtest is done"),
    ),
)
