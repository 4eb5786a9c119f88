"""Experiments over REST: what can be trained, train it, look at what came out."""

from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sonde.learning.core.estimating import Estimate
from sonde.learning.core.experiment_changes import Action
from sonde.learning.core.experiments import Experiment, NewExperiment
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import accept_training
from sonde.learning.core.hyper_parameters import HyperParameter
from sonde.learning.core.models.catalogue import MODELS
from sonde.learning.core.splits.catalogue import POLICIES
from sonde.learning.core.splits.policy import SplitConfig
from sonde.learning.services import estimates, experiment_changes, experiments, families
from sonde.platform.api.routing import Acting, IdempotencyKey, once, router
from sonde.platform.core.actor import Actor

ROUTER = router("/experiments", tag="Experiments")
CHOICES = router("/learning", tag="Experiments")

_EXPERIMENT = TypeAdapter(Experiment)


class SplitBody(BaseModel):
    """How training and test are kept apart; empty means the honest way of the data."""

    model_config = ConfigDict(extra="forbid")

    policy: Annotated[str, Field(max_length=100, description="A policy, a protocol, or empty.")] = (
        ""
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    n_folds: Annotated[int, Field(ge=2, le=50)] = 5
    test_fraction: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.25
    attribute: Annotated[str, Field(max_length=100)] = ""
    protocol: Annotated[str, Field(max_length=100)] = ""
    allow_leaks: Annotated[bool, Field(description="Ask for this split although it leaks.")] = False


class NewExperimentBody(BaseModel):
    """What to train, on what, and how to judge it."""

    model_config = ConfigDict(extra="forbid")

    dataset: str = Field(max_length=200, description="Id or title of a data set.")
    model: str = Field("random-forest", max_length=100)
    hyper_parameters: dict[str, bool | int | float | str] = Field(default_factory=dict)
    seed: int = Field(0, ge=0, lt=2**31)
    split: SplitBody = SplitBody()
    title: str = Field("", max_length=200)
    options: dict[str, Any] = Field(
        default_factory=dict, description="How windows are made, such as {'window': 12000}."
    )
    training: dict[str, Any] = Field(
        default_factory=dict, description="How a deep model learns, such as {'epochs': 10}."
    )
    device: Literal["auto", "cpu", "cuda"] | None = Field(
        None, description="The same as training.device."
    )
    notes: str = Field("", max_length=10_000)
    tags: list[str] = Field(default_factory=list, max_length=30)


class NewFamilyBody(NewExperimentBody):
    """The same experiment with several seeds."""

    seeds: list[Annotated[int, Field(ge=0, lt=2**31)]] = Field(min_length=1, max_length=50)


class Family(BaseModel):
    """Experiments that differ by their seed only."""

    family_id: str
    experiments: list[Experiment]


class ModelBody(BaseModel):
    """One model that can be trained."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    family: str
    help: str
    eats: str
    hyper_parameters: list[HyperParameter]


class PolicyBody(BaseModel):
    """One way to keep training and test apart."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    help: str
    is_leaky: bool


class ProblemBody(BaseModel):
    """One data set that can be trained on."""

    source: str
    ref: str
    title: str
    n_recordings: int
    n_groups: int
    classes: list[str]


class Choices(BaseModel):
    """Everything that an experiment can be made of."""

    models: list[ModelBody]
    split_policies: list[PolicyBody]
    problems: list[ProblemBody]


@CHOICES.get("/choices")
def list_choices(actor: Acting) -> Choices:
    """List models with their settings, split policies, and data sets to train on."""
    return Choices(
        models=[ModelBody.model_validate(model) for model in MODELS.values()],
        split_policies=[PolicyBody.model_validate(policy) for policy in POLICIES.values()],
        problems=[
            ProblemBody(source=source, **{**vars(choice), "classes": list(choice.classes)})
            for source, choice in experiments.problem_choices(actor)
        ],
    )


@CHOICES.get("/problems")
def describe_problem(
    actor: Acting,
    dataset: Annotated[str, Query(max_length=200, description="Id or title of a data set.")],
) -> dict[str, Any]:
    """Look at what a data set offers: classes, named splits, what can be left out as a whole."""
    return dict(experiments.describe_problem(actor, *experiments.locate_problem(actor, dataset)))


@ROUTER.post("", status_code=201, response_model=Experiment)
def create_experiment(
    actor: Acting, body: NewExperimentBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Train a model as a job; a split that leaks is refused unless it is asked for by name."""

    def create() -> dict[str, Any]:
        made = experiments.create(actor, _wanted(actor, body))
        document: dict[str, Any] = _EXPERIMENT.dump_python(made, mode="json")
        return document

    return once(actor, idempotency_key, body, create)


@ROUTER.post("/families", status_code=201, response_model=Family)
def create_family(
    actor: Acting, body: NewFamilyBody, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Train a model with several seeds, one experiment and one job for each."""

    def create() -> dict[str, Any]:
        made = families.create_family(actor, _wanted(actor, body), body.seeds)
        family = Family(family_id=made[0].summary.family_id, experiments=list(made))
        return family.model_dump(mode="json")

    return once(actor, idempotency_key, body, create)


@ROUTER.post("/estimate")
def estimate_experiment(actor: Acting, body: NewExperimentBody) -> Estimate:
    """Say what an experiment would be worth and cost: its certificate, its time; starts nothing."""
    return estimates.estimate(actor, _wanted(actor, body))


@ROUTER.get("/{experiment_id}")
def get_experiment(actor: Acting, experiment_id: str) -> Experiment:
    """Look at one experiment: its score, its certificate, its folds."""
    return experiments.get(actor, experiment_id)


@ROUTER.delete("/{experiment_id}", status_code=204)
def delete_experiment(actor: Acting, experiment_id: str, for_good: bool = False) -> Response:
    """Put an experiment into the trash for 30 days; a running training is cancelled."""
    if for_good:
        experiments.delete(actor, experiment_id)
    else:
        experiment_changes.change(actor, Action.TRASH, [experiment_id])
    return Response(status_code=204)


def _wanted(actor: Actor, body: NewExperimentBody) -> NewExperiment:
    source, ref = experiments.locate_problem(actor, body.dataset)
    device = {"device": body.device} if body.device else {}
    training = accept_training({**body.training, **device})
    return NewExperiment(
        source=source,
        ref=ref,
        model=ModelConfig(body.model, body.seed, body.hyper_parameters, training),
        split=SplitConfig(**body.split.model_dump()),
        title=body.title,
        options=body.options,
        notes=body.notes,
        tags=tuple(body.tags),
    )
