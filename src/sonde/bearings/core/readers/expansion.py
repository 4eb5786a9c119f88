"""How much a file may expand: known before the work, counted during it."""

from dataclasses import dataclass

from sonde.platform.core.errors import TooLarge

_FREE_BYTES = 16 << 20
_MAX_RATIO = 200


@dataclass
class Budget:
    """Bytes that may still come out of one file.

    Parameters
    ----------
    left : int
    """

    left: int

    def take(self, n_bytes: int, stored_bytes: int) -> None:
        """Count `n_bytes` that are declared before they are read.

        Parameters
        ----------
        n_bytes : int
            Size when expanded.
        stored_bytes : int
            Size in the file; no measured signal shrinks 200 times.

        Raises
        ------
        TooLarge

        Examples
        --------
        >>> budget = Budget(1000)
        >>> budget.take(600, 600)
        >>> budget.left
        400
        """
        if n_bytes > self.left:
            raise TooLarge(
                f"This file expands by {n_bytes / 1e6:,.0f} MB; {self.left / 1e6:,.0f} MB are left."
            )
        if n_bytes > _FREE_BYTES and n_bytes > _MAX_RATIO * max(stored_bytes, 1):
            raise TooLarge(
                f"This file stores {stored_bytes:,} bytes but declares {n_bytes:,}; "
                "no measured signal shrinks that much."
            )
        self.left -= n_bytes
