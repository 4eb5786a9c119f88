"""The exact configuration of an experiment as one document.

The wizard shows it before the start, templates keep it, and a clone begins with it.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import training_document
from sonde.learning.core.splits.policy import SplitConfig
from sonde.platform.core.errors import Invalid

_LONGEST_TAG, _MOST_TAGS = 60, 30


def document_of(wanted: NewExperiment) -> dict[str, Any]:
    """Return the document of an experiment that is asked for.

    Parameters
    ----------
    wanted : NewExperiment

    Examples
    --------
    >>> document_of(NewExperiment("datasets", "1", ModelConfig("rbf-svm")))["model"]["seed"]
    0
    """
    document = {one.name: getattr(wanted, one.name) for one in fields(NewExperiment)}
    model = asdict(wanted.model) | {"training": training_document(wanted.model.training)}
    return document | {
        "model": model,
        "split": asdict(wanted.split),
        "options": dict(wanted.options),
        "tags": list(wanted.tags),
    }


def document_of_experiment(experiment: Experiment) -> dict[str, Any]:
    """Return the document that would ask for `experiment` once more, without its title.

    Parameters
    ----------
    experiment : Experiment
    """
    summary = experiment.summary
    return document_of(
        NewExperiment(
            source=summary.source,
            ref=summary.ref,
            model=experiment.model,
            split=experiment.split,
            options=experiment.options,
        )
    )


def wanted_from(document: Mapping[str, Any]) -> NewExperiment:
    """Return what a document asks for.

    Parameters
    ----------
    document : mapping
        As of `document_of`; what is absent has its default.

    Raises
    ------
    Invalid
        If it has unknown parts or parts of another kind.

    Examples
    --------
    >>> wanted = NewExperiment("datasets", "1", ModelConfig("rbf-svm", 3), tags=("baseline",))
    >>> wanted_from(document_of(wanted)) == wanted
    True
    """
    unknown = sorted(set(document) - {one.name for one in fields(NewExperiment)})
    if unknown:
        raise Invalid(f"An experiment has no part {unknown[0]!r}.", unknown=unknown)
    try:
        model = ModelConfig.from_document({"seed": 0, "values": {}} | dict(document["model"]))
        _check_kinds(model, ModelConfig(""))
        return NewExperiment(
            source=str(document["source"]),
            ref=str(document["ref"]),
            model=model,
            split=_split(document.get("split", {})),
            title=str(document.get("title", "")),
            options=dict(document.get("options", {})),
            notes=str(document.get("notes", "")),
            tags=_tags(document.get("tags", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(
            "This is not the configuration of an experiment: it needs source, ref and model."
        ) from error


def _split(given: Mapping[str, Any]) -> SplitConfig:
    said: dict[str, Any] = {"policy": ""} | dict(given)
    split = SplitConfig(**said)
    _check_kinds(split, SplitConfig(""))
    return split


def _check_kinds(given: ModelConfig | SplitConfig, usual: ModelConfig | SplitConfig) -> None:
    """Raise Invalid where a value is of another kind than that of a usual configuration."""
    for name in (one.name for one in fields(usual)):
        value, kind = getattr(given, name), type(getattr(usual, name))
        fits = isinstance(value, int | float) if kind is float else isinstance(value, kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise Invalid(f"{name} is of type {kind.__name__}, not {value!r}.", field=name)


def _tags(given: object) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or len(given) > _MOST_TAGS:
        raise Invalid(f"Tags are a list of at most {_MOST_TAGS}.", field="tags")
    tags = tuple(dict.fromkeys(str(one).strip() for one in given))
    if any(not tag or len(tag) > _LONGEST_TAG or not tag.isprintable() for tag in tags):
        raise Invalid(f"A tag has 1 to {_LONGEST_TAG} printable characters.", field="tags")
    return tags
