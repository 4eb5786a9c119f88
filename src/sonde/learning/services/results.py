"""Results looked at more closely, and taken away: conditions, single samples, bundle, notebook."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping

from sonde.learning.core import result as documents
from sonde.learning.core.evaluating.class_intervals import ScoreIntervals, score_intervals
from sonde.learning.core.experiments import Experiment
from sonde.learning.core.reporting.model_card import model_card
from sonde.learning.core.reporting.notebook import finished, notebook
from sonde.learning.core.slices import LinkedSample, Slice, slices, told_samples
from sonde.learning.persistence import experiment_tags
from sonde.learning.services import experiments
from sonde.learning.services.held_out import held_out
from sonde.learning.services.sample_links import sample_links
from sonde.platform.core.actor import Actor
from sonde.platform.services.work import ports

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READ_ME = """\
model.safetensors     the trained model: arrays and a card, no code
held-out.safetensors  what the folds' models said of every held-out window
recompute.ipynb       computes the score from it again; needs numpy and safetensors only
result.json           the whole result with its certificate and provenance
model-card.md         what one must know before using the model
SHA256SUMS            sha256sum --check SHA256SUMS
"""


def conditions(actor: Actor, experiment_id: str) -> tuple[Slice, ...]:
    """Return the scores by condition; raises NotFound, Conflict before there are any."""
    return slices(held_out(actor, experiment_id))


def intervals(actor: Actor, experiment_id: str) -> ScoreIntervals | None:
    """Return how sure accuracy and single classes are; raises NotFound.

    None where an experiment was trained before its held-out predictions were kept.
    """
    row, _ = experiments.find(actor, experiment_id)
    return score_intervals(held_out(actor, experiment_id)) if row.held_out_key else None


def tags(actor: Actor, experiment_id: str) -> tuple[str, ...]:
    """Return the names of an experiment's tags; raises NotFound."""
    experiments.find(actor, experiment_id)
    found = experiment_tags.of_experiments([experiment_id])
    return tuple(tag.name for tag in found.get(experiment_id, ()))


def samples(
    actor: Actor, experiment_id: str, label: str = "", told: str = "", *, most: int = 200
) -> tuple[int, tuple[LinkedSample, ...]]:
    """Return the samples of a cell of the confusion matrix, or all errors, the surest first.

    Raises NotFound, and Conflict before there are any.
    """
    n_samples, found = told_samples(held_out(actor, experiment_id), label, told, most=most)
    places = [(one.recording, one.first, one.last) for one in found]
    links = sample_links(actor, experiment_id, places)
    return n_samples, tuple(map(LinkedSample, found, links))


def card(actor: Actor, experiment_id: str) -> str:
    """Return the model card as Markdown; raises NotFound, Conflict."""
    return _card(actor, experiments.get(actor, experiment_id))


def _card(actor: Actor, experiment: Experiment) -> str:
    finished(experiment)
    row, _ = experiments.find(actor, experiment.id)
    return model_card(experiment, conditions(actor, experiment.id) if row.held_out_key else ())


def recomputing_notebook(actor: Actor, experiment_id: str) -> str:
    """Return the notebook that computes the score again; raises NotFound, Conflict."""
    return notebook(experiments.get(actor, experiment_id))


def bundle(actor: Actor, experiment_id: str) -> tuple[str, bytes]:
    """Return file name and bytes of one archive with everything about a finished experiment.

    The same experiment gives the same bytes. Raises NotFound, and Conflict before it is finished.
    """
    experiment = experiments.get(actor, experiment_id)
    content = _files(actor, experiment)
    sums = "".join(f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in content.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in {**content, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), one)
    return f"experiment-{experiment.id}.zip", packed.getvalue()


def _files(actor: Actor, experiment: Experiment) -> Mapping[str, bytes]:
    result = finished(experiment)
    row, _ = experiments.find(actor, experiment.id)
    held_out(actor, experiment.id)
    read = ports().files.read
    return {
        "README.txt": _READ_ME.encode(),
        "model.safetensors": bytes(read(row.bundle_key)),
        "held-out.safetensors": bytes(read(row.held_out_key)),
        "recompute.ipynb": notebook(experiment).encode(),
        "result.json": json.dumps(documents.to_json(result), indent=2).encode(),
        "model-card.md": _card(actor, experiment).encode(),
    }
