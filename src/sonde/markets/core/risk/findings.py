"""What the rules found, and what follows from it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from sonde.platform.core.errors import Conflict

_NEAR = Decimal("0.8")


class Verdict(StrEnum):
    """What one rule says."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


class Recommendation(StrEnum):
    """What all rules say together."""

    APPROVE = "APPROVE"
    REVIEW = "REVIEW"
    REJECT = "REJECT"


class RiskBlock(Conflict):
    """The risk settings do not allow this trade."""

    code = "risk_block"


@dataclass(frozen=True)
class Finding:
    """The answer of one rule.

    Parameters
    ----------
    code : str
    verdict : Verdict
    sentence : str
        For people: what was found, and what to do where something is wrong.
    measured, limit : Decimal, optional
        None where there is nothing to measure, or no limit.
    unit : str
    """

    code: str
    verdict: Verdict
    sentence: str
    measured: Decimal | None = None
    limit: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class SafetyReport:
    """What every rule says of a trade.

    Parameters
    ----------
    findings : tuple of Finding
        One per rule, in the order of the rules.
    """

    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What forbids the trade."""
        return tuple(one for one in self.findings if one.verdict is Verdict.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What a person should look at."""
        return tuple(one for one in self.findings if one.verdict is Verdict.WARN)

    @property
    def recommendation(self) -> Recommendation:
        """REJECT where anything blocks, REVIEW where anything warns, else APPROVE."""
        if self.blocks:
            return Recommendation.REJECT
        return Recommendation.REVIEW if self.warnings else Recommendation.APPROVE

    def found(self, code: str) -> Finding:
        """Return what one rule says; KeyError for a code that was not asked."""
        for one in self.findings:
            if one.code == code:
                return one
        raise KeyError(code)

    def let_through(self) -> None:
        """Do nothing where the trade is allowed.

        Raises
        ------
        RiskBlock
            With every reason, where it is not.
        """
        if self.blocks:
            words = " ".join(one.sentence for one in self.blocks)
            raise RiskBlock(words, rules=[one.code for one in self.blocks])


def at_most(code: str, measured: Decimal, limit: Decimal, unit: str, what: str) -> Finding:
    """Judge something that must not be above a limit; from 80 % of it on there is a warning.

    Examples
    --------
    >>> at_most("leverage", Decimal(6), Decimal(5), "x", "Leverage").sentence
    'Leverage would be 6 x; the limit is 5 x.'
    """
    told = f"{what} would be {shown(measured, unit)}; the limit is {shown(limit, unit)}."
    if measured > limit:
        return Finding(code, Verdict.BLOCK, told, measured, limit, unit)
    verdict = Verdict.WARN if measured >= limit * _NEAR and measured > 0 else Verdict.OK
    return Finding(code, verdict, told, measured, limit, unit)


def fine(code: str, sentence: str) -> Finding:
    """Return the answer of a rule that is off or has nothing to ask here."""
    return Finding(code, Verdict.OK, sentence)


def unknown(code: str, sentence: str, limit: Decimal | None = None, unit: str = "") -> Finding:
    """Return the answer of a rule that lacks what it would measure: a person must look."""
    return Finding(code, Verdict.WARN, sentence, None, limit, unit)


def shown(number: Decimal, unit: str = "") -> str:
    """Return a number for people: at most four decimals, no empty ones.

    Examples
    --------
    >>> shown(Decimal("1234.50000"), "USDT")
    '1,234.5 USDT'
    """
    rounded = number.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
    text = f"{rounded:,f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    if unit == "%":
        return f"{text} %"
    return f"{text} {unit}".rstrip()
