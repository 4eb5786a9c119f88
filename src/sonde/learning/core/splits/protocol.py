"""Protocol: the published, named folds that a problem brings with it."""

from sonde.learning.core.problem import Fold, Problem
from sonde.learning.core.splits.policy import SplitConfig, SplitPolicy
from sonde.platform.core.errors import Invalid


def plan(problem: Problem, config: SplitConfig) -> tuple[Fold, ...]:
    """Return the folds of the protocol that ``config.protocol`` names.

    Raises
    ------
    Invalid
        If the problem has no such protocol.
    """
    if not problem.protocols:
        raise Invalid(f"{problem.title} brings no published protocol; choose another split.")
    try:
        return problem.protocols[config.protocol]
    except KeyError:
        raise Invalid(
            f"{problem.title} has no protocol {config.protocol!r}; it has "
            f"{', '.join(sorted(problem.protocols))}.",
            protocol=config.protocol,
            choices=sorted(problem.protocols),
        ) from None


POLICY = SplitPolicy(
    name="protocol",
    title="Published protocol",
    help="The very folds that a published comparison uses.",
    plan=plan,
)
