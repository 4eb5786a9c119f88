"""Where a window that was learned from can be looked at."""

from collections.abc import Sequence

from sonde.bearings.core.cutting import Cut
from sonde.bearings.core.datasets import StoredRecording


def learned_name(recording: StoredRecording) -> str:
    """Return what a recording is called among the samples that are learned from.

    Parameters
    ----------
    recording : StoredRecording
    """
    return f"{recording.lineage} {recording.record}".strip()


def sample_links(
    recordings: Sequence[StoredRecording], cut: Cut, samples: Sequence[tuple[str, int, int]]
) -> tuple[str, ...]:
    """Return the address of each sample's stretch in the signal viewer.

    Parameters
    ----------
    recordings : sequence of StoredRecording
    cut : Cut
        How windows were cut; its rate tells where in the recording a sample lies.
    samples : sequence of (str, int, int)
        Recording by its learned name, first and one-past-last position.

    Returns
    -------
    tuple of str
        Empty for a recording that is not there any more.
    """
    ids = {learned_name(one): one.id for one in recordings}
    return tuple(
        _address(ids[name], first / cut.sampling_rate_hz, last / cut.sampling_rate_hz)
        if name in ids
        else ""
        for name, first, last in samples
    )


def _address(recording_id: str, first_s: float, last_s: float) -> str:
    return f"/signal-viewer/{recording_id}?from={first_s:.6g}&to={last_s:.6g}"


def data_looks(dataset_id: str) -> tuple[tuple[str, str], ...]:
    """Return title and address of the pages that look at a whole data set.

    Parameters
    ----------
    dataset_id : str

    Examples
    --------
    >>> data_looks("01J")[0]
    ('Feature importance', '/feature-engineering?dataset=01J&tab=importance')
    """
    features = f"/feature-engineering?dataset={dataset_id}&tab="
    return (
        ("Feature importance", f"{features}importance"),
        ("Feature correlation", f"{features}correlation"),
        ("Feature distributions", f"{features}distributions"),
        ("Data explorer", f"/data-explorer?dataset={dataset_id}"),
    )


def sample_looks(address: str) -> tuple[tuple[str, str], ...]:
    """Return title and address of the looks at a stretch of a signal.

    Parameters
    ----------
    address : str
        As `sample_links` gave it.

    Examples
    --------
    >>> sample_looks("/signal-viewer/01J?from=0&to=1")[-1]
    ('Bicoherence', '/signal-viewer/01J?from=0&to=1&view=bicoherence')
    """
    return (
        ("Signal", address),
        ("Spectrum", f"{address}&view=spectrum"),
        ("Envelope spectrum", f"{address}&view=envelope"),
        ("Spectrogram (STFT)", f"{address}&view=time-frequency&method=stft"),
        ("Scalogram (CWT)", f"{address}&view=time-frequency&method=cwt"),
        ("Bicoherence", f"{address}&view=bicoherence"),
    )
