"""Tensors and plain values in one safetensors file: no pickle, nothing that can run."""

import json
from collections.abc import Mapping
from typing import Any

_VALUES = "values"


def to_file(tensors: Mapping[str, Any], values: Mapping[str, Any]) -> bytes:
    """Return a safetensors file of tensors, with JSON-ready values in its header.

    Parameters
    ----------
    tensors : mapping of str to Tensor
    values : mapping

    Examples
    --------
    >>> import torch
    >>> tensors, values = from_file(to_file({"a": torch.ones(2)}, {"epoch": 3}))
    >>> tensors["a"].tolist(), values
    ([1.0, 1.0], {'epoch': 3})
    """
    from safetensors.torch import save

    # Copies, because the format refuses two tensors that share memory.
    ours = {name: one.detach().cpu().clone().contiguous() for name, one in tensors.items()}
    content: bytes = save(ours, {_VALUES: json.dumps(values)})
    return content


def from_file(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the tensors and the values of a file that `to_file` made.

    Raises
    ------
    ValueError
        If it is none.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        tensors = load(content)
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        values = json.loads(header["__metadata__"][_VALUES])
    except (SafetensorError, KeyError) as error:
        raise ValueError("these bytes hold no training") from error
    return tensors, values


def part(tensors: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the tensors whose names begin with a prefix, without it.

    Examples
    --------
    >>> part({"a.b": 1, "c": 2}, "a.")
    {'b': 1}
    """
    return {name[len(prefix) :]: one for name, one in tensors.items() if name.startswith(prefix)}


def named(tensors: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the tensors with a prefix before their names.

    Examples
    --------
    >>> named({"b": 1}, "a.")
    {'a.b': 1}
    """
    return {prefix + name: one for name, one in tensors.items()}
