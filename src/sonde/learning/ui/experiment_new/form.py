"""The form of the page as one document, and back: what every control means."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sonde.learning.core.experiment_document import wanted_from
from sonde.learning.core.experiments import NewExperiment
from sonde.learning.core.models.catalogue import model as specification
from sonde.platform.core.errors import Invalid

HONEST_CHOICE: Final = "honest"
_MOST_SEEDS: Final = 50
SPLIT_DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "protocol": ("protocol",),
    "leave-one-attribute-out": ("attribute",),
    "group-k-fold": ("n_folds",),
    "random-windows": ("test_fraction",),
    "stratified-group-hold-out": ("test_fraction",),
}
"""What each policy asks; the others ask nothing."""
_SPLIT_NUMBERS: Final = {"n_folds": int, "test_fraction": float}


def values_of(values: Sequence[Any], ids: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return what stands in each field, by its path; empty fields are left out."""
    return {
        one["name"]: value
        for one, value in zip(ids, values, strict=True)
        if value not in (None, "", [])
    }


def wanted_of(
    values: Mapping[str, Any], *, allow_leaks: bool = False
) -> tuple[NewExperiment, tuple[int, ...]]:
    """Return the experiment that a filled form asks for, and its seeds; raises Invalid."""
    source, _, ref = str(values.get("data", "")).partition("|")
    model = str(values.get("model", ""))
    seeds = seeds_of(str(values.get("seeds", "0")))
    training = _training(values) if specification(model).uses_training else {}
    document = {
        "source": source,
        "ref": ref,
        "model": {
            "model": model,
            "seed": seeds[0],
            "values": specification(model).values(_under(f"values/{model}/", values)),
            "training": training,
        },
        "split": _split(values, seeds[0]) | {"allow_leaks": allow_leaks},
        "options": _under("options/", values),
        **{name: values[name] for name in ("title", "notes", "tags") if name in values},
    }
    return wanted_from(document), seeds


def form_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in each field, by its path, for a configuration that was kept."""
    model = document["model"]
    split = dict(document.get("split", {}))
    policy = split.pop("policy", "") or HONEST_CHOICE
    training = dict(model.get("training", {}))
    lengths = training.pop("progressive_resizing", ())
    return (
        {
            "data": f"{document['source']}|{document['ref']}",
            "model": model["model"],
            "seeds": str(model.get("seed", 0)),
            "split/policy": policy,
            "training/progressive_resizing": ", ".join(str(one) for one in lengths),
        }
        | {f"split/{name}": value for name, value in split.items()}
        | {f"values/{model['model']}/{name}": one for name, one in model["values"].items()}
        | {f"training/{name}": value for name, value in training.items()}
        | {f"options/{name}": value for name, value in document.get("options", {}).items()}
        | {name: document[name] for name in ("title", "notes", "tags") if document.get(name)}
    )


def seeds_of(text: str) -> tuple[int, ...]:
    """Return the seeds that a text names, such as ``"0, 3-5"``; raises Invalid.

    Examples
    --------
    >>> seeds_of("0, 3-5")
    (0, 3, 4, 5)
    """
    seeds: list[int] = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        first, _, last = part.partition("-")
        if not first.strip().isdecimal() or (last and not last.strip().isdecimal()):
            raise Invalid(f"Seeds are whole numbers such as 0 or 0-4, not {part!r}.", field="seeds")
        begin, end = int(first), int(last or first)
        if end - begin >= _MOST_SEEDS:
            raise Invalid(f"At most {_MOST_SEEDS} seeds make one family.", field="seeds")
        seeds += range(begin, end + 1)
    if not 1 <= len(set(seeds)) <= _MOST_SEEDS:
        raise Invalid(f"Give 1 to {_MOST_SEEDS} seeds.", field="seeds")
    return tuple(dict.fromkeys(seeds))


def _split(values: Mapping[str, Any], seed: int) -> dict[str, Any]:
    given = _under("split/", values)
    policy = given.pop("policy", HONEST_CHOICE)
    given = {name: given[name] for name in SPLIT_DETAILS.get(policy, ()) if name in given}
    for name, kind in _SPLIT_NUMBERS.items():
        if name in given:
            given[name] = kind(given[name])
    return given | {"policy": "" if policy == HONEST_CHOICE else policy, "seed": seed}


def _training(values: Mapping[str, Any]) -> dict[str, Any]:
    given = _under("training/", values)
    return given | {"progressive_resizing": _lengths(given.get("progressive_resizing", ""))}


def _under(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _lengths(text: Any) -> list[str]:
    return [part.strip() for part in str(text).split(",") if part.strip()]
