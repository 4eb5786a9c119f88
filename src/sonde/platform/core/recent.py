"""What was done lately in this process, so that it is not done again at once."""

from dataclasses import dataclass, field

_MOST = 10_000


@dataclass
class Recent:
    """Notes by name when something was done last; any thread may ask.

    Examples
    --------
    >>> recent = Recent()
    >>> recent.note("ada:look", 5_000)
    >>> recent.is_within("ada:look", 200, 5_100), recent.is_within("ada:look", 200, 5_200)
    (True, False)
    >>> recent.forget("ada:")
    >>> recent.is_within("ada:look", 200, 5_100)
    False
    """

    _at_ms: dict[str, int] = field(default_factory=dict)

    def is_within(self, name: str, span_ms: int, now_ms: int) -> bool:
        """Say whether something was done less than `span_ms` milliseconds ago."""
        at_ms = self._at_ms.get(name)
        return at_ms is not None and 0 <= now_ms - at_ms < span_ms

    def note(self, name: str, now_ms: int) -> None:
        """Note that something was done."""
        if len(self._at_ms) >= _MOST:
            self._at_ms.clear()
        self._at_ms[name] = now_ms

    def forget(self, prefix: str) -> None:
        """Forget everything whose name begins with `prefix`."""
        for name in [name for name in list(self._at_ms) if name.startswith(prefix)]:
            self._at_ms.pop(name, None)
