"""What markets put on the home page."""

from collections.abc import Sequence
from typing import Any

from sonde.markets.services import account_money, desk_choices, quotes, trading
from sonde.platform.core.actor import Actor, Role
from sonde.platform.ui.components import Trend, stat_card
from sonde.platform.ui.home.cards import HomeCard, HomeSlot, quick_action
from sonde.platform.ui.theme import Tone


def home_cards(actor: Actor) -> Sequence[HomeCard]:
    """Return the chosen market with its account; before there are prices, the way to the first."""
    symbols = desk_choices.symbols(actor)
    if symbols:
        return [HomeCard(HomeSlot.STAT, 60, market_card(actor))]
    if actor.role is Role.VIEWER:
        return []
    first = quick_action(
        "Import prices",
        "Candles from a file, replayed as if they came now",
        "/markets/data",
        "tabler:chart-candle",
    )
    return [HomeCard(HomeSlot.ACTION, 60, first)]


def market_card(actor: Actor) -> Any:
    """Return the price of the chosen symbol, and what the chosen account made."""
    choice = desk_choices.of(actor)
    quote = quotes.latest(actor, choice.symbol)
    price = "no price" if quote.price is None else f"{quote.price:,f}"
    return stat_card(
        choice.symbol.partition(":")[2],
        price,
        icon_name="tabler:chart-candle",
        trend=_account(actor, choice.account_id),
        hint=f"{quote.feed}: {quote.source}",
        href="/markets",
    )


def _account(actor: Actor, account_id: str) -> Trend | None:
    if not account_id:
        return None
    money = account_money.balance(actor, account_id)
    made = money.balance.equity - money.start_units
    n_open = len(trading.positions(actor, account_id))
    tone = Tone.GOOD if made > 0 else Tone.BAD if made < 0 else Tone.NEUTRAL
    told = f"{money.amount(made):+,.2f} {money.currency.code}, {n_open} open"
    return Trend(told, tone, "tabler:trending-up" if made > 0 else "tabler:minus")
