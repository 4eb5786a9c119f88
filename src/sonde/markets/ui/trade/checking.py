"""The safety check beside the ticket: what it comes to, and what every rule says."""

from decimal import Decimal
from typing import Any, Final

from dash import html

from sonde.markets.core.instruments import Instrument
from sonde.markets.core.money import Currency
from sonde.markets.core.risk.checking import RULES
from sonde.markets.core.risk.facts import Quote
from sonde.markets.core.risk.findings import Finding, Recommendation, SafetyReport, Verdict, shown
from sonde.markets.services.safety import Checked
from sonde.markets.services.tickets import TicketCheck
from sonde.markets.ui.desk.words import listed, money_words, signed
from sonde.markets.ui.moving.places import how_old
from sonde.platform.ui.components import badge, button_link, facts, note
from sonde.platform.ui.theme import Tone

_TONES: Final = {Verdict.OK: Tone.GOOD, Verdict.WARN: Tone.WARN, Verdict.BLOCK: Tone.BAD}
_ORDER: Final = (Verdict.BLOCK, Verdict.WARN, Verdict.OK)
_ADVICE: Final = {
    Recommendation.APPROVE: ("Nothing speaks against this trade.", Tone.GOOD),
    Recommendation.REVIEW: ("Look at the warnings first.", Tone.WARN),
    Recommendation.REJECT: ("The rules forbid this trade.", Tone.BAD),
}


def check_view(found: TicketCheck) -> list[Any]:
    """Return what a ticket comes to; without a price why, and what to do."""
    none = [] if found.quote else [no_price(found.why_none)]
    if found.checked is None:
        return none
    report = found.checked.report
    source = [] if found.quote is None else [price_source(found.quote, found.now_ms)]
    held = found.checked.hindrance
    beside = [note(held, Tone.BAD, title="Not beside what is open")] if held else []
    return [*none, *beside, _advice(report), *source, rules_list(report)]


def no_price(why: str) -> Any:
    """Return why there is no price, and what to do."""
    words = html.Div(
        [
            html.P(why),
            html.P(
                "Nothing is traded at a price that is not there. Play a replay or switch a feed "
                "on, or prepare a limit order with its price."
            ),
            button_link("Replays and feeds", "/markets/data", icon_name="tabler:player-play"),
        ],
        className="sonde-stack is-tight",
    )
    return note(words, Tone.WARN, title="No price to trade at")


def wrong(message: str) -> list[Any]:
    """Return what keeps a ticket from being an order."""
    return [note(message, Tone.WARN, title="Not an order yet")]


def price_source(quote: Quote, now_ms: int) -> Any:
    """Return the price that a ticket meets, its source and its age."""
    age = how_old(max(0, now_ms - quote.time_ms))
    told = f"{quote.last:,f}, {quote.source}, {age} old"
    return html.Div(f"Price {told}", className="sonde-dim")


def rules_list(report: SafetyReport) -> Any:
    """Return what every rule measured, its limit and its words; what forbids comes first."""
    found = sorted(report.findings, key=lambda one: _ORDER.index(one.verdict))
    lines = html.Ul([html.Li(_rule(one)) for one in found], className="sonde-rules")
    return html.Div(
        lines,
        className="sonde-places",
        style={"maxHeight": "min(780px, 80vh)"},
        role="region",
        tabIndex=0,
        **{"aria-label": "Every rule"},
    )


def _rule(one: Finding) -> list[Any]:
    title = RULES[one.code].title if one.code in RULES else one.code
    numbers = [shown(each, one.unit) for each in (one.measured, one.limit) if each]
    head = [
        badge(one.verdict.value, _TONES[one.verdict]),
        html.Span(title, className="sonde-strong"),
        html.Span(" of ".join(numbers), className="sonde-dim sonde-rule-numbers"),
    ]
    words = html.Div(one.sentence, className="sonde-dim sonde-small")
    return [html.Div(head, className="sonde-row"), words]


def _advice(report: SafetyReport) -> Any:
    words, tone = _ADVICE[report.recommendation]
    reasons = [one.sentence for one in (*report.blocks, *report.warnings)]
    body = [html.P(words), listed(reasons)] if reasons else words
    return note(body, tone, title=report.recommendation.value)


def preview_view(found: TicketCheck) -> Any:
    """Return what a ticket would cost and could bring; nothing where there is no price."""
    checked = found.checked
    if checked is None:
        return []
    pairs = _costs(checked, found.currency)
    sure = checked.plan.wish.confidence
    if sure is not None:
        pairs.append(("Confidence", f"{shown(sure)}: share of the signal filters"))
    return facts(pairs)


def _costs(checked: Checked, currency: Currency) -> list[tuple[str, Any]]:
    seen, terms = checked.preview, checked.plan.terms
    one, code = terms.instrument, currency.code

    def money(units: int | None, *, sign: int = 0) -> Any:
        if units is None:
            return "none"
        amount = currency.amount_of(units)
        return signed(sign * amount, code) if sign else money_words(amount, code)

    ratio = ""
    if seen.reward_to_risk is not None:
        ratio = f", {shown(round(seen.reward_to_risk, 2))} times the risk"
    gone = "none" if seen.liquidation is None else f"{_on_grid(seen.liquidation, one):,f}"
    return [
        ("Quantity", f"{one.quantity_of(seen.steps):f} {one.base} at {terms.price:,f}"),
        ("Value", money(seen.notional_units)),
        ("Margin", money(seen.margin_units)),
        ("Fee of the entry", money(seen.fee_units)),
        ("At the stop", money(seen.loss_at_stop_units, sign=-1)),
        ("At the target", html.Span([money(seen.gain_at_target_units, sign=1), ratio])),
        ("Break-even", f"{seen.break_even:,f}"),
        ("Liquidation", gone),
    ]


def _on_grid(price: Decimal, one: Instrument) -> Decimal:
    return (price / one.tick).to_integral_value() * one.tick
