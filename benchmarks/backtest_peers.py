"""backtesting.py and vectorbt on a file of candles; run by the Python that has them installed.

Prints one JSON object with the measured peers; one that is not installed is left out.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

FEE = 0.001
RUNS = 5


def median_seconds(work: Any, runs: int = RUNS) -> float:
    """Return the median time of a piece of work."""
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return float(np.median(took))


def of_backtesting(table: Any) -> dict[str, float]:
    """Return what backtesting.py took for one run, statistics included."""
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    def mean(values: Any, n: int) -> Any:
        import pandas as pd

        return pd.Series(values).rolling(n).mean()

    class Cross(Strategy):  # type: ignore[misc]
        def init(self) -> None:
            self.fast = self.I(mean, self.data.Close, 20)
            self.slow = self.I(mean, self.data.Close, 50)

        def next(self) -> None:
            if crossover(self.fast, self.slow):
                self.buy()
            elif crossover(self.slow, self.fast):
                self.position.close()

    # It trades whole units only, so the price is counted in a millionth of a coin.
    small = table.copy()
    small[["Open", "High", "Low", "Close"]] /= 1e6
    test = Backtest(small, Cross, cash=10_000, commission=FEE, finalize_trades=True)
    found = test.run()
    return {"one_s": median_seconds(test.run, 3), "trades": int(found["# Trades"])}


def of_vectorbt(table: Any) -> dict[str, float]:
    """Return what vectorbt took: cold, one run warm, and a sweep of 50 sets warm."""
    begun = time.perf_counter()
    import vectorbt as vbt

    close, fills = table["Close"], table["Open"].shift(-1)

    def run(slow: Any) -> Any:
        fast_line = vbt.MA.run(close, 20, short_name="fast")
        slow_line = vbt.MA.run(close, slow, short_name="slow")
        portfolio = vbt.Portfolio.from_signals(
            close,
            fast_line.ma_crossed_above(slow_line),
            fast_line.ma_crossed_below(slow_line),
            price=fills.fillna(close),
            fees=FEE,
            init_cash=10_000,
            freq=table.index[1] - table.index[0],
        )
        return portfolio.trades.count(), portfolio.total_return()

    trades = run(50)[0]
    cold = time.perf_counter() - begun
    many = list(range(25, 75))
    run(many)
    return {
        "cold_s": cold,
        "one_s": median_seconds(lambda: run(50)),
        "sweep_s": median_seconds(lambda: run(many), 3),
        "trades": int(np.asarray(trades).sum()),
    }


def main() -> None:
    """Measure the peers that are here."""
    import pandas as pd

    warnings.filterwarnings("ignore")
    table = pd.read_csv(Path(sys.argv[1]))
    table.index = pd.to_datetime(table.pop("timestamp"), unit="ms")
    table.columns = [name.capitalize() for name in table.columns]
    told = {}
    for name, measure in (("backtesting.py", of_backtesting), ("vectorbt", of_vectorbt)):
        try:
            told[name] = measure(table)
        except ImportError:
            continue
    print(json.dumps(told))


if __name__ == "__main__":
    main()
