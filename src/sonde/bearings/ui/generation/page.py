"""Visits of the page that makes data."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from sonde.bearings.core.simulate.plan import PRESETS, GenerationConfig
from sonde.bearings.services import generations
from sonde.bearings.ui.generation.layout import (
    DESCRIPTION,
    IMPORT_PATH,
    TITLE,
    MakeView,
    Wanted,
    make_view,
    tabs,
)
from sonde.bearings.ui.generation.recent import Made
from sonde.bearings.ui.importing.page import show_form
from sonde.platform.core.actor import Actor
from sonde.platform.core.domain import PageRequest
from sonde.platform.core.errors import Forbidden, NotFound
from sonde.platform.core.jobs import Job
from sonde.platform.core.ports import utc_now
from sonde.platform.services import jobs
from sonde.platform.ui.components import PageView

ROWS = 10


def show(request: PageRequest) -> PageView:
    """Return the page; ``?kind=``, ``?preset=``, ``?saved=`` or ``?generation=`` fill the form."""
    wanted = wanted_of(request.actor, request.query)
    made = made_lately(request.actor)
    chosen = [one.job_id for one, _ in made if one.id == wanted.generation]
    return make_view(MakeView(wanted, utc_now(), made, chosen[0] if chosen else ""))


def show_import(request: PageRequest) -> PageView:
    """Return the import form as the other half of the page."""
    imported = show_form(request)
    body = imported.body if isinstance(imported.body, list) else [imported.body]
    return replace(
        imported,
        title=TITLE,
        body=[tabs(IMPORT_PATH), *body],
        description=DESCRIPTION,
        crumb="Import",
    )


def wanted_of(actor: Actor, query: Mapping[str, str]) -> Wanted:
    """Return what the address asks for; raises NotFound and Invalid."""
    preset, saved, generation = (query.get(name, "") for name in ("preset", "saved", "generation"))
    if generation:
        config = generations.config_of(generations.get(actor, generation))
    elif saved:
        config = generations.load_config(actor, saved)
    elif preset:
        config = _preset(preset)
    else:
        given = {name: query[name] for name in ("kind", "equations") if query.get(name)}
        config = GenerationConfig.from_json(given)
    names = tuple(one.name for one in generations.list_configs(actor))
    return Wanted(config, preset, saved, generation, names)


def made_lately(actor: Actor) -> tuple[Made, ...]:
    """Return the newest generations, each with its job where it may be seen."""
    return tuple((one, _job(actor, one.job_id)) for one in generations.recent(actor, limit=ROWS))


def _preset(name: str) -> GenerationConfig:
    if name not in PRESETS:
        raise NotFound(f"There is no preset {name!r}; there are {', '.join(PRESETS)}.")
    return PRESETS[name].config


def _job(actor: Actor, job_id: str) -> Job | None:
    with suppress(NotFound, Forbidden):
        return jobs.get(actor, job_id)
    return None
