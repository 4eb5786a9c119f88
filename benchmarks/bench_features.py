"""The 36 features of 102,400-sample signals: signals per second, and beside tsfresh and TSFEL.

Each peer computes the features that it shares with ours, on the same signals, on one core, in
this run; our time beside it is for the families that hold those features, not for all of them.
"""

import os
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from sonde.bearings.core.features.catalogue import FAMILIES, NAMES, signal_features
from sonde.bearings.core.features.shared import Signal

RATE_HZ = 20_480.0
LENGTH = 102_400
COUNT = 40
PEER_COUNT = 4


def _rate(compute, signals) -> float:
    compute(signals[0])
    best = np.inf
    for _ in range(3):
        started = time.perf_counter()
        for one in signals:
            compute(one)
        best = min(best, (time.perf_counter() - started) / len(signals))
    return 1 / best


def _families(*names):
    chosen = [FAMILIES[name][1] for name in names]

    def compute(samples):
        signal = Signal(samples, RATE_HZ)
        return [one(signal) for one in chosen]

    return compute


def _tsfresh(samples) -> int:
    from tsfresh.feature_extraction import feature_calculators as f

    values = [
        f.root_mean_square(samples),
        f.kurtosis(samples),
        f.skewness(samples),
        f.absolute_maximum(samples) / f.root_mean_square(samples),
        f.mean(np.abs(samples)),
        *(
            v
            for _, v in f.fft_aggregated(
                samples,
                [{"aggtype": kind} for kind in ("centroid", "variance", "skew", "kurtosis")],
            )
        ),
        f.fourier_entropy(samples, 100),
        *(v for _, v in f.spkt_welch_density(samples, [{"coeff": c} for c in (2, 5, 8)])),
        *(
            v
            for _, v in f.fft_coefficient(
                samples, [{"coeff": c, "attr": "abs"} for c in (300, 600, 900)]
            )
        ),
        f.abs_energy(samples),
    ]
    return len(values)


def _tsfel(samples) -> int:
    import tsfel.feature_extraction.features as f

    rate = int(RATE_HZ)
    values = [
        f.rms(samples),
        f.kurtosis(samples),
        f.skewness(samples),
        f.calc_std(samples),
        f.abs_energy(samples),
        f.max_frequency(samples, rate),
        f.fundamental_frequency(samples, rate),
        f.spectral_centroid(samples, rate),
        f.spectral_entropy(samples, rate),
        f.spectral_spread(samples, rate),
        f.spectral_kurtosis(samples, rate),
        f.max_power_spectrum(samples, rate),
        f.power_bandwidth(samples, rate),
    ]
    return len(values)


def main() -> None:
    """Print the table."""
    warnings.filterwarnings("ignore")
    rng = np.random.default_rng(0)
    signals = rng.standard_normal((COUNT, LENGTH)).astype(np.float32)
    ours = _rate(lambda one: signal_features(one, RATE_HZ), signals)
    print(f"all {len(NAMES)} features: {ours:.0f} signals/s (bar: 200)")
    shared = _rate(_families("time", "frequency"), signals)
    for name, peer, bar in (("tsfresh", _tsfresh, 8), ("TSFEL", _tsfel, 20)):
        try:
            n_features = peer(signals[0])
        except ImportError:
            print(f"{name}: not installed (pip install 'sonde[bench]')")
            continue
        theirs = _rate(peer, signals[:PEER_COUNT].astype(np.float64))
        print(
            f"{name}: {theirs:.1f} signals/s for {n_features} features; ours "
            f"{shared:.0f} signals/s for the 19 of the same families: {shared / theirs:.0f} times "
            f"as fast (bar: {bar})"
        )


if __name__ == "__main__":
    main()
