"""What the server does for one preview of the page Data generation: simulate, transform, draw.

The bar is 300 ms from a change to the new charts, of which the browser waits 100 ms for quiet; the
peer is the same signal drawn with every sample and every line.
"""

import time
from collections.abc import Callable

from dash._utils import to_json

from sonde.bearings.core.simulate.generation import simulate
from sonde.bearings.core.simulate.places import index_of
from sonde.bearings.core.simulate.plan import GenerationConfig, default_config
from sonde.bearings.core.simulate.preview import preview_of, shown_config
from sonde.bearings.core.spectra import Window, amplitude_spectrum
from sonde.bearings.ui.generation.figures import spectrum_figure, time_figure
from sonde.platform.ui.figures import line, new_figure

RUNS = 12
BAR_MS = 200.0
CLASSES = {"journal": "cavitation_clearance", "rolling": "ball", "rotor": "oil_whip"}


def preview(config: GenerationConfig, key: str) -> str:
    """Answer as the page does."""
    shown = preview_of(simulate(config, index_of(config, key, 0)))
    return to_json([time_figure(shown), spectrum_figure(shown)])


def everything(config: GenerationConfig, key: str) -> str:
    """Draw every sample."""
    signal = simulate(config, index_of(config, key, 0))
    waves = [line(wave) for wave in signal.samples]
    spectra = [
        line(amplitude_spectrum(wave, signal.sampling_rate_hz, Window.HANN).values)
        for wave in signal.samples
    ]
    return to_json([new_figure(waves), new_figure(spectra)])


def best_ms(work: Callable[[], str]) -> tuple[float, int]:
    """Return the median time in ms and the size of the answer."""
    size = len(work())
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * sorted(times)[RUNS // 2], size


def main() -> int:
    """Print one row for each kind; return 1 if one misses its bar."""
    missed = 0
    print("| kind | samples | preview, ms | kB | every sample, ms | kB | ratio of sizes |")
    print("|---|---|---|---|---|---|---|")
    for kind, key in CLASSES.items():
        config = shown_config(default_config(kind))
        ours, size = best_ms(lambda config=config, key=key: preview(config, key))
        missed += ours > BAR_MS
        theirs, whole = best_ms(lambda config=config, key=key: everything(config, key))
        print(
            f"| {kind} | {config.n_samples:,} | {ours:.0f} | {size / 1e3:.0f} | {theirs:.0f} | "
            f"{whole / 1e3:.0f} | {whole / size:.0f}x |"
        )
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
