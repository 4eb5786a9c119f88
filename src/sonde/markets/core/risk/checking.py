"""The gate: every rule asked, in one place, for the engine, the interface and the button alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sonde.markets.core.risk.facts import Measured, TradeRequest
from sonde.markets.core.risk.findings import Finding, SafetyReport
from sonde.markets.core.risk.rules import (
    balance,
    confidence,
    cooldown,
    costs,
    daily_loss,
    data_age,
    drawdown,
    grid,
    kill_switch,
    leverage,
    lock,
    low_profit,
    open_trades,
    position,
    position_share,
    spread,
    stop,
    stop_guard,
    symbol_exposure,
    total_exposure,
    trade_risk,
    volatility,
)
from sonde.markets.core.risk.settings import RiskSettings


@dataclass(frozen=True)
class Rule:
    """One rule of the gate.

    Parameters
    ----------
    title : str
    judge : callable
        ``judge(request, measured, settings) -> Finding``.
    asks_exits : bool
        Whether exits are asked too. A limit must never keep anybody in a position.
    """

    title: str
    judge: Callable[[TradeRequest, Measured, RiskSettings], Finding]
    asks_exits: bool = False


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        kill_switch.CODE: Rule("Kill switch", kill_switch.judge),
        lock.CODE: Rule("Locks", lock.judge),
        data_age.CODE: Rule("Age of the price", data_age.judge),
        grid.CODE: Rule("Tick, step and least order", grid.judge, asks_exits=True),
        balance.CODE: Rule("Balance", balance.judge),
        leverage.CODE: Rule("Leverage", leverage.judge),
        position.CODE: Rule("Position, in money", position.judge),
        position_share.CODE: Rule("Position, of equity", position_share.judge),
        symbol_exposure.CODE: Rule("Exposure in the symbol", symbol_exposure.judge),
        total_exposure.CODE: Rule("Exposure in all", total_exposure.judge),
        trade_risk.CODE: Rule("Risk of the trade", trade_risk.judge),
        open_trades.CODE: Rule("Open trades", open_trades.judge),
        daily_loss.CODE: Rule("Loss of the day", daily_loss.judge),
        drawdown.CODE: Rule("Drawdown", drawdown.judge),
        cooldown.CODE: Rule("Pause after an exit", cooldown.judge),
        stop_guard.CODE: Rule("Pause after stops", stop_guard.judge),
        low_profit.CODE: Rule("Pause after low profit", low_profit.judge),
        volatility.CODE: Rule("Volatility", volatility.judge),
        spread.CODE: Rule("Spread", spread.judge),
        confidence.CODE: Rule("Confidence", confidence.judge),
        costs.CODE: Rule("Target beyond costs", costs.judge),
        stop.CODE: Rule("Stop before liquidation", stop.judge),
    }
)


def check(request: TradeRequest, measured: Measured, settings: RiskSettings) -> SafetyReport:
    """Ask every rule about a trade.

    Parameters
    ----------
    request : TradeRequest
    measured : Measured
        What was so at the moment of asking; nothing is looked up here.
    settings : RiskSettings

    Returns
    -------
    SafetyReport
        One finding per rule, in the order of `RULES`; an exit is asked only by rules that look at
        the order itself.

    Examples
    --------
    >>> from decimal import Decimal as D
    >>> from sonde.markets.core.instruments import FEE_PRESETS, Instrument
    >>> from sonde.markets.core.risk.facts import Quote
    >>> from sonde.markets.core.sides import Side
    >>> btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", D("0.01"), D("0.00001"), D(5),
    ...                  FEE_PRESETS["binance"])
    >>> asked = TradeRequest(btc, Side.LONG, D("0.002"), D(50000), stop_price=D(49500))
    >>> quote = Quote(D(50000), 1_000, "replay binance")
    >>> account = Measured(2_000, *[D(10000)] * 4, quote=quote, atr_percent=D("0.4"))
    >>> check(asked, account, RiskSettings()).recommendation
    <Recommendation.APPROVE: 'APPROVE'>
    >>> report = check(asked, account, RiskSettings(max_position=D(50)))
    >>> report.recommendation, [one.code for one in report.blocks]
    (<Recommendation.REJECT: 'REJECT'>, ['position'])
    """
    asked = [rule for rule in RULES.values() if rule.asks_exits or not request.is_exit]
    return SafetyReport(tuple(rule.judge(request, measured, settings) for rule in asked))
