"""Curves as a TensorBoard event file, written without TensorFlow."""

import io
from collections.abc import Mapping, Sequence


def event_file(records: Sequence[Mapping[str, float]]) -> bytes:
    """Return the event file of a training's curves.

    Parameters
    ----------
    records : sequence of mapping
        One per epoch: ``step`` and ``wall_time`` in seconds since 1970, and metrics by name.

    Returns
    -------
    bytes
        To be stored under a name that contains ``tfevents``.

    Examples
    --------
    >>> event_file([{"step": 1, "wall_time": 0.0, "train/loss": 0.5}]).count(b"train/loss")
    1
    """
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    first = records[0]["wall_time"] if records else 0.0
    events = [Event(wall_time=first, file_version="brain.Event:2")]
    for record in records:
        values = [
            Summary.Value(tag=name, simple_value=value)
            for name, value in record.items()
            if name not in {"step", "wall_time"}
        ]
        events.append(
            Event(
                wall_time=record["wall_time"],
                step=int(record["step"]),
                summary=Summary(value=values),
            )
        )
    file = io.BytesIO()
    writer = RecordWriter(file)
    for event in events:
        writer.write(event.SerializeToString())
    return file.getvalue()
