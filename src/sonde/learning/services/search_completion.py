"""How a search could go on: fields, and the values that are in use."""

from collections.abc import Sequence
from typing import Final

from sonde.learning.core.search.columns import FIXED
from sonde.learning.core.search.completing import (
    Completion,
    asked_at_end,
    field_completions,
    own_values,
    value_completions,
)
from sonde.learning.core.search.fields import PARAMETER
from sonde.learning.core.search.tokens import LONGEST
from sonde.learning.persistence import experiment_tags
from sonde.learning.persistence.experiment_search import facets, queries
from sonde.platform.core.actor import Actor

MOST: Final = 30


def complete(actor: Actor, text: str) -> tuple[Completion, ...]:
    """Return ways to go on at the end of a search; none where it is too long already."""
    if len(text) > LONGEST:
        return ()
    asked = asked_at_end(text)
    with queries.capped():
        if asked.field:
            values = (*own_values(asked.field), *values_of(actor, asked.field))
            found = value_completions(asked, tuple(dict.fromkeys(values)))
        else:
            found = field_completions(asked, names(actor) if asked.typed else ())
    return tuple(found[:MOST])


def values_of(actor: Actor, field: str) -> Sequence[str]:
    """Return the values of a field that are in use, the most frequent first."""
    if field == "tag":
        return [tag.name for tag in experiment_tags.every(actor.workspace_ids)]
    if field == "owner":
        return ["me", *facets.in_use(field, actor.workspace_ids)]
    return facets.in_use(field, actor.workspace_ids)


def names(actor: Actor) -> tuple[str, ...]:
    """Return what metrics and parameters are called in a search."""
    keys = facets.metric_keys(actor.workspace_ids)
    parameters = facets.parameter_names(actor.workspace_ids)
    metrics = [f"{which}.{key}" for key in keys for which in ("best", "last")]
    return (*metrics, *(PARAMETER + name for name in parameters))


def column_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return key and title of every column that there is something for."""
    fixed = [(column.key, column.title) for column in FIXED.values()]
    return (*fixed, *((name, name) for name in names(actor)))
