"""What a person may choose about how recordings are cut into windows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sonde.bearings.core.cutting import LONGEST_WINDOW, SHORTEST_WINDOW, Cut, shared_channels
from sonde.bearings.core.datasets import StoredRecording


def cut_choices(cut: Cut) -> tuple[Mapping[str, Any], ...]:
    """Return the length of a window and the overlap as things to choose.

    Parameters
    ----------
    cut : Cut
        What is done where nothing is chosen.

    Examples
    --------
    >>> [one["name"] for one in cut_choices(Cut(12_000.0, 12_000, 12_000))]
    ['window', 'overlap']
    """
    return (
        {
            "name": "window",
            "title": "Window",
            "help": "Samples of one window; longer ones hold more turns, shorter ones are more.",
            "default": cut.window,
            "low": SHORTEST_WINDOW,
            "high": LONGEST_WINDOW,
        },
        {
            "name": "overlap",
            "title": "Overlap",
            "help": "Share of a window that the next one repeats; windows of one recording stay "
            "together.",
            "default": 0.0,
            "low": 0.0,
            "high": 0.95,
        },
    )


def channel_choices(
    recordings: Sequence[StoredRecording], cut: Cut
) -> tuple[Mapping[str, Any], ...]:
    """Return the channel as something to choose; nothing where all recordings share but one.

    Parameters
    ----------
    recordings : sequence of StoredRecording
    cut : Cut
        Its channel stands first.
    """
    others = [name for name in shared_channels(recordings) if name != cut.channel]
    if not others:
        return ()
    return (
        {
            "name": "channel",
            "title": "Channel",
            "help": "Where the windows come from; every recording has these.",
            "values": [[name, name] for name in (cut.channel, *others)],
        },
    )
