"""Virtual accounts: what they begin with, and the postings that change what is in them.

An account is never edited. Opening, resetting, setting and transferring are postings with a sign,
and the balance is their sum with what trading brought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sonde.markets.core.money import Currency, decimal_of, fitting
from sonde.platform.core.errors import Conflict, Invalid

START = Decimal(10_000)
_MOST = Decimal(10) ** 9
_LONGEST_NAME = 80


class PostingKind(StrEnum):
    """Why money came into an account, or left it, other than by trading."""

    OPENING = "opening"
    RESET = "reset"
    SET = "set"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Posting:
    """One change of an account's money.

    Parameters
    ----------
    account_id : str
    kind : PostingKind
    units : int
        Units of the account's currency; negative where money leaves.
    other_account_id : str
        Of a transfer.
    """

    account_id: str
    kind: PostingKind
    units: int
    other_account_id: str = ""


@dataclass(frozen=True)
class Balance:
    """What is in an account, in units of its currency.

    Parameters
    ----------
    free, held, margin : int
        To be used; set aside for open orders; behind positions.
    unrealised : int
        What open positions have won or lost at the mark.
    """

    free: int
    held: int
    margin: int
    unrealised: int

    @property
    def cash(self) -> int:
        """Free, held and margin together."""
        return self.free + self.held + self.margin

    @property
    def equity(self) -> int:
        """Cash and what positions have won or lost."""
        return self.cash + self.unrealised


def checked_name(name: str) -> str:
    """Return an account's name without outer blanks.

    Raises
    ------
    Invalid
        If it is empty, too long or not printable.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A name has 1 to {_LONGEST_NAME} printable characters.", field="name")
    return name


def checked_amount(amount: Decimal | str | int, currency: Currency) -> int:
    """Return an amount of money that an account may be given, in units.

    Raises
    ------
    Invalid
        If it is not between 0 and 10**9, or finer than the currency counts.

    Examples
    --------
    >>> checked_amount("250.5", Currency("USDT"))
    25050000000
    """
    exact = decimal_of(amount, "balance")
    if not 0 <= exact <= _MOST:
        raise Invalid(
            f"A balance is 0 to {_MOST:,} {currency.code}, not {amount}.", field="balance"
        )
    return currency.units_of(exact)


def opening(account_id: str, currency: Currency, start: Decimal = START) -> Posting:
    """Return the posting that an account begins with.

    Examples
    --------
    >>> opening("a", Currency("USDT")).units
    1000000000000
    """
    return Posting(account_id, PostingKind.OPENING, checked_amount(start, currency))


def setting(account_id: str, balance: Balance, wanted_units: int) -> Posting:
    """Return the posting after which the account's cash is what is wanted.

    Raises
    ------
    Conflict
        If more than what is free would have to leave.

    Examples
    --------
    >>> setting("a", Balance(900, 50, 50, 10), 400).units
    -600
    """
    change = wanted_units - balance.cash
    if balance.free + change < 0:
        raise Conflict(
            "Orders and positions need more than that balance; close or cancel some first."
        )
    return Posting(account_id, PostingKind.SET, change)


def resetting(account_id: str, balance: Balance, start_units: int) -> Posting:
    """Return the posting after which an account without trades holds its start again.

    Raises
    ------
    Conflict
        If orders or positions are open.
    """
    if balance.held or balance.margin or balance.unrealised:
        raise Conflict("Orders or positions are open; end them before the account is reset.")
    return Posting(account_id, PostingKind.RESET, start_units - balance.cash)


def transferring(
    giving: tuple[str, Currency, Balance], taking: tuple[str, Currency], units: int
) -> tuple[Posting, Posting]:
    """Return the two postings of a transfer; they add up to nothing.

    Parameters
    ----------
    giving : tuple of (str, Currency, Balance)
        Id, currency and balance of the account that gives.
    taking : tuple of (str, Currency)
    units : int
        Positive.

    Raises
    ------
    Invalid
        If the amount is not positive, or both accounts are one, or count differently.
    Conflict
        If less than that is free.

    Examples
    --------
    >>> usdt = Currency("USDT")
    >>> gone, come = transferring(("a", usdt, Balance(100, 0, 0, 0)), ("b", usdt), 30)
    >>> gone.units, come.units
    (-30, 30)
    """
    giver, currency, balance = giving
    taker, other = taking
    if units <= 0:
        raise Invalid("Transfer an amount above 0.", field="amount")
    if giver == taker:
        raise Invalid("Transfer between two different accounts.", field="to")
    if currency != other:
        raise Invalid(
            f"{currency.code} with {currency.decimals} decimals cannot go to an account in "
            f"{other.code} with {other.decimals}.",
            field="to",
        )
    if units > balance.free:
        raise Conflict(
            f"Only {currency.amount_of(balance.free):f} {currency.code} are free, not "
            f"{currency.amount_of(units):f}."
        )
    kind = PostingKind.TRANSFER
    return Posting(giver, kind, -units, taker), Posting(taker, kind, units, giver)


def total(postings: Iterable[Posting], account_id: str) -> int:
    """Return the sum of an account's postings, in units."""
    return fitting(sum(one.units for one in postings if one.account_id == account_id))
