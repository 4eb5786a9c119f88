"""The money of the reference engine: four pots, one position, and the postings beside them."""

from dataclasses import dataclass, field

from sonde.markets.core.engine.reference.values import BUY, Terms, share_of
from sonde.platform.core.errors import Invalid


@dataclass
class Account:
    """Free, held, margin and a position (2.1, 2.2), in units and steps."""

    terms: Terms
    free: int = 0
    held: int = 0
    margin: int = 0
    position: int = 0
    cost: int = 0
    postings: dict[str, int] = field(
        default_factory=lambda: {"transfers": 0, "gross": 0, "fees": 0, "funding": 0}
    )

    def value(self, price: int, quantity: int) -> int:
        """Return the notional in units (1.1); nothing is too large here."""
        return price * quantity * self.terms.unit_value

    def margin_for(self, notional: int) -> int:
        """Return the margin of what is opened (1.4)."""
        return share_of(notional, 100, self.terms.leverage)

    def price_to_open(self, price: int, quantity: int, rate: int) -> int:
        """Return margin and fee of opening, in units."""
        notional = self.value(price, quantity)
        return self.margin_for(notional) + share_of(notional, rate)

    def unrealised(self, price: int) -> int:
        """Return what the position would win at `price`, in units."""
        worth = self.value(price, abs(self.position))
        return worth - self.cost if self.position >= 0 else self.cost - worth

    def transfer(self, units: int) -> None:
        """Put money in, or take it out (2.6).

        Raises
        ------
        Invalid
            If more would be taken than is free.
        """
        if self.free + units < 0:
            raise Invalid(f"{-units} units cannot be taken out: {self.free} are free.")
        self.free += units
        self.postings["transfers"] += units

    def open(self, side: int, price: int, quantity: int, rate: int) -> int:
        """Open or add, and return the fee (2.3)."""
        notional = self.value(price, quantity)
        margin, fee = self.margin_for(notional), share_of(notional, rate)
        self.position += side * quantity
        self.cost += notional
        self.margin += margin
        self.free -= margin + fee
        self.postings["fees"] += fee
        return fee

    def reduced(self, price: int, quantity: int, rate: int) -> tuple[int, int, int, int]:
        """Return cost out, margin out, gross and fee of reducing (2.4)."""
        size = abs(self.position)
        cost_out = self.cost * quantity // size
        margin_out = self.margin * quantity // size
        notional = self.value(price, quantity)
        gross = notional - cost_out if self.position > 0 else cost_out - notional
        gross = max(gross, -margin_out)
        fee = min(share_of(notional, rate), margin_out + gross)
        return cost_out, margin_out, gross, fee

    def reduce(self, price: int, quantity: int, rate: int) -> tuple[int, int]:
        """Reduce, and return gross and fee (2.4)."""
        cost_out, margin_out, gross, fee = self.reduced(price, quantity, rate)
        self.position -= quantity if self.position > 0 else -quantity
        self.cost -= cost_out
        self.margin -= margin_out
        self.free += margin_out + gross - fee
        self.postings["gross"] += gross
        self.postings["fees"] += fee
        return gross, fee

    def fund(self, price: int, rate: int) -> int:
        """Settle one funding payment and return what was paid (4.1)."""
        direction = 1 if self.position > 0 else -1
        owed = share_of(direction * self.value(price, abs(self.position)), rate)
        paid = min(owed, self.free + self.margin)
        from_margin = max(0, paid - self.free)
        self.free -= paid - from_margin
        self.margin -= from_margin
        self.postings["funding"] += paid
        return paid

    def liquidated_at(self, price: int) -> bool:
        """Return whether the position is liquidated at `price` (7)."""
        if self.terms.spot or self.position == 0:
            return False
        kept = share_of(self.value(price, abs(self.position)), self.terms.maintenance)
        return self.margin + self.unrealised(price) <= kept

    def liquidation_price(self) -> int | None:
        """Return the first tick at which the position is liquidated, None if there is none."""
        if self.terms.spot or self.position == 0:
            return None
        worth = abs(self.position) * self.terms.unit_value
        low, high = 0, 2 * (self.cost + self.margin) // worth + 2
        if self.position > 0:  # the highest price at which it is
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self.liquidated_at(middle) else (low, middle - 1)
            return low if low >= 1 and self.liquidated_at(low) else None
        low = 1
        while low < high:  # the lowest
            middle = (low + high) // 2
            low, high = (low, middle) if self.liquidated_at(middle) else (middle + 1, high)
        return low

    def affordable(self, money: int, price: int, quantity: int, rate: int) -> int:
        """Return the largest quantity up to `quantity` that `money` can open (5.3)."""
        low, high = 0, quantity
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.price_to_open(price, middle, rate) <= money
            low, high = (middle, high) if fits else (low, middle - 1)
        return low

    def opposes(self, side: int) -> bool:
        """Return whether an order of `side` would reduce the position."""
        return self.position != 0 and (side == BUY) != (self.position > 0)

    def faults(self) -> list[str]:
        """Return what is wrong with the books; nothing if they balance (2.1)."""
        books = self.postings
        owned = self.free + self.held + self.margin
        owed = books["transfers"] + books["gross"] - books["fees"] - books["funding"]
        found = [] if owned == owed else [f"the pots hold {owned} units, the postings say {owed}"]
        pots = {name: getattr(self, name) for name in ("free", "held", "margin", "cost")}
        found += [f"{name} is {units}" for name, units in pots.items() if units < 0]
        if self.position == 0 and (self.margin or self.cost):
            found.append("a flat position has margin or cost")
        return found
