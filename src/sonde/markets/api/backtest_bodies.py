"""The bodies of requests for backtests, and how they become wishes."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from sonde.markets.core.backtesting.assumptions import Assumptions
from sonde.markets.services.backtests.asking import Wish
from sonde.platform.core.errors import Invalid

Name = Annotated[str, Field(min_length=1, max_length=80)]
Money = Annotated[Decimal, Field(gt=0, le=10**10, max_digits=24, decimal_places=12)]
Rate = Annotated[Decimal, Field(ge=0, le=1, max_digits=12, decimal_places=9)]
Value = bool | int | float | Annotated[str, Field(max_length=80)]

Values = Annotated[list[Value], Field(min_length=1, max_length=1000)]
Limited = Annotated[Decimal, Field(max_digits=24, decimal_places=9)]
Bounds = tuple[float, float]
Seed = Annotated[int, Field(ge=0, le=2**31)]


def _either(*names: str) -> Any:
    return Field(None, validation_alias=AliasChoices(*names))


class AskedBody(BaseModel):
    """What to run: a strategy on stored candles, with money and costs.

    ``start_date``, ``end_date``, ``initial_balance`` and ``initial_capital`` are other names of
    ``from``, ``to`` and ``start``. ``also`` names further symbols that share the account;
    ``limits`` the risk settings that hold. A period holds the bars that open from ``from`` on and
    before ``to``, in UTC.
    """

    model_config = ConfigDict(extra="forbid")

    symbol: Name
    strategy: Name
    settings: Annotated[dict[str, Value], Field(max_length=50)] = Field(default_factory=dict)
    timeframe: Annotated[str, Field(max_length=8)] = ""
    venue: Annotated[str, Field(max_length=40)] = ""
    detail: Annotated[str, Field(max_length=8)] = ""
    from_: datetime | None = _either("from", "start_date")
    to: datetime | None = _either("to", "end_date")
    start: Money | None = _either("start", "initial_balance", "initial_capital")
    sizing: Literal["equity", "quote", "quantity", "risk"] = "equity"
    size: Money = Decimal(1)
    maker_fee: Rate | None = None
    taker_fee: Rate | None = None
    half_spread_ppm: Annotated[int, Field(ge=0, le=100_000)] = 0
    slippage_ppm: Annotated[int, Field(ge=0, le=100_000)] = 0
    impact_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    volume_share: Rate | None = None
    limit_fill: Literal["through", "touch"] = "through"
    leverage: Annotated[Decimal, Field(ge=1, le=200, decimal_places=2)] = Decimal(1)
    latency_ms: Annotated[int, Field(ge=0, le=86_400_000)] = 0
    also: Annotated[list[Name], Field(max_length=19)] = Field(default_factory=list)
    limits: Annotated[dict[Name, Limited], Field(max_length=30)] = Field(default_factory=dict)

    def wish(self) -> Wish:
        """Return what is asked for."""
        return Wish(
            symbol=self.symbol,
            strategy=self.strategy,
            settings=self.settings,
            timeframe=self.timeframe,
            venue=self.venue,
            detail=self.detail,
            from_ms=_moment(self.from_),
            to_ms=_moment(self.to),
            assumptions=self._assumptions(),
            study=self.study(),
            also=tuple(self.also),
        )

    def study(self) -> dict[str, Any]:
        """Return the parameters of the study itself."""
        return {}

    def _assumptions(self) -> Assumptions:
        return Assumptions(
            start=Decimal(10_000) if self.start is None else self.start,
            sizing=self.sizing,
            size=self.size,
            maker_fee=self.maker_fee,
            taker_fee=self.taker_fee,
            half_spread_ppm=self.half_spread_ppm,
            slippage_ppm=self.slippage_ppm,
            impact_ppm=self.impact_ppm,
            volume_share=self.volume_share,
            limit_fill=self.limit_fill,
            leverage=self.leverage,
            latency_ms=self.latency_ms,
            limits={name: str(value) for name, value in self.limits.items()},
        )


class BacktestBody(AskedBody):
    """One backtest; ``data`` may be there and empty, candles come from the store of prices."""

    data: Annotated[list[Any], Field(max_length=0)] = Field(default_factory=list)


class SearchBody(AskedBody):
    """A search: values to try for a grid, or bounds to draw from; by what cells are compared."""

    axes: Annotated[dict[Name, Values], Field(max_length=8)] = Field(default_factory=dict)
    bounds: Annotated[dict[Name, Bounds | None], Field(max_length=8)] = Field(default_factory=dict)
    draws: Annotated[int, Field(ge=1, le=10_000)] = 100
    seed: Seed = 0
    measure: Annotated[str, Field(max_length=40)] = "sharpe"

    def study(self) -> dict[str, Any]:
        """Return what the search is told."""
        names = {"axes", "bounds", "draws", "seed", "measure"}
        return self.model_dump(include=names)


class WalkForwardBody(SearchBody):
    """A walk-forward: the search, and the lengths of its windows in bars."""

    train: Annotated[int, Field(ge=2, le=5_000_000)]
    test: Annotated[int, Field(ge=1, le=5_000_000)]
    purge: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    embargo: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    anchored: bool = False

    def study(self) -> dict[str, Any]:
        """Return what the search and the windows are told."""
        names = {"train", "test", "purge", "embargo", "anchored"}
        return {**super().study(), **self.model_dump(include=names)}


class AnalysisBody(AskedBody):
    """An analysis: cuts for look-ahead, starts for recursive, draws for Monte Carlo."""

    kind: Literal["look-ahead", "recursive", "monte-carlo"]
    cuts: Annotated[int, Field(ge=3, le=2000)] | None = None
    starts: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=50)] | None = None
    draws: Annotated[int, Field(ge=10, le=100_000)] | None = None
    seed: Seed = 0

    def study(self) -> dict[str, Any]:
        """Return what the analysis is told."""
        return self.model_dump(include={"cuts", "starts", "draws", "seed"})


def _moment(given: datetime | None) -> int | None:
    if given is None:
        return None
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    try:
        return int(aware.timestamp() * 1000)
    except (OverflowError, ValueError):
        raise Invalid("This date is out of range; write 2024-08-01.", field="from") from None
