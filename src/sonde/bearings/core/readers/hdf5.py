"""HDF5 and MATLAB 7.3: numeric data sets inside the file, and nothing outside of it.

External storage, external links, dangling soft links, virtual data sets and filters that do not
ship with HDF5 are refused by name: plain h5py would follow them to other files of the machine.
Sizes are compared with what is stored before anything is read.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import h5py
import numpy as np

from sonde.bearings.core.readers.expansion import Budget
from sonde.bearings.core.readers.own_file import is_own, read_own
from sonde.bearings.core.readers.packing import Packed, packed
from sonde.bearings.core.readers.variables import Value, content_of
from sonde.bearings.core.recordings import FileContent
from sonde.platform.core.errors import TooLarge, Unreadable

_FILTERS = frozenset({1, 2, 3, 32000})  # deflate, shuffle, Fletcher-32, LZF
_MAX_OBJECTS, _MAX_DEPTH, _MAX_TEXT = 5_000, 16, 1_000
_ATTRIBUTES = 64


def read(stream: BinaryIO, limit_bytes: int) -> FileContent:
    """Read an HDF5 file, MATLAB 7.3 included.

    Raises
    ------
    Unreadable, TooLarge
    """
    head = stream.read(512)
    format_name = "mat7.3" if head.startswith(b"MATLAB 7.3") else "hdf5"
    stream.seek(0)
    with h5py.File(stream, "r") as file:
        walk = _Walk(Budget(limit_bytes))
        if is_own(file):
            return read_own(format_name, file, walk.array)
        return content_of(format_name, walk.group(file, 0))


class _Walk:
    """Goes through a file once, refusing what leads out of it."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._seen: set[int] = set()

    def group(self, group: h5py.Group, depth: int) -> dict[str, Any]:
        """Return a group's values as a tree; each object once, so that loops end."""
        if depth > _MAX_DEPTH:
            raise TooLarge("This file is nested too deeply.")
        tree: dict[str, Any] = dict(_attributes(group))
        for name in group:
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise Unreadable(f"{name!r} is an external link to another file; it is refused.")
            if isinstance(link, h5py.SoftLink):
                self._soft(group, name, link)
                continue
            if name.startswith("#"):
                continue
            child = group[name]
            if not self._is_new(child):
                continue
            if isinstance(child, h5py.Group):
                tree[name] = self.group(child, depth + 1)
            elif isinstance(child, h5py.Dataset):
                tree.update(self._dataset(name, child))
        return tree

    def array(self, name: str, dataset: h5py.Dataset) -> Value | None:
        """Return the values of one data set; raises Unreadable and TooLarge."""
        return next((value for key, value in self._dataset(name, dataset) if key == name), None)

    def _soft(self, group: h5py.Group, name: str, link: h5py.SoftLink) -> None:
        """Pass over a soft link to something that is inside; refuse every other."""
        here: h5py.Group = group.file if link.path.startswith("/") else group
        for part in [part for part in link.path.split("/") if part not in {"", "."}]:
            found = here.get(part, getlink=True) if isinstance(here, h5py.Group) else None
            if not isinstance(found, h5py.HardLink):
                raise Unreadable(f"{name!r} is a soft link that leads out of the file.")
            here = here[part]

    def _is_new(self, thing: Any) -> bool:
        address = h5py.h5o.get_info(thing.id).addr
        if address in self._seen:
            return False
        self._seen.add(address)
        if len(self._seen) > _MAX_OBJECTS:
            raise TooLarge("This file has too many parts.")
        return True

    def _dataset(self, name: str, dataset: h5py.Dataset) -> Iterator[tuple[str, Value]]:
        plan = dataset.id.get_create_plist()
        if plan.get_external_count():
            raise Unreadable(f"{name!r} keeps its values in another file; it is refused.")
        if plan.get_layout() == h5py.h5d.VIRTUAL:
            raise Unreadable(f"{name!r} is a virtual data set over other files; it is refused.")
        filters = {plan.get_filter(number)[0] for number in range(plan.get_nfilters())}
        if filters - _FILTERS:
            raise Unreadable(f"{name!r} needs a filter that is not read ({filters - _FILTERS}).")
        text = _text(dataset)
        if text is not None:
            yield name, text
        elif dataset.dtype.kind in "fiu" and dataset.shape:
            self._budget.take(dataset.nbytes, dataset.id.get_storage_size())
            yield name, dataset[...]
        elif dataset.dtype.kind in "fiu" and dataset.shape == ():
            yield name, np.asarray(dataset[()]).reshape(1)
        for key, value in _attributes(dataset):
            yield f"{name}.{key}" if key != "unit" else key, value


def _attributes(thing: Any) -> Iterator[tuple[str, Value]]:
    """Return the small plain attributes: numbers and text."""
    for key in list(thing.attrs)[:_ATTRIBUTES]:
        kind = thing.attrs.get_id(key)
        if key.startswith("MATLAB") or kind.get_storage_size() > _MAX_TEXT:
            continue
        value = thing.attrs[key]
        if isinstance(value, bytes | str):
            yield _attribute_name(key), value if isinstance(value, str) else value.decode("latin-1")
        elif isinstance(value, np.generic | np.ndarray) and np.asarray(value).dtype.kind in "fiu":
            yield _attribute_name(key), np.asarray(value).reshape(-1)


def _attribute_name(key: str) -> str:
    return "unit" if key.lower() in {"unit", "units"} else key


def _text(dataset: h5py.Dataset) -> str | None:
    """Return MATLAB's text (codes in numbers) and HDF5's own; None for anything else."""
    kind = dataset.attrs.get("MATLAB_class", b"")
    if kind in {b"char", "char"} and dataset.dtype.kind == "u" and dataset.size <= _MAX_TEXT:
        return "".join(chr(int(code)) for code in np.ravel(dataset[...]))
    text = h5py.check_string_dtype(dataset.dtype)
    if text is not None and dataset.shape == () and (text.length or 0) <= _MAX_TEXT:
        return str(dataset.asstr()[()])[:_MAX_TEXT]
    return None


def decode(stream: BinaryIO, arguments: Mapping[str, Any], limit_bytes: int) -> Packed:
    """Answer the jail's parent."""
    del arguments
    return packed(read(stream, limit_bytes))
