"""What trained models say about a recording that is looked at."""

from dataclasses import dataclass

from sonde.bearings.core.recordings import Recording
from sonde.bearings.core.signal_views import Look, Signal
from sonde.bearings.services.problems import DatasetProblems, upload_of
from sonde.bearings.services.signals import access
from sonde.learning.core.prediction import Prediction
from sonde.learning.services import experiments, predictions
from sonde.platform.core.actor import Actor
from sonde.platform.core.errors import Conflict

_LISTED = 100


@dataclass(frozen=True)
class FinishedModel:
    """A model that can be asked.

    Parameters
    ----------
    experiment_id, title : str
    macro_f1 : float, optional
    is_honest : bool, optional
    """

    experiment_id: str
    title: str
    macro_f1: float | None
    is_honest: bool | None

    @property
    def words(self) -> str:
        """Return what it is called and what it is worth."""
        worth = "" if self.macro_f1 is None else f" · macro-F1 {self.macro_f1:.2f}"
        return f"{self.title}{worth}{'' if self.is_honest else ' (leaky split)'}"


def finished_models(actor: Actor) -> tuple[FinishedModel, ...]:
    """Return the models that were trained on data sets and are finished, newest first."""
    return tuple(
        FinishedModel(one.id, one.title, one.macro_f1, one.is_honest)
        for one in experiments.list_experiments(actor, limit=_LISTED).items
        if one.source == DatasetProblems.slug and one.finished_at is not None
    )


def predict(actor: Actor, look: Look, experiment_id: str) -> Prediction:
    """Return what a finished model says about the channel looked at.

    Raises NotFound, Conflict for a model that is not trained or knows no vibration, and Invalid
    for a recording that is too short.
    """
    opened = predictions.open_model(actor, experiment_id)
    card = opened.bundle.card
    if card.source != DatasetProblems.slug:
        raise Conflict("This model was not trained on recordings.", experiment_id=experiment_id)
    found = access.signal(actor, look)
    designation = access.designation_of(actor, found.recording, look)
    return predictions.tell(opened, upload_of(_as_read(found), card.source_options, designation))


def _as_read(signal: Signal) -> Recording:
    """Return a stored signal in the form in which files are read."""
    stored = signal.recording
    return Recording(
        name=stored.title,
        samples=signal.samples[None, :],
        sampling_rate_hz=stored.sampling_rate_hz,
        speed_rpm=stored.speed_rpm,
        channels=(signal.channel,),
        unit=stored.unit,
        assumptions=(f"channel {signal.channel}", f"speed {stored.speed_rpm:g} rpm", *stored.notes),
    )
