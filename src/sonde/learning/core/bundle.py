"""A trained model in one file without pickle: arrays in safetensors, facts in JSON.

Nothing in the file names a class or a function to be called: the card names a registered model,
whose own code checks the arrays and builds itself from them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sonde.learning.core import novelty as novelty_scoring
from sonde.learning.core.calibrated import OLDER, Calibration, calibration_of
from sonde.learning.core.fitting.specification import FittedModel
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.novelty import NoveltyScorer
from sonde.platform.core.errors import Unreadable

FORMAT = "sonde-model/1"
_DTYPES = frozenset({"float32", "float64", "int32", "int64", "bool", "uint8"})


@dataclass(frozen=True)
class ModelCard:
    """What a person must know before using a model.

    Parameters
    ----------
    title : str
    model : str
        Name of a registered model.
    config : mapping
        Seed and hyper-parameters.
    class_names : tuple of str
    feature_recipe : str
    feature_names : tuple of str
    sampling_rate_hz : float
    unit : str
    window_shape : tuple of int
        Channels and samples.
    source, source_options : str, mapping
        Which domain reads recordings for this model, and how.
    certificate : mapping
        The split certificate of the score.
    macro_f1 : float
    data_hash : str
    model_hash : str
        SHA-256 of the arrays; filled in by `dump`, checked by `load`.
    created_at : str
    calibration : Calibration, optional
        How its probabilities are mended and doubted; learned from held-out samples.
    uncalibrated : str
        Why it has none, as a sentence.
    """

    title: str
    model: str
    config: Mapping[str, Any]
    class_names: tuple[str, ...]
    feature_recipe: str
    feature_names: tuple[str, ...]
    sampling_rate_hz: float
    unit: str
    window_shape: tuple[int, int]
    source: str
    source_options: Mapping[str, Any]
    certificate: Mapping[str, Any]
    macro_f1: float
    data_hash: str
    created_at: str
    model_hash: str = ""
    format: str = field(default=FORMAT)
    calibration: Calibration | None = None
    uncalibrated: str = OLDER

    def title_of(self, class_name: str) -> str:
        """Return what people call a class."""
        return str(self.certificate.get("class_titles", {}).get(class_name, class_name))

    @property
    def calibration_words(self) -> str:
        """What the calibration rests on, or why there is none; a sentence."""
        return self.calibration.sentence if self.calibration else self.uncalibrated


@dataclass(frozen=True)
class Bundle:
    """A model, what it knows as ordinary, and its card."""

    card: ModelCard
    fitted: FittedModel
    novelty: NoveltyScorer | None


def dump(bundle: Bundle) -> tuple[bytes, str]:
    """Return the bundle as the bytes of one file, and the hash of its arrays.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    content : bytes
    model_hash : str
    """
    from safetensors.numpy import save

    arrays = {f"model.{name}": array for name, array in bundle.fitted.arrays().items()}
    if bundle.novelty is not None:
        arrays |= {f"novelty.{name}": array for name, array in bundle.novelty.arrays().items()}
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    model_hash = _hash(whole)
    card = json.dumps(asdict(bundle.card) | {"model_hash": model_hash})
    content: bytes = save(whole, metadata={"card": card})
    return content, model_hash


def load(content: bytes) -> Bundle:
    """Return the bundle in `content`, which may come from anybody.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Bundle

    Raises
    ------
    Unreadable
        If it is not a bundle, names a model that is not registered, holds arrays of another type
        or shape than that model's, or was changed after it was written.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as load_arrays

    try:
        card = _card(content)
        arrays = load_arrays(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise Unreadable("This is not a model of ours.") from error
    if card.model not in MODELS:
        raise Unreadable(f"There is no model {card.model!r} here.", model=card.model)
    strange = sorted({str(array.dtype) for array in arrays.values()} - _DTYPES)
    if strange:
        raise Unreadable(f"Arrays of type {strange[0]} do not belong into a model.")
    if _hash(arrays) != card.model_hash:
        raise Unreadable("This model was changed after it was written.", model=card.model)
    try:
        fitted = MODELS[card.model].restore(_under("model.", arrays))
        ordinary = _under("novelty.", arrays)
        scorer = novelty_scoring.restore(ordinary) if ordinary else None
    except (KeyError, ValueError, IndexError) as error:
        raise Unreadable(
            "These arrays are not those of the model that they claim to be."
        ) from error
    return Bundle(card, fitted, scorer)


def _card(content: bytes) -> ModelCard:
    """Read the card from the header that safetensors puts first: length, then JSON."""
    length = int.from_bytes(content[:8], "little")
    if not 2 <= length <= min(len(content) - 8, 16_000_000):
        raise ValueError("no header")
    metadata = json.loads(content[8 : 8 + length])["__metadata__"]
    facts = json.loads(metadata["card"])
    if facts["format"] != FORMAT:
        raise ValueError("another format")
    for name in ("class_names", "feature_names", "window_shape"):
        facts[name] = tuple(facts[name])
    facts["calibration"] = calibration_of(facts.get("calibration"))
    return ModelCard(**facts)


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _hash(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
