"""What a study is: one question about a strategy on candles, answered by a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from sonde.markets.core.backtesting.settings import BacktestSettings, Funding
from sonde.markets.core.candles import Candles
from sonde.markets.core.parameters import Settings
from sonde.markets.core.strategies.protocol import Strategy, settings_for
from sonde.markets.persistence import backtest_files
from sonde.platform.core.jobs import JobRun
from sonde.platform.core.ports import Ports

Arrays = Mapping[str, NDArray[Any]]
Priced = tuple[Candles, Candles | None, Funding | None]


@dataclass(frozen=True)
class Material:
    """What a study looks at: candles, finer ones where wanted, the strategy, money and costs.

    `others` are candles, finer ones and funding of further symbols in the same account.
    """

    candles: Candles
    detail: Candles | None
    strategy: Strategy
    chosen: Settings
    settings: BacktestSettings
    others: tuple[Priced, ...] = ()

    @property
    def every(self) -> tuple[Priced, ...]:
        """Candles, finer ones and funding of all symbols."""
        return ((self.candles, self.detail, self.settings.funding), *self.others)

    @property
    def taker_fee(self) -> float:
        """The fee of a market order, as a fraction."""
        fees = self.settings.fees or self.candles.instrument.fees
        return float(fees.taker)


@dataclass(frozen=True)
class Answer:
    """What came of it: a line for lists, the whole result as plain values, the large columns."""

    summary: Mapping[str, Any]
    result: Mapping[str, Any]
    arrays: Arrays


@dataclass(frozen=True)
class Watch:
    """The job behind a study: told how far it is, and keeping what a later attempt goes on from."""

    job: JobRun
    outside: Ports
    title: str
    prefix: str
    stamp: str
    parts: list[str]

    def told(self, fraction: float, what: str) -> None:
        """Tell how far the study is, 0 to 1; raises JobCancelled or LeaseLost."""
        self.job.progress(self.title, 0.02 + 0.95 * fraction, what)

    def kept(self) -> list[dict[str, NDArray[Any]]]:
        """Return the parts that earlier attempts kept."""
        files = self.outside.files
        return [backtest_files.read(files.local_path(key)) for key in self.parts]

    def keep(self, arrays: Arrays) -> None:
        """Keep one more part; a later attempt begins behind it."""
        key = f"{self.prefix}part-{self.job.attempt}-{len(self.parts)}.npz"
        self.outside.files.put(key, backtest_files.encoded(arrays))
        self.parts.append(key)
        self.job.save_checkpoint({"stamp": self.stamp, "parts": list(self.parts)})


class OneSetting:
    """What asks about one set of settings: every one is written out."""

    takes_several = False

    def settle(self, strategy: Strategy, settings: Settings, params: Mapping[str, Any]) -> Settings:
        """Return the settings with the strategy's defaults for the rest; raises Invalid."""
        del params
        return settings_for(strategy, settings)


class Study(Protocol):
    """One kind of question."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def takes_several(self) -> bool:
        """Whether several symbols may share the account."""
        ...

    def settle(self, strategy: Strategy, settings: Settings, params: Mapping[str, Any]) -> Settings:
        """Return the strategy's settings as they are kept, checked; raises Invalid."""
        ...

    def accept(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the study's own parameters, checked and written out; raises Invalid."""
        ...

    def compute(self, material: Material, params: Mapping[str, Any], watch: Watch) -> Answer:
        """Answer; raises Invalid with what is wrong."""
        ...
