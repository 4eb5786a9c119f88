"""An experiment as something to be evaluated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """An experiment that can be evaluated.

    Parameters
    ----------
    id, title, model_title, ref_title : str
    macro_f1 : float
    is_honest : bool
    """

    id: str
    title: str
    model_title: str
    ref_title: str
    macro_f1: float
    is_honest: bool
