"""Projection: all features in two or three dimensions."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.bearings.core.fault_classes import class_title
from sonde.bearings.core.projections import Method, ProjectionSettings
from sonde.bearings.services.explorer import projecting
from sonde.bearings.services.explorer.projecting import LaidOut, ProjectionWish
from sonde.bearings.ui.explorer.figures.points import projection_figure
from sonde.bearings.ui.explorer.ids import chart_id, start_id
from sonde.bearings.ui.explorer.settings import Kind, Said, Setting
from sonde.bearings.ui.explorer.state import ExplorerState
from sonde.bearings.ui.explorer.tabs.tab import Drawn, Offer, Tab, on_its_way
from sonde.platform.core.actor import Actor, Role
from sonde.platform.core.jobs import Job
from sonde.platform.ui.components import badge, card
from sonde.platform.ui.figures import Twin, graph
from sonde.platform.ui.icons import icon
from sonde.platform.ui.jobs.card import job_card
from sonde.platform.ui.tables import Column
from sonde.platform.ui.theme import Tone
from sonde.platform.ui.wording import count, percent

_NAMES = {Method.PCA: "PCA", Method.TSNE: "t-SNE", Method.UMAP: "UMAP"}
_READ = {
    Method.PCA: "Linear: directions of largest variance; distances far apart mean something.",
    Method.TSNE: "Keeps neighbourhoods; sizes of groups and distances between them mean nothing.",
    Method.UMAP: "Keeps neighbourhoods; distances between groups mean little.",
}
_GOOD, _FAIR = 0.95, 0.85


def settings(_offer: Offer) -> tuple[Setting, ...]:
    """Return what can be chosen."""
    methods = tuple((one.value, name) for one, name in _NAMES.items())
    sets = (("", "The 36 of the original"), ("all", "All that are extracted"))
    return (
        Setting("method", "Method", Kind.SWITCH, "pca", methods),
        Setting("dims", "Dimensions", Kind.SWITCH, "2", (("2", "2D"), ("3", "3D"))),
        Setting("set", "Features", Kind.LIST, "", sets),
        Setting("perplexity", "t-SNE perplexity", Kind.NUMBER, "30", low=2, high=100),
        Setting("neighbours", "UMAP neighbours", Kind.NUMBER, "15", low=2, high=200),
        Setting("near", "UMAP min. dist.", Kind.NUMBER, "0.1", low=0, high=0.99),
        Setting("start", "Seed", Kind.NUMBER, "0", low=0, high=2**32 - 1),
    )


def wish_of(state: ExplorerState, said: Said, offer: Offer) -> ProjectionWish:
    """Return what the tab asks for."""
    names = tuple(one.name for one in offer.features) if said.text("set") == "all" else ()
    chosen = ProjectionSettings(
        method=Method(said.text("method")),
        dimensions=int(said.text("dims")),
        seed=said.whole("start"),
        perplexity=said.number("perplexity") or 30.0,
        neighbours=said.whole("neighbours") or 15,
        min_dist=said.number("near") or 0.0,
    )
    return ProjectionWish(state.wanted, chosen, names)


def draw(actor: Actor, state: ExplorerState, said: Said, offer: Offer) -> Drawn:
    """Return the cloud, the job that computes it, or the button that starts the job."""
    wish = wish_of(state, said, offer)
    found = projecting.find(actor, state.dataset_id, wish)
    method = wish.settings.method
    if isinstance(found, Job) and not found.state.is_final:
        return on_its_way(found, _READ[method])
    if not isinstance(found, LaidOut):
        return _offer_start(method, found, may_start=actor.role is not Role.VIEWER)
    return Drawn([_chart(found)])


def _offer_start(method: Method, failed: Job | None, *, may_start: bool) -> Drawn:
    button = dmc.Button(
        "Calculate projection",
        id=start_id("projection"),
        leftSection=icon("tabler:player-play", 16),
        disabled=not may_start,
    )
    words = f"{_READ[method]} It takes a job some seconds to a minute, once for this filter."
    if not may_start:
        words += " Ask somebody who may start jobs."
    body = [
        html.P(words, className="sonde-dim"),
        html.Div(button, className="sonde-row sonde-gap"),
        *([job_card(failed, "last-try")] if failed else []),
    ]
    return Drawn([card(body, title=f"{_NAMES[method]} of this selection")], waiting=True)


def _titles(found: LaidOut) -> list[str]:
    explained = found.projection.explained
    if explained:
        return [f"PC {at} ({percent(one)})" for at, one in enumerate(explained, start=1)]
    name = _NAMES[found.settings.method]
    return [f"{name} {at}" for at in range(1, found.settings.dimensions + 1)]


def _chart(found: LaidOut) -> Any:
    method, shown = found.settings.method, len(found.facts)
    figure = projection_figure(found.projection.points, found.facts, _titles(found))
    figure.layout.uirevision = repr(found.settings.meaning)
    rows = [(class_title(label), count(number)) for label, number in found.facts.counts("labels")]
    chart = graph(
        figure,
        id=chart_id("points"),
        name=f"{_NAMES[method]} of {len(found.names)} features",
        summary=f"{count(shown)} signals by {len(found.names)} standardised features; "
        f"trustworthiness {found.projection.trustworthiness:.3f}. Click a point to look at its "
        "signal.",
        twin=Twin((Column("Class"), Column("Signals", numeric=True)), rows),
        height=580,
    )
    return card(
        [chart, *_remarks(found)],
        title=f"{_NAMES[method]} of {len(found.names)} features",
        description=_READ[method],
        actions=[_trust(found.projection.trustworthiness)],
    )


def _trust(value: float) -> Any:
    tone = Tone.GOOD if value >= _GOOD else Tone.WARN if value >= _FAIR else Tone.BAD
    hint = (
        "Share of the neighbours seen here that are neighbours among all features, too: 1 for all, "
        "0.5 by chance."
    )
    return badge(f"trustworthiness {value:.3f}", tone, hint=hint)


def _remarks(found: LaidOut) -> list[Any]:
    words = []
    if len(found.facts) < found.n_kept:
        words.append(
            f"{count(len(found.facts))} of {count(found.n_kept)} signals are drawn: the rest lacks "
            "a feature, or is left out of the sample."
        )
    if found.left_out:
        words.append(f"Left out, since they do not vary or have gaps: {', '.join(found.left_out)}.")
    return [html.P(" ".join(words), className="sonde-dim sonde-small")] if words else []


TAB = Tab("projection", "Projection", settings, draw, needs_features=True)
