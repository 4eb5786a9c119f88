"""How much one person may keep."""

from dataclasses import dataclass

from sonde.platform.core.errors import TooLarge


@dataclass(frozen=True)
class Quota:
    """Files and bytes: what one person may keep, or what they do keep.

    Parameters
    ----------
    files : int
        Recordings, and files that wait to be read.
    n_bytes : int
    """

    files: int = 500_000
    n_bytes: int = 200 << 30

    def check(self, used: "Quota", more: "Quota") -> None:
        """Raise TooLarge if `more` does not fit beside what is `used`.

        Examples
        --------
        >>> Quota(10, 1000).check(used=Quota(8, 100), more=Quota(2, 900))
        """
        if used.files + more.files > self.files:
            raise TooLarge(
                f"You keep {used.files:,} of {self.files:,} recordings, and this would be "
                f"{more.files:,} more. Delete what you no longer need, from the trash too, or ask "
                "an administrator for more.",
                field="quota",
            )
        if used.n_bytes + more.n_bytes > self.n_bytes:
            raise TooLarge(
                f"You keep {used.n_bytes / 1e6:,.1f} of {self.n_bytes / 1e6:,.1f} MB, and this "
                f"would be {more.n_bytes / 1e6:,.1f} MB more. Delete what you no longer need, from "
                "the trash too, or ask an administrator for more.",
                field="quota",
            )

    def left(self, used: "Quota") -> "Quota":
        """Return what may still be kept; never less than nothing.

        Examples
        --------
        >>> Quota(10, 1000).left(Quota(12, 400))
        Quota(files=0, n_bytes=600)
        """
        return Quota(max(self.files - used.files, 0), max(self.n_bytes - used.n_bytes, 0))
