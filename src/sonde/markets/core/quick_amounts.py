"""Quick amounts of the ticket: a few round sums, and the most that the account allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.rules.position import position_after
from sonde.markets.core.risk.rules.trade_risk import loss_at_stop
from sonde.markets.core.risk.settings import RiskSettings

SUMS = (Decimal(50), Decimal(100), Decimal(250), Decimal(500), Decimal(1000))


@dataclass(frozen=True)
class QuickAmount:
    """A button that fills in an amount.

    Parameters
    ----------
    label : str
    amount : Decimal
        Notional in the account's currency.
    is_allowed : bool
        Whether balance and limits of size allow it now.
    """

    label: str
    amount: Decimal
    is_allowed: bool


def quick_amounts(
    request: TradeRequest, measured: Measured, settings: RiskSettings
) -> tuple[QuickAmount, ...]:
    """Return the buttons for a symbol and side; the quantity of the request does not matter.

    Examples
    --------
    >>> from sonde.markets.core.instruments import FEE_PRESETS, Instrument
    >>> from sonde.markets.core.sides import Side
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"),
    ...                  Decimal(5), FEE_PRESETS["binance"])
    >>> asked = TradeRequest(btc, Side.LONG, Decimal(1), Decimal(50000), stop_price=Decimal(49500))
    >>> account = Measured(0, *[Decimal(1000)] * 4)
    >>> [(one.label, one.is_allowed) for one in quick_amounts(asked, account, RiskSettings())]
    [('50', True), ('100', True), ('250', True), ('500', False), ('1000', False), ('max', True)]
    """
    most = largest_notional(request, measured, settings)
    sums = [QuickAmount(f"{one:f}", one, one <= most) for one in SUMS]
    return (*sums, QuickAmount("max", most, most > 0))


def largest_notional(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Decimal:
    """Return the largest notional that balance and the limits of size allow, in whole cents."""
    most = max(Decimal(0), min(_limits(request, measured, settings)))
    return most.quantize(Decimal("0.01"), ROUND_FLOOR)


def _limits(request: TradeRequest, measured: Measured, settings: RiskSettings) -> Iterator[Decimal]:
    value = request.notional
    yield measured.free / (1 / request.leverage + request.entry_fee / value)
    held = position_after(request, measured) - value
    if settings.max_position is not None:
        yield settings.max_position - held
    shares = (
        (settings.max_position_percent, held),
        (settings.max_symbol_exposure_percent, measured.exposure(request.instrument.key)),
        (settings.max_total_exposure_percent, measured.exposure()),
    )
    for percent, used in shares:
        if percent is not None:
            yield measured.equity * percent / 100 - used
    if settings.max_risk_percent is not None:
        yield measured.equity * settings.max_risk_percent / 100 * value / loss_at_stop(request)
