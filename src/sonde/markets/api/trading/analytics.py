"""What trades were worth, over REST."""

from pydantic import BaseModel, ConfigDict

from sonde.markets.api.trading.asking import AccountId, TradeBody, account_of, trade_bodies
from sonde.markets.services import trade_history
from sonde.platform.api.routing import Acting, router

ROUTER = router("/markets", tag="Markets: trading")
_RECENT = 10


class FigureBody(BaseModel):
    """A number with its 95 % interval, or null and the reason."""

    model_config = ConfigDict(from_attributes=True)

    value: float | None
    reason: str
    low: float | None
    high: float | None


class TradingBody(BaseModel):
    """Figures of closed trades, after all costs."""

    model_config = ConfigDict(from_attributes=True)

    n: int
    wins: int
    losses: int
    win_rate: FigureBody
    profit_factor: FigureBody
    payoff_ratio: FigureBody
    expectancy: FigureBody
    expectancy_r: FigureBody
    sqn: FigureBody
    kelly: FigureBody
    median: FigureBody
    best: FigureBody
    worst: FigureBody
    longest_winning: int
    longest_losing: int
    mean_held_ms: FigureBody
    net: float
    gross: float
    fees: float
    slippage: float
    funding: float


class DrawdownBody(BaseModel):
    """The deepest fall of the balance after exits."""

    model_config = ConfigDict(from_attributes=True)

    fraction: float
    amount: float
    start_ms: int | None
    trough_ms: int | None
    end_ms: int | None
    duration_ms: int
    longest_under_water_ms: int
    ulcer_index: FigureBody


class OverviewBody(BaseModel):
    """How many trades there are."""

    total_trades: int
    open: int
    pending: int
    cancelled: int
    currency: str


class AnalyticsBody(BaseModel):
    """What an account's trades were worth since its last reset."""

    overview: OverviewBody
    performance: TradingBody
    risk_metrics: DrawdownBody
    by_side: dict[str, TradingBody]
    by_symbol: dict[str, TradingBody]
    by_exit_reason: dict[str, TradingBody]
    by_tag: dict[str, TradingBody]
    recent_activity: list[TradeBody]


@ROUTER.get("/trades/analytics")
def get_analytics(actor: Acting, account_id: AccountId = "") -> AnalyticsBody:
    """Measure the closed trades of an account; every figure with its interval or a reason."""
    wanted = account_of(actor, account_id)
    found = trade_history.analytics(actor, wanted)
    parts = {
        name: {key: TradingBody.model_validate(one) for key, one in getattr(found, name).items()}
        for name in ("by_side", "by_symbol", "by_exit_reason", "by_tag")
    }
    recent = trade_history.newest(actor, wanted, limit=_RECENT)
    return AnalyticsBody(
        overview=OverviewBody(
            total_trades=found.overall.n,
            open=found.n_open,
            pending=found.n_pending,
            cancelled=found.n_cancelled,
            currency=found.currency.code,
        ),
        performance=TradingBody.model_validate(found.overall),
        risk_metrics=DrawdownBody.model_validate(found.closed_equity),
        **parts,
        recent_activity=trade_bodies(actor, wanted, recent),
    )
