"""Cut recordings into windows of one rate and one length, as learning wants them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sonde.bearings.core.datasets import StoredRecording
from sonde.platform.core.errors import Invalid

WINDOW_S = 1.0
SHORTEST_WINDOW = 256
LONGEST_WINDOW = 1_000_000
MAX_WINDOWS = 200_000
_LARGEST_RATIO = 1000


@dataclass(frozen=True)
class Cut:
    """How recordings are cut.

    Parameters
    ----------
    sampling_rate_hz : float
        Rate of every window; recordings at another rate are resampled.
    window : int
        Length in samples.
    step : int
        From the start of one window to the next; smaller than `window` where they overlap.
    channel : str
        The channel that every window comes from; empty for the first.
    """

    sampling_rate_hz: float
    window: int
    step: int
    channel: str = ""


def choose_recordings(recordings: Sequence[StoredRecording]) -> tuple[StoredRecording, ...]:
    """Return the recordings to learn from: one for each measurement, at the most common rate.

    Parameters
    ----------
    recordings : sequence of StoredRecording

    Returns
    -------
    tuple of StoredRecording
        In the order given; of copies at several rates, the one at the most common rate stays.
    """
    if not recordings:
        raise Invalid("This data set holds no recordings.")
    common = most_common_rate(recordings)
    best: dict[tuple[str, str], StoredRecording] = {}
    for recording in recordings:
        key = (recording.lineage or recording.id, recording.record)
        held = best.get(key)
        if held is None or (
            recording.sampling_rate_hz == common and held.sampling_rate_hz != common
        ):
            best[key] = recording
    kept = {recording.id for recording in best.values()}
    return tuple(recording for recording in recordings if recording.id in kept)


def most_common_rate(recordings: Sequence[StoredRecording]) -> float:
    """Return the sampling rate that most recordings have; the lower one of equals."""
    counts = Counter(recording.sampling_rate_hz for recording in recordings)
    return min(counts, key=lambda rate: (-counts[rate], rate))


def common_channel(recordings: Sequence[StoredRecording], wanted: str = "") -> str:
    """Return a channel that every recording has: the wanted one, else the drive end, else any.

    Raises
    ------
    Invalid
        If the wanted channel is not in every recording.
    """
    shared = shared_channels(recordings)
    if wanted:
        if wanted not in shared:
            raise Invalid(
                f"Not every recording has the channel {wanted!r}; all have "
                f"{', '.join(sorted(shared)) or 'none'}.",
                field="channel",
            )
        return wanted
    return "DE" if "DE" in shared else next(iter(shared), "")


def shared_channels(recordings: Sequence[StoredRecording]) -> tuple[str, ...]:
    """Return the channels that every recording has, in the order of the first one.

    Parameters
    ----------
    recordings : sequence of StoredRecording
    """
    others = [set(one.channels) for one in recordings[1:]]
    return tuple(
        name for name in recordings[0].channels if all(name in channels for channels in others)
    )


def plan_cut(
    recordings: Sequence[StoredRecording], window: int, overlap: float, channel: str
) -> Cut:
    """Return how to cut; a window of 0 means one second, or a whole recording if all are shorter.

    Parameters
    ----------
    recordings : sequence of StoredRecording
    window : int
        Samples.
    overlap : float
        Share of a window that the next one repeats, in [0, 1).
    channel : str

    Raises
    ------
    Invalid
        If window or overlap are out of range.
    """
    rate = most_common_rate(recordings)
    length = window or _usual_window(recordings, rate)
    if not SHORTEST_WINDOW <= length <= LONGEST_WINDOW:
        raise Invalid(
            f"A window has {SHORTEST_WINDOW} to {LONGEST_WINDOW} samples, not {length}.",
            field="window",
        )
    if not 0 <= overlap < 1:
        raise Invalid(f"The overlap lies from 0 up to 1, not {overlap:g}.", field="overlap")
    step = max(1, round(length * (1 - overlap)))
    return Cut(rate, length, step, common_channel(recordings, channel))


def _usual_window(recordings: Sequence[StoredRecording], rate_hz: float) -> int:
    second = round(WINDOW_S * rate_hz)
    lengths = sorted(n_samples_at(one, rate_hz) for one in recordings)
    return second if lengths[-1] >= second else max(SHORTEST_WINDOW, lengths[len(lengths) // 2])


def remarks_on(
    every: Sequence[StoredRecording], chosen: Sequence[StoredRecording], cut: Cut
) -> tuple[str, ...]:
    """Say in words which recordings are not learned from, or not as they are.

    Parameters
    ----------
    every : sequence of StoredRecording
        Of the data set.
    chosen : sequence of StoredRecording
        As `choose_recordings` returns them.
    cut : Cut
    """
    rate = f"{cut.sampling_rate_hz:,.0f} Hz"
    resampled_ones = sum(one.sampling_rate_hz != cut.sampling_rate_hz for one in chosen)
    short = sum(n_samples_at(one, cut.sampling_rate_hz) < cut.window for one in chosen)
    said = (
        (
            len(every) - len(chosen),
            f"{len(chosen):,} of {len(every):,} recordings are learned from: of a measurement that "
            f"is there at several sampling rates, the copy at {rate} stays.",
        ),
        (
            resampled_ones,
            f"Recordings of another rate, resampled to {rate}: {resampled_ones:,}.",
        ),
        (short, f"Recordings shorter than a window, left out: {short:,}."),
    )
    return tuple(words for number, words in said if number)


def window_starts(n_samples: int, cut: Cut) -> NDArray[np.int64]:
    """Return where the windows of a recording begin.

    Examples
    --------
    >>> window_starts(2500, Cut(1000.0, 1000, 1000)).tolist()
    [0, 1000]
    """
    return np.arange(0, n_samples - cut.window + 1, cut.step, dtype=np.int64)


def check_count(recordings: Sequence[StoredRecording], cut: Cut) -> None:
    """Refuse a cut into more windows than can be learned from.

    Raises
    ------
    Invalid
        If there are more than `MAX_WINDOWS`, or none.
    """
    lengths = (n_samples_at(one, cut.sampling_rate_hz) - cut.window for one in recordings)
    count = sum(1 + room // cut.step for room in lengths if room >= 0)
    if not count:
        raise Invalid(
            f"No recording is as long as a window of {cut.window} samples.", field="window"
        )
    if count > MAX_WINDOWS:
        raise Invalid(
            f"These are {count:,} windows; at most {MAX_WINDOWS:,} are learned from. "
            "Take longer windows or less overlap.",
            field="overlap",
        )


def n_samples_at(recording: StoredRecording, rate_hz: float) -> int:
    """Return how many samples a recording has at another rate."""
    return int(recording.n_samples * rate_hz / recording.sampling_rate_hz)


def resampled(samples: NDArray[np.floating], from_hz: float, to_hz: float) -> NDArray[np.float32]:
    """Return samples at another rate, with an anti-alias filter.

    Parameters
    ----------
    samples : ndarray of float, shape (..., time)
    from_hz, to_hz : float

    Examples
    --------
    >>> resampled(np.ones(48), 48_000.0, 12_000.0).shape
    (12,)
    """
    if from_hz == to_hz:
        return np.asarray(samples, dtype=np.float32)
    from scipy.signal import resample_poly

    ratio = Fraction(to_hz / from_hz).limit_denominator(_LARGEST_RATIO)
    changed: NDArray[np.floating] = resample_poly(
        samples, ratio.numerator, ratio.denominator, axis=-1
    )
    return changed.astype(np.float32)
