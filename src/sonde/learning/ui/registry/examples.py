"""Requests to copy: the same question over our own paths and the Open Inference Protocol."""

import json
from typing import Any

import dash_mantine_components as dmc
from dash import html

from sonde.learning.core.registry import ModelVersion, RegisteredModel
from sonde.learning.ui.registry.ids import RegistryType
from sonde.platform.ui.components import card, stack


def examples_panel(model: RegisteredModel) -> Any:
    """Return requests that work as they stand, once signed in."""
    answering = model.answering
    if answering is None:
        return card(html.P("No version of this model answers.", className="sonde-dim"))
    return stack(
        [
            card(
                _code("sign-in", "Once", _sign_in()),
                title="Sign in",
                description="Programs sign in as people do; the session lies in a cookie file.",
            ),
            card(
                stack(
                    [
                        _code("file", "A recording", _file(model.name)),
                        _code("arrays", "Arrays", _arrays(model.name, answering)),
                        _code("batch", "A whole data set, as a job", _batch(model.name)),
                    ]
                ),
                title="Our own paths",
                description="The answer carries doubts: calibrated probabilities, the classes "
                "that are possible, whether a person should look, novelty, evidence.",
            ),
            card(
                stack(
                    [
                        _code(
                            "metadata",
                            "What it takes and gives",
                            f"curl -b jar $SONDE/v2/models/{model.name}",
                        ),
                        _code("infer", "Ask", _infer(model.name, answering)),
                    ]
                ),
                title="Open Inference Protocol, version 2",
                description="What Triton, KServe and other servers speak. "
                "An alias may stand for the version: /versions/champion/infer.",
            ),
            card(
                _code("terminal", "A recording, and a data set", _terminal(model.name)),
                title="Terminal",
            ),
        ]
    )


def _sign_in() -> str:
    who = json.dumps({"email": "you@example.org", "password": "..."})
    return f"curl -c jar $SONDE/api/v1/session -H 'Content-Type: application/json' -d '{who}'"


def _file(name: str) -> str:
    given = json.dumps({"sampling_rate_hz": 12000})
    return (
        f"curl -b jar $SONDE/api/v1/models/{name}/predictions -F file=@105.mat -F given='{given}'"
    )


def _batch(name: str) -> str:
    body = json.dumps({"dataset": "CWRU", "version": "champion"})
    return (
        f"curl -b jar $SONDE/api/v1/models/{name}/batches "
        f"-H 'Content-Type: application/json' -d '{body}'"
    )


def _arrays(name: str, one: ModelVersion) -> str:
    shape = _shape(one)
    return (
        f'# body.json: {{"{one.eats}": ...}}, numbers of the shape [batch, {shape}]\n'
        f"curl -b jar $SONDE/api/v1/models/{name}/predict "
        "-H 'Content-Type: application/json' -d @body.json"
    )


def _infer(name: str, one: ModelVersion) -> str:
    size = [1, *one.window_shape] if one.eats == "windows" else [1, len(one.feature_names)]
    datatype = "FP32" if one.eats == "windows" else "FP64"
    tensor = {"name": one.eats, "shape": size, "datatype": datatype, "data": ["..."]}
    body = json.dumps({"inputs": [tensor]}).replace('"..."', "...")
    return (
        f"# body.json: {body}\n"
        f"curl -b jar $SONDE/v2/models/{name}/infer "
        "-H 'Content-Type: application/json' -d @body.json"
    )


def _shape(one: ModelVersion) -> str:
    sizes = one.window_shape if one.eats == "windows" else (len(one.feature_names),)
    return ", ".join(str(size) for size in sizes)


def _terminal(name: str) -> str:
    return (
        f"sonde predict --model {name}@champion 105.mat\n"
        f"sonde models batch {name} --dataset CWRU --out told.csv"
    )


def _code(name: str, title: str, text: str) -> Any:
    """Return a request with a button that copies it; the browser writes its own address into it."""
    copy = dmc.CopyButton(
        id={"type": RegistryType.COPY, "name": name},
        value=text,
        children="Copy",
        copiedChildren="Copied",
        size="compact-xs",
        variant="default",
    )
    head = html.Div(
        [html.Span(title, className="sonde-strong"), copy], className="sonde-row sonde-between"
    )
    code = html.Pre(
        text,
        id={"type": RegistryType.EXAMPLE, "name": name},
        className="sonde-code",
        tabIndex=0,
        role="region",
        **{"aria-label": f"Example request: {title}"},
    )
    return html.Div([head, code])
