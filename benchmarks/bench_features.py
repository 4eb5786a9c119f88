"""Features of 102,400-sample signals: signals per second, and beside tsfresh and TSFEL.

First the 36, then every family of the registry with what it costs, then the sample entropy beside
the usual form that compares all pairs of the whole signal (timed at a tenth of the length and
scaled up by its square).

For each of our features the table of a peer names the call that measures the same thing there:
``=`` where the definition is the same, ``~`` where the peer has its own form of it (its wavelet
energies are those of a continuous transform, its band energies points of a Welch density). What a
peer computes once for several features is called once. Ours are the whole families that hold those
features, on the same signals, on one core, in the same run.
"""

import os
import statistics
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from sonde.bearings.core.catalogue import find_bearing
from sonde.bearings.core.features import measuring
from sonde.bearings.core.features.catalogue import FAMILIES, NAMES, signal_features
from sonde.bearings.core.features.registry import ADVANCED_NAMES, REGISTRY, domains
from sonde.bearings.core.features.shared import Signal

RATE_HZ = 20_480.0
SHAFT_HZ = 60.0
LENGTH = 102_400
COUNT = 20
ROUNDS = 5


def tsfresh_calls():
    """Return what tsfresh has: name, sort, our features, call."""
    from tsfresh.feature_extraction import feature_calculators as f

    def coefficients(x):
        lines = [round(k * SHAFT_HZ * LENGTH / RATE_HZ) for k in (1, 2, 3)]
        return list(f.fft_coefficient(x, [{"coeff": n, "attr": "abs"} for n in lines]))

    def spectrum(*kinds):
        return lambda x: list(f.fft_aggregated(x, [{"aggtype": kind} for kind in kinds]))

    bands = ("LowBandEnergy", "MidBandEnergy", "HighBandEnergy", "VeryHighBandEnergy")
    wavelets = ("WaveletEnergy_D1", "WaveletEnergy_D3", "WaveletEnergy_D5")
    widths = [{"widths": (2, 5, 10, 20), "coeff": 1, "w": w} for w in (2, 5, 20)]
    return [
        ("root_mean_square", "=", ("RMS",), f.root_mean_square),
        ("kurtosis", "=", ("Kurtosis",), f.kurtosis),
        ("skewness", "=", ("Skewness",), f.skewness),
        ("absolute_maximum", "=", ("CrestFactor",), f.absolute_maximum),
        ("mean", "=", ("ShapeFactor", "ImpulseFactor"), lambda x: f.mean(np.abs(x))),
        ("mean", "=", ("ClearanceFactor",), lambda x: f.mean(np.sqrt(np.abs(x)))),
        ("fft_aggregated", "=", ("SpectralCentroid",), spectrum("centroid")),
        ("fft_coefficient", "=", ("Harmonic2X1X", "Harmonic3X1X"), coefficients),
        ("abs_energy", "~", ("TotalSpectralPower",), f.abs_energy),
        (
            "fft_aggregated", "~", ("SpectralStd", "SpectralPeakiness"),
            spectrum("variance", "kurtosis"),
        ),
        ("fourier_entropy", "~", ("SpectralEntropy",), lambda x: f.fourier_entropy(x, 100)),
        (
            "spkt_welch_density", "~", bands,
            lambda x: list(f.spkt_welch_density(x, [{"coeff": n} for n in (3, 16, 44, 94)])),
        ),
        ("cwt_coefficients", "~", wavelets, lambda x: list(f.cwt_coefficients(x, widths))),
        (
            "c3", "~", ("BispectrumPeak", "BispectrumMean", "NonlinearityIndex"),
            lambda x: [f.c3(x, lag) for lag in (1, 2, 3)],
        ),
    ]  # fmt: skip


def tsfel_calls():
    """Return what TSFEL has: name, sort, our features, call."""
    import tsfel.feature_extraction.features as f

    rate = int(RATE_HZ)
    bands = ("LowBandEnergy", "MidBandEnergy", "HighBandEnergy", "VeryHighBandEnergy")
    wavelets = ("WaveletEnergy_D1", "WaveletEnergy_D3", "WaveletEnergy_D5")
    return [
        ("rms", "=", ("RMS",), f.rms),
        ("kurtosis", "=", ("Kurtosis",), f.kurtosis),
        ("skewness", "=", ("Skewness",), f.skewness),
        ("calc_max", "=", ("CrestFactor",), lambda x: f.calc_max(np.abs(x))),
        ("calc_mean", "=", ("ShapeFactor", "ImpulseFactor"), lambda x: f.calc_mean(np.abs(x))),
        ("calc_mean", "=", ("ClearanceFactor",), lambda x: f.calc_mean(np.sqrt(np.abs(x)))),
        ("spectral_centroid", "=", ("SpectralCentroid",), lambda x: f.spectral_centroid(x, rate)),
        (
            "fundamental_frequency", "~", ("DominantFreq",),
            lambda x: f.fundamental_frequency(x, rate),
        ),
        ("spectral_entropy", "~", ("SpectralEntropy",), lambda x: f.spectral_entropy(x, rate)),
        ("spectral_spread", "~", ("SpectralStd",), lambda x: f.spectral_spread(x, rate)),
        (
            "max_power_spectrum", "~", ("SpectralPeakiness",),
            lambda x: f.max_power_spectrum(x, rate),
        ),
        ("average_power", "~", ("TotalSpectralPower",), lambda x: f.average_power(x, rate)),
        ("human_range_energy", "~", bands[:1], lambda x: f.human_range_energy(x, rate)),
        ("spectrogram_mean_coeff", "~", bands[1:], lambda x: f.spectrogram_mean_coeff(x, rate)),
        ("wavelet_energy", "~", wavelets, lambda x: f.wavelet_energy(x, rate)),
        ("wavelet_std", "~", ("WaveletKurtosis",), lambda x: f.wavelet_std(x, rate)),
        ("wavelet_entropy", "~", ("WaveletEnergyRatio",), lambda x: f.wavelet_entropy(x, rate)),
        ("mfcc", "~", ("CepstralPeakRatio", "QuefrencyCentroid"), lambda x: f.mfcc(x, rate)),
    ]  # fmt: skip


def _seconds(compute, signals) -> list[float]:
    taken = []
    for one in signals:
        started = time.perf_counter()
        compute(one)
        taken.append(time.perf_counter() - started)
    return taken


def _ours_for(wanted):
    chosen = [compute for names, compute in FAMILIES.values() if set(names) & set(wanted)]
    count = sum(len(names) for names, _ in FAMILIES.values() if set(names) & set(wanted))

    def compute(samples):
        signal = Signal(samples, RATE_HZ, SHAFT_HZ)
        return [one(signal) for one in chosen]

    return compute, count


def _compare(peer, calls, signals, label, bar=None):
    wanted = [name for *_, names, _ in calls for name in names]
    ours, count = _ours_for(wanted)
    wide = signals.astype(np.float64)

    def theirs(samples):
        for *_, call in calls:
            call(samples)

    ours(signals[0])
    theirs(wide[0])
    mine, other = [], []
    for number in range(ROUNDS):
        # In turns, so that a busy moment of the machine hits both.
        mine += _seconds(ours, signals)
        other += _seconds(theirs, wide[number % 2 : number % 2 + 2])
    fast, slow = 1 / statistics.median(mine), 1 / statistics.median(other)
    goal = f" (bar: {bar})" if bar else ""
    print(
        f"| {peer}, {label} | {len(wanted)} | {slow:.1f} | {count} | {fast:.0f} "
        f"| {fast / slow:.1f}{goal} |"
    )


def _families(signals):
    """Print what each family of the registry costs, alone and all together."""
    about = measuring.Circumstances(RATE_HZ, 60 * SHAFT_HZ, find_bearing("6205").geometry, "g")
    sets = {
        **{domain: [one.name for one in found] for domain, found in domains(REGISTRY).items()},
        "the advanced 16": list(ADVANCED_NAMES),
        f"all {len(REGISTRY)}": [one.name for one in REGISTRY],
    }
    print("| features | number | ms | signals/s |")
    print("|---|---|---|---|")
    for title, names in sets.items():
        measuring.measure(signals[0], about, names)
        taken = _seconds(lambda x, names=names: measuring.measure(x, about, names), signals[:5])
        median = statistics.median(taken)
        print(f"| {title} | {len(names)} | {median * 1e3:.1f} | {1 / median:.0f} |")


def _whole_sample_entropy(samples):
    """Compare every pattern of the whole signal with every other, row by row."""
    tolerance = 0.2 * samples.std()
    two = three = 0
    for at in range(len(samples) - 2):
        near = np.abs(samples[at + 1 : -2] - samples[at]) <= tolerance
        near &= np.abs(samples[at + 2 : -1] - samples[at + 1]) <= tolerance
        two += int(near.sum())
        three += int((near & (np.abs(samples[at + 3 :] - samples[at + 2]) <= tolerance)).sum())
    return -np.log(three / two)


def _entropies(signals):
    """Print the sample entropy of pieces beside that of the whole signal."""
    from sonde.bearings.core.features.complexity import complexity_features

    short = signals[0][: LENGTH // 10].astype(np.float64)
    (whole,) = _seconds(_whole_sample_entropy, [short])
    mine = statistics.median(
        _seconds(lambda x: complexity_features(Signal(x, RATE_HZ)), signals[:5])
    )
    ours = complexity_features(Signal(short, RATE_HZ))["SampleEntropy"]
    print(
        f"sample entropy of all pairs: {100 * whole:.0f} s for a signal; our whole family of four "
        f"{mine * 1e3:.0f} ms ({100 * whole / mine:.0f} times faster); on 10,240 samples "
        f"{_whole_sample_entropy(short):.4f} by all pairs, {ours:.4f} by pieces"
    )


def main() -> None:
    """Print the tables."""
    warnings.filterwarnings("ignore")
    rng = np.random.default_rng(0)
    signals = rng.standard_normal((COUNT, LENGTH)).astype(np.float32)
    started = time.perf_counter()
    signal_features(signals[0], RATE_HZ, SHAFT_HZ)
    first = time.perf_counter() - started
    taken = [
        one
        for _ in range(ROUNDS)
        for one in _seconds(lambda x: signal_features(x, RATE_HZ, SHAFT_HZ), signals)
    ]
    print(
        f"all {len(NAMES)} features: {1 / statistics.median(taken):.0f} signals/s (bar: 200); "
        f"the first one took {first * 1e3:.0f} ms, imports included"
    )
    print("| peer, features | shared | theirs /s | ours computed | ours /s | ratio |")
    print("|---|---|---|---|---|---|")
    for peer, table, bar in (("tsfresh", tsfresh_calls, 8), ("TSFEL", tsfel_calls, 20)):
        try:
            calls = table()
        except ImportError:
            print(f"| {peer} | not installed (pip install 'sonde[bench]') | | | | |")
            continue
        _compare(peer, calls, signals, "same quantity", bar)
        same = [call for call in calls if call[1] == "="]
        _compare(peer, same, signals, "same definition")
    _families(signals)
    _entropies(signals)


if __name__ == "__main__":
    main()
