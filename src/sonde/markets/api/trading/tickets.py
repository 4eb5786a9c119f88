"""The ticket over REST: what a trade is asked with, and how the safety check is told."""

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sonde.markets.api.exact import Exact
from sonde.markets.core.entries import EntryKind, EntryWish, Force
from sonde.markets.core.money import Currency
from sonde.markets.core.sides import side_named
from sonde.markets.core.ticket import Amount, AmountKind, LevelKind
from sonde.markets.core.wishes import Level, Wish
from sonde.markets.services.safety import Checked
from sonde.platform.core.errors import Invalid

_KINDS = MappingProxyType({"if_touched": EntryKind.IF_TOUCHED})
OrderType = Literal["market", "limit", "stop", "stop_limit", "if_touched", "trailing"]


def kind_named(order_type: OrderType | None) -> EntryKind | None:
    """Return the kind of entry that a request names."""
    return None if order_type is None else _KINDS.get(order_type) or EntryKind(order_type)


class TicketBody(BaseModel):
    """A trade that is asked for; what is left out comes from the risk settings."""

    model_config = ConfigDict(extra="forbid")

    symbol: str = Field(min_length=1, max_length=60, examples=["BTCUSDT"])
    direction: str = Field(max_length=10, description="LONG or SHORT.")
    amount: Decimal | None = Field(None, description="Without one, the settings' position size.")
    amount_kind: Literal["currency", "coins", "percent"] = "currency"
    kind: Literal["spot", "perpetual"] | None = Field(
        None, description="A spot instrument may be traded as a perpetual of the same prices."
    )
    order_type: OrderType | None = Field(None, description="Without one, what the prices say.")
    entry_price: Decimal | None = Field(None, description="Limit price of the entry.")
    trigger_price: Decimal | None = Field(None, description="Sets a stop or if-touched entry off.")
    trail_pct: Decimal | None = Field(None, description="Distance of a trailing entry, percent.")
    post_only: bool = False
    time_in_force: Force = Force.GTC
    good_for_minutes: int | None = Field(None, description="With GTD.")
    tp_pct: Decimal | None = Field(None, description="Target in percent of the entry.")
    sl_pct: Decimal | None = Field(None, description="Stop in percent of the entry.")
    sl_trailing_pct: Decimal | None = Field(None, description="A stop that follows the price.")
    tp_price: Decimal | None = None
    sl_price: Decimal | None = None
    leverage: Decimal = Field(Decimal(1), ge=1, le=200)
    confidence: Decimal | None = Field(None, ge=0, le=1)
    account_id: str = Field("", max_length=40)

    def wish(self) -> Wish:
        """Return what the person wants; raises Invalid."""
        amount = None if self.amount is None else Amount(self.amount, AmountKind(self.amount_kind))
        return Wish(
            side_named(self.direction),
            amount,
            self.entry_price,
            stop_of(self.sl_price, self.sl_pct, self.sl_trailing_pct),
            level_of(self.tp_price, self.tp_pct, "target"),
            self.leverage,
            self.confidence,
            entry=self._entry(),
            kind=self.kind,
        )

    def _entry(self) -> EntryWish:
        return EntryWish(
            kind_named(self.order_type),
            self.trigger_price,
            self.trail_pct,
            self.post_only,
            self.time_in_force,
            self.good_for_minutes,
        )


class OtherEntryBody(BaseModel):
    """The other of two entries; amount, stop and target are those of the first."""

    model_config = ConfigDict(extra="forbid")

    order_type: OrderType | None = Field(None, description="Without one, what the prices say.")
    entry_price: Decimal | None = Field(None, description="Limit price.")
    trigger_price: Decimal | None = Field(None, description="Sets a stop or if-touched entry off.")


class NewTradeBody(TicketBody):
    """A trade to be opened; with `activate` off it waits until it is activated."""

    activate: bool = True
    or_entry: OtherEntryBody | None = Field(
        None, description="A second entry of the same trade: what one fills, the other loses."
    )

    def wishes(self, first: Wish, other: OtherEntryBody) -> tuple[Wish, Wish]:
        """Return the two entries of which one is wanted; raises Invalid."""
        if not self.activate:
            raise Invalid("Two entries of which one is wanted are sent at once.", field="activate")
        entry = EntryWish(
            kind_named(other.order_type),
            other.trigger_price,
            force=self.time_in_force,
            good_for_minutes=self.good_for_minutes,
        )
        return first, replace(first, entry_price=other.entry_price, entry=entry)


class FindingBody(BaseModel):
    """What one rule says."""

    code: str
    verdict: str
    sentence: str
    measured: Exact | None
    limit: Exact | None
    unit: str


class PreviewBody(BaseModel):
    """What a ticket would cost and could bring, in the account's currency."""

    quantity: Exact
    price: Exact
    notional: Exact
    margin: Exact
    fee: Exact
    loss_at_stop: Exact | None
    gain_at_target: Exact | None
    reward_to_risk: Exact | None
    liquidation_price: Exact | None
    break_even: Exact


class QuickAmountBody(BaseModel):
    """A button that fills in an amount."""

    label: str
    amount: Exact
    is_allowed: bool


class SafetyBody(BaseModel):
    """What every rule says of a trade, and what follows."""

    trade_approved: bool
    recommendation: str
    safety_checks: list[FindingBody]
    warnings: list[str]
    errors: list[str]
    preview: PreviewBody
    quick_amounts: list[QuickAmountBody]


def level_of(price: Decimal | None, percent: Decimal | None, what: str) -> Level | None:
    """Return a stop or target; raises Invalid where both a price and a percentage are given."""
    if price is not None and percent is not None:
        raise Invalid(f"Give the {what} as a price or in percent, not both.", field=what)
    if price is not None:
        return Level(price, LevelKind.PRICE)
    return None if percent is None else Level(percent)


def stop_of(
    price: Decimal | None, percent: Decimal | None, trailing: Decimal | None
) -> Level | None:
    """Return a stop; raises Invalid where it is told in more than one way."""
    if trailing is None:
        return level_of(price, percent, "stop")
    if price is not None or percent is not None:
        raise Invalid("A stop stands still or trails; give one of the two.", field="stop")
    return Level(trailing, LevelKind.TRAILING)


def safety_body(found: Checked, currency: Currency) -> SafetyBody:
    """Return a safety check as the API shows it."""
    report = found.report
    return SafetyBody(
        trade_approved=found.may_open,
        recommendation=report.recommendation,
        safety_checks=[
            FindingBody(
                code=one.code,
                verdict=one.verdict,
                sentence=one.sentence,
                measured=one.measured,
                limit=one.limit,
                unit=one.unit,
            )
            for one in report.findings
        ],
        warnings=[one.sentence for one in report.warnings],
        errors=[*[one.sentence for one in report.blocks], *filter(None, [found.hindrance])],
        preview=_preview(found, currency),
        quick_amounts=[
            QuickAmountBody(label=one.label, amount=one.amount, is_allowed=one.is_allowed)
            for one in found.amounts
        ],
    )


def _preview(found: Checked, currency: Currency) -> PreviewBody:
    shown, terms = found.preview, found.plan.terms

    def amount(units: int | None) -> Decimal | None:
        return None if units is None else currency.amount_of(units)

    return PreviewBody(
        quantity=terms.instrument.quantity_of(shown.steps),
        price=terms.price,
        notional=currency.amount_of(shown.notional_units),
        margin=currency.amount_of(shown.margin_units),
        fee=currency.amount_of(shown.fee_units),
        loss_at_stop=amount(shown.loss_at_stop_units),
        gain_at_target=amount(shown.gain_at_target_units),
        reward_to_risk=shown.reward_to_risk,
        liquidation_price=shown.liquidation,
        break_even=shown.break_even,
    )
