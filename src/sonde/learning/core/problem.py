"""What a domain hands to learning: labelled samples that know which of them belong together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

ReadWindows = Callable[[NDArray[np.intp]], NDArray[np.float32]]
ReadFeatures = Callable[[NDArray[np.intp]], NDArray[np.float64]]
FeaturesOfWindows = Callable[[NDArray[np.float32], NDArray[np.intp]], NDArray[np.float64]]


@dataclass(frozen=True)
class Fold:
    """Indices of the samples on the two sides of one split.

    Parameters
    ----------
    name : str
        What is held out, such as ``"7 mil"``.
    train, test : ndarray of intp, shape (n,)
    """

    name: str
    train: NDArray[np.intp]
    test: NDArray[np.intp]


@dataclass(frozen=True)
class Problem:
    """Labelled samples, lazily readable, with what must not be torn apart.

    Parameters
    ----------
    title : str
    class_names : tuple of str
        Name of class ``i`` at position ``i``.
    labels : ndarray of intp, shape (sample,)
    recordings : ndarray of str, shape (sample,)
        Identifier of the recording that each sample was cut from.
    groups : ndarray of str, shape (sample,)
        What must stay on one side of a split: the physical bearing.
    spans : ndarray of int64, shape (sample, 2)
        First and one-past-last position of each sample in its recording.
    fingerprints : ndarray of uint64, shape (sample,)
        Near-duplicate hash of each sample's content; equal or nearly equal bits mean a copy.
    attributes : mapping of str to ndarray of str, shape (sample,)
        What can be left out as a whole: ``"fault_size"``, ``"load"``, ...
    read_windows : callable
        From sample indices to float32 windows, shape (sample, channel, time).
    read_features : callable
        From sample indices to float64 features, shape (sample, feature).
    feature_names : tuple of str
    feature_recipe : str
        Name and version of the recipe behind `read_features`; kept with every model.
    sampling_rate_hz : float
    unit : str
        ``"unknown"`` where nobody declared it.
    honest_policy : str
        Name of the split policy that is honest for this problem.
    protocols : mapping of str to tuple of Fold
        Published, named splits that the domain offers for this very data.
    upload_options : mapping
        JSON-ready; kept with a model, and handed back to the source with every uploaded recording
        so that it is read the way these samples were.
    group_noun : str
        What a group is, in the words of the field: ``"bearing"``.
    features_of_windows : callable, optional
        From changed windows (sample, channel, time) and the samples that they were made from to
        their features; None where features are not measured on windows.
    class_titles : mapping of str to str
        What people call a class whose name is a key; the others are called by their names.
    """

    title: str
    class_names: tuple[str, ...]
    labels: NDArray[np.intp]
    recordings: NDArray[np.str_]
    groups: NDArray[np.str_]
    spans: NDArray[np.int64]
    fingerprints: NDArray[np.uint64]
    attributes: Mapping[str, NDArray[np.str_]]
    read_windows: ReadWindows
    read_features: ReadFeatures
    feature_names: tuple[str, ...]
    feature_recipe: str
    sampling_rate_hz: float
    unit: str = "unknown"
    honest_policy: str = "group-k-fold"
    protocols: Mapping[str, tuple[Fold, ...]] = field(default_factory=dict)
    upload_options: Mapping[str, Any] = field(default_factory=dict)
    group_noun: str = "group"
    data_hash: str = ""
    features_of_windows: FeaturesOfWindows | None = None
    class_titles: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.labels)


@dataclass(frozen=True)
class Upload:
    """An uploaded recording, read and cut the way a model's training data was.

    Parameters
    ----------
    name : str
        The file's name as the person knows it.
    windows : ndarray of float32, shape (sample, channel, time)
    features : ndarray of float64, shape (sample, feature)
    assumptions : mapping of str to str
        What was taken as given: rate, speed, unit, channel.
    evidence : mapping
        The domain's own verdict from first principles, JSON-ready.
    """

    name: str
    windows: NDArray[np.float32]
    features: NDArray[np.float64]
    assumptions: Mapping[str, str]
    evidence: Mapping[str, Any]
