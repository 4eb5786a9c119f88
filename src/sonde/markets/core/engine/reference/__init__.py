"""The engine a second time, in plain Python: clear, slow, and written from the rules alone.

It exists to check the fast one: both must come to the same fills, states and balances, to the
last unit. The rules are those of ``docs/guide/markets-fills.md``; comments name their numbers.
"""

from sonde.markets.core.engine.reference.engine import ReferenceEngine
from sonde.markets.core.engine.reference.values import Bar, Fill, Order, Quote, Request, Terms

__all__ = ["Bar", "Fill", "Order", "Quote", "ReferenceEngine", "Request", "Terms"]
