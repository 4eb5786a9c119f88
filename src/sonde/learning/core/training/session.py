"""The steps of a training one after the other, and what is told and kept between them."""

import math
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from sonde.learning.core.fitting.fit_run import FitRun
from sonde.learning.core.fitting.specification import ModelConfig
from sonde.learning.core.fitting.training_config import TrainingConfig
from sonde.learning.core.training.batches import Place, cut_epoch, n_batches
from sonde.learning.core.training.early_stopping import Watch
from sonde.learning.core.training.event_files import event_file
from sonde.learning.core.training.feeding import feeding
from sonde.learning.core.training.gradients import clip, layer_norms
from sonde.learning.core.training.judge import Judge
from sonde.learning.core.training.optimisers import optimiser_of
from sonde.learning.core.training.schedules import learning_rate, plateau_of
from sonde.learning.core.training.state import Kept, State, pack, restore, unpack
from sonde.learning.core.training.tensor_files import to_file
from sonde.platform.core.errors import Invalid

EVENTS = "events.out.tfevents.sonde"


class Stage(Protocol):
    """Pretraining or training: how a batch is made, and what its loss is."""

    @property
    def number(self) -> int:
        """Its place among the stages."""
        ...

    @property
    def prefix(self) -> str:
        """Before the names of its metrics."""
        ...

    @property
    def learner(self) -> Any:
        """The torch module whose parameters are learned."""
        ...

    @property
    def config(self) -> TrainingConfig:
        """How it learns."""
        ...

    def make(self, place: Place, indices: NDArray[np.intp]) -> tuple[NDArray[np.float32], ...]:
        """Return the arrays of a batch; called in the feed's thread."""
        ...

    def loss(self, *tensors: Any) -> tuple[Any, Any]:
        """Return the loss, and how many samples were told right."""
        ...


@dataclass(frozen=True)
class Budget:
    """What a training may take beside computing.

    Parameters
    ----------
    keep_every_s : float
        Time between two states that are kept within an epoch.
    keep_share : float
        Of the time that keeping states may take; dear ones are kept less often.
    remembered_bytes : int
        Memory for windows that were read once.
    """

    keep_every_s: float = 10.0
    keep_share: float = 0.03
    remembered_bytes: int = 512 * 2**20


@dataclass
class Session:
    """One training under way.

    Parameters
    ----------
    run : FitRun
    judge : Judge
    teaching : ndarray of intp
    config : ModelConfig
    stamp : str
        Of this very fit.
    budget : Budget
    waited_s : float
        Time that steps have waited for their windows.
    """

    run: FitRun
    judge: Judge
    teaching: NDArray[np.intp]
    config: ModelConfig
    stamp: str
    budget: Budget
    waited_s: float = 0.0
    state: State = field(init=False)
    _began: float = field(default_factory=time.perf_counter)
    _kept_at: float = field(default_factory=time.perf_counter)
    _keeping_s: float = 0.0
    _epoch_began: float = 0.0
    _epoch_windows: int = 0

    @property
    def n_steps(self) -> int:
        """Steps of an epoch."""
        return n_batches(len(self.teaching), self.config.training.batch_size)

    @property
    def n_epochs(self) -> int:
        """Epochs of the training proper that were done."""
        return sum("train/loss" in record for record in self.state.history)

    def go(self, stages: list[Stage]) -> str:
        """Do all that is left of the stages; return how it ended."""
        pulse = self.judge.pulse
        pulse.n_steps = sum(stage.config.epochs for stage in stages) * self.n_steps
        kept = unpack(self.run.kept(), self.stamp)
        history: list[dict[str, float]] = []
        for stage in stages:
            if kept is not None and kept.stage > stage.number:
                pulse.done += stage.config.epochs * self.n_steps
                continue
            self.state = self._begin(stage, history)
            if kept is not None and kept.stage == stage.number:
                self._take_up(kept)
            self._do(stage)
            history = self.state.history
            if stage.number and pulse.wants_stop:
                break
        if self.n_epochs >= self.config.training.epochs:
            return "epochs"
        return "early" if self.state.watch.is_over else "asked"

    def keep_weights(self, name: str, epoch: int) -> None:
        """Keep the network's weights as a file of the run."""
        about = {"model": self.config.model, "epoch": epoch}
        self.run.keep_file(name, to_file(self.judge.module.state_dict(), about))

    def _begin(self, stage: Stage, history: list[dict[str, float]]) -> State:
        config, device = stage.config, self.judge.precision.device
        is_watched = stage.number and config.early_stopping
        return State(
            place=Place(stage.number, 0, 0),
            learner=stage.learner,
            optimiser=optimiser_of(stage.learner, config),
            scaler=self.judge.precision.scaler,
            watch=Watch(config.patience if is_watched else 0),
            plateau=plateau_of(config),
            sums=torch.zeros(4, dtype=torch.float64, device=device),
            history=history,
        )

    def _take_up(self, kept: Kept) -> None:
        restore(self.state, kept)
        place = self.state.place
        self.judge.pulse.done += place.epoch * self.n_steps + place.step
        self.run.note(f"Going on in epoch {place.epoch + 1} at step {place.step + 1}.")

    def _do(self, stage: Stage) -> None:
        """Do the steps that are left of one stage."""
        state, pulse, n_steps = self.state, self.judge.pulse, self.n_steps
        last = stage.config.epochs * n_steps
        first = state.place.epoch * n_steps + state.place.step
        stage.learner.train()
        self._epoch_began, self._epoch_windows = time.perf_counter(), 0
        with feeding(self._maker(stage), iter(range(first, last)), pulse.tell) as feed:
            for number in range(first, last):
                pulse.during(partial(self._step, stage, number, feed.take()))
                pulse.done += 1
                state.place = Place(stage.number, *divmod(number + 1, n_steps))
                if state.place.step == 0:
                    self._end_epoch(stage)
                elif time.perf_counter() - self._kept_at > self.budget.keep_every_s:
                    self._keep()
                pulse.beat()
                if self._is_enough(stage):
                    break
            self.waited_s += feed.waited_s
        if first < last:
            state.place = Place(stage.number, stage.config.epochs, 0)
            self._keep(always=True)

    def _is_enough(self, stage: Stage) -> bool:
        """Say whether a stage ends before its time; what was pretrained only can tell nothing."""
        if self.state.watch.is_over:
            return True
        return self.judge.pulse.wants_stop and (not stage.number or self.n_epochs > 0)

    def _maker(self, stage: Stage) -> Any:
        """Return the function that makes the batch of a step, counted over all epochs."""
        batches: dict[int, list[NDArray[np.intp]]] = {}
        size, seed = self.config.training.batch_size, self.config.seed

        def make(number: int) -> tuple[NDArray[np.float32], ...]:
            epoch, step = divmod(number, self.n_steps)
            if epoch not in batches:
                batches.clear()
                batches[epoch] = cut_epoch(self.teaching, size, seed, Place(stage.number, epoch, 0))
            return stage.make(Place(stage.number, epoch, step), batches[epoch][step])

        return make

    def _step(self, stage: Stage, number: int, batch: tuple[NDArray[np.float32], ...]) -> None:
        """Learn from one batch."""
        state, precision, config = self.state, self.judge.precision, stage.config
        rate = learning_rate(config, number, self.n_steps, state.plateau.factor)
        parameters = []
        for group in state.optimiser.param_groups:
            group["lr"] = rate
            parameters.extend(group["params"])
        tensors = [torch.from_numpy(one).to(precision.device, non_blocking=True) for one in batch]
        state.optimiser.zero_grad(set_to_none=True)
        with precision.autocast():
            loss, right = stage.loss(*tensors)
        state.scaler.scale(loss).backward()
        state.scaler.unscale_(state.optimiser)
        norm = clip(parameters, config.gradient_clip)
        state.scaler.step(state.optimiser)
        state.scaler.update()
        count = len(tensors[0])
        self._epoch_windows += count
        one = torch.ones_like(norm)
        state.sums += torch.stack([loss.detach() * count, right, one * count, norm * count])

    def _end_epoch(self, stage: Stage) -> None:
        """Judge, tell and keep an epoch that is done."""
        state, config = self.state, stage.config
        epoch = state.place.epoch
        metrics = self._metrics(stage, epoch)
        state.sums.zero_()
        if stage.number:
            metrics |= self.judge.metrics()
            self._see(epoch, metrics)
        state.history.append({"step": epoch, "wall_time": time.time(), **metrics})
        self.run.log(epoch, metrics)
        if stage.number and config.checkpoints == "all":
            self.keep_weights(f"epoch-{epoch:04d}.safetensors", epoch)
        self._keep()
        self._epoch_began, self._epoch_windows = time.perf_counter(), 0

    def _metrics(self, stage: Stage, epoch: int) -> dict[str, float]:
        loss, right, windows, norm = self.state.sums.tolist()
        if not math.isfinite(loss):
            raise Invalid(
                f"The training ran away: in epoch {epoch} the loss is no number. Choose a lower "
                "learning rate, or clip gradients.",
                field="learning_rate",
            )
        rate = self.state.optimiser.param_groups[0]["lr"]
        taken = max(time.perf_counter() - self._epoch_began, 1e-9)
        metrics = {
            f"{stage.prefix}loss": loss / windows,
            f"{stage.prefix}accuracy": right / windows,
            "learning_rate": rate,
            "gradient_norm": norm / windows,
            "throughput": self._epoch_windows / taken,
        }
        if not stage.number:
            # Told apart from the training's own; how many twins were found says little.
            del metrics[f"{stage.prefix}accuracy"]
            return {stage.prefix + k.removeprefix(stage.prefix): v for k, v in metrics.items()}
        return metrics | (layer_norms(stage.learner) if stage.config.gradient_statistics else {})

    def _see(self, epoch: int, metrics: dict[str, float]) -> None:
        """Let the epoch's score decide on the best weights and on the learning rate."""
        state = self.state
        state.plateau.see(metrics.get("validation/loss", metrics["train/loss"]))
        if "validation/loss" not in metrics:
            return
        loss = metrics["validation/loss"]
        score = (metrics["validation/macro_f1"], -loss if math.isfinite(loss) else -math.inf)
        if state.watch.see(epoch, score):
            weights = self.judge.module.state_dict()
            state.watch.weights = {k: v.detach().cpu().clone() for k, v in weights.items()}

    def _keep(self, *, always: bool = False) -> None:
        """Keep the state, unless keeping has become dear."""
        started = time.perf_counter()
        allowed = 0.5 + self.budget.keep_share * (started - self._began)
        if not always and self._keeping_s > allowed:
            return
        self.run.keep(pack(self.state, self.stamp))
        if self.config.training.tensorboard:
            self.run.keep_file(EVENTS, event_file(self.state.history))
        self._kept_at = time.perf_counter()
        self._keeping_s += self._kept_at - started
