"""The equations of motion, compiled. Import it where it is used: it brings numba with it.

Lengths are in clearances, times in seconds. The state is disc x, y, disc velocity x, y, journal
x, y: a journal without mass moves as fast as the film lets it.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

# Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comp. Appl. Math. 6 (1980)
_A = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
_C = np.array([0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1])
_ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
_TOUCHING = 1 - 1e-4
_TRIES_AT_ALL, _TRIES_PER_ROW = 200_000, 100

Array = NDArray[np.float64]


@njit(cache=True)
def film_matrix(eccentricity: float, angle: float) -> tuple[float, float, float]:
    """Return the film's resistance (11, 12, 22) to a relative velocity in a direction.

    Direction 1 points to the widest gap, 2 a quarter turn on; `angle` is measured
    from 1. The entries are the integrals of ``cos^2``, ``sin cos`` and ``sin^2`` over
    ``(1 + e cos t)^3``, over the half of the bearing where the pressure is positive, by
    Sommerfeld's substitution ``cos g = (e + cos t) / (1 + e cos t)``.
    """
    clear = 1 - eccentricity * eccentricity
    root = math.sqrt(clear)
    begin = _substituted(root, eccentricity, angle - math.pi / 2)
    end = _substituted(root, eccentricity, angle + math.pi / 2)
    sine_0, cosine_0, sine_1, cosine_1 = (
        math.sin(begin),
        math.cos(begin),
        math.sin(end),
        math.cos(end),
    )
    cross = (sine_1 * cosine_1 - sine_0 * cosine_0) / 2
    half = (end - begin) / 2
    squared = eccentricity * eccentricity * 2 * half - 2 * eccentricity * (sine_1 - sine_0)
    first = (half + cross + squared) / (clear * clear * root)
    mixed = (sine_1 * sine_1 - sine_0 * sine_0) / 2 + eccentricity * (cosine_1 - cosine_0)
    return first, mixed / (clear * clear), (half - cross) / (clear * root)


@njit(cache=True)
def _substituted(root: float, eccentricity: float, angle: float) -> float:
    """Return Sommerfeld's variable of an angle, continuous over whole turns."""
    turns = math.floor((angle + math.pi) / (2 * math.pi))
    return 2 * math.pi * turns + math.atan2(root * math.sin(angle), eccentricity + math.cos(angle))


@njit(cache=True)
def film_force(x: float, y: float, vx: float, vy: float) -> tuple[float, float]:
    """Return the resistance (x, y) of the film to a relative velocity of the journal at x, y."""
    eccentricity = math.hypot(x, y)
    ux, uy = (-x / eccentricity, -y / eccentricity) if eccentricity > 0 else (1.0, 0.0)
    along, across = vx * ux + vy * uy, -vx * uy + vy * ux
    if along == 0.0 and across == 0.0:
        return 0.0, 0.0
    first, mixed, second = film_matrix(eccentricity, math.atan2(across, along))
    radial, tangential = first * along + mixed * across, mixed * along + second * across
    return radial * ux - tangential * uy, radial * uy + tangential * ux


@njit(cache=True)
def film_velocity(x: float, y: float, fx: float, fy: float) -> tuple[float, float]:
    """Return the relative velocity at which the film resists with the force fx, fy.

    The force is the gradient of a convex function of the velocity, so there is just one, within a
    quarter turn of the force. Newton's steps are exact while the broken half stays where it is.
    """
    eccentricity = math.hypot(x, y)
    ux, uy = (-x / eccentricity, -y / eccentricity) if eccentricity > 0 else (1.0, 0.0)
    radial, tangential = fx * ux + fy * uy, -fx * uy + fy * ux
    if radial == 0.0 and tangential == 0.0:
        return 0.0, 0.0
    centre = math.atan2(tangential, radial)
    low, high, angle = centre - math.pi / 2, centre + math.pi / 2, centre
    along, across = 0.0, 0.0
    for _ in range(60):
        first, mixed, second = film_matrix(eccentricity, angle)
        size = first * second - mixed * mixed
        along = (second * radial - mixed * tangential) / size
        across = (first * tangential - mixed * radial) / size
        turn = math.atan2(across, along) - angle
        turn -= 2 * math.pi * round(turn / (2 * math.pi))
        if abs(turn) < 1e-13:
            break
        low, high = (angle, high) if turn > 0 else (low, angle)
        angle += turn
        if not low < angle < high:
            angle = (low + high) / 2
    return along * ux - across * uy, along * uy + across * ux


@njit(cache=True)
def derivative(state: Array, time_s: float, machine: Array, out: Array) -> bool:
    """Write the change of `state` to `out`; return False where the journal would touch.

    `machine`: speed, acceleration, phase at 0, unbalance, weight (acceleration), film damping
    over mass, stiffness over mass, tolerance in clearances.
    """
    omega, growth, phase, unbalance, weight, film, spring, _ = machine
    speed = omega + growth * time_s
    angle = phase + (omega + 0.5 * growth * time_s) * time_s
    cosine, sine = math.cos(angle), math.sin(angle)
    out[0], out[1] = state[2], state[3]
    out[2] = unbalance * (speed * speed * cosine + growth * sine)
    out[3] = unbalance * (speed * speed * sine - growth * cosine) - weight
    x, y = state[4], state[5]
    if x * x + y * y >= _TOUCHING * _TOUCHING:
        return False
    fx, fy = spring * (state[0] - x), spring * (state[1] - y)
    vx, vy = film_velocity(x, y, fx / (2 * film), fy / (2 * film))
    out[4], out[5] = vx - 0.5 * speed * y, vy + 0.5 * speed * x
    out[2] -= fx
    out[3] -= fy
    return True


@njit(cache=True)
def _try_step(state: Array, time_s: float, step_s: float, machine: Array, slopes: Array) -> float:
    """Fill `slopes` and `state`'s successor (last row); return the error, 1 being allowed."""
    size = len(state)
    for stage in range(1, 7):
        trial = slopes[7]
        for index in range(size):
            total = 0.0
            for before in range(stage):
                total += _A[stage, before] * slopes[before, index]
            trial[index] = state[index] + step_s * total
        if not derivative(trial, time_s + _C[stage] * step_s, machine, slopes[stage]):
            return 1e9
    worst = 0.0
    speed = abs(machine[0] + machine[1] * time_s)
    for index in range(size):
        total = 0.0
        for stage in range(7):
            total += _ERROR[stage] * slopes[stage, index]
        scale = speed if index in (2, 3) else 1.0
        worst = max(worst, abs(step_s * total) / (scale * machine[7]))
    return worst


@njit(cache=True)
def integrate(state: Array, machine: Array, begin_s: float, interval_s: float, track: Array) -> int:
    """Move `state` from `begin_s` on and write it to the rows of `track`, one per interval.

    The first row is the state at `begin_s`. Returns the number of rows written: fewer than all
    where the journal touches or too many steps are needed.
    """
    slopes = np.zeros((8, len(state)))
    step_s, time_s, tries = interval_s, begin_s, 0
    allowed = _TRIES_AT_ALL + _TRIES_PER_ROW * len(track)
    for row in range(len(track)):
        target = begin_s + row * interval_s
        while target - time_s > interval_s * 1e-9:
            taken = min(step_s, target - time_s)
            tries += 1
            if tries > allowed or not derivative(state, time_s, machine, slopes[0]):
                return row
            error = _try_step(state, time_s, taken, machine, slopes)
            proposed = taken * min(max(0.9 * max(error, 1e-8) ** -0.2, 0.2), 5.0)
            if error <= 1:
                state[:] = slopes[7]
                time_s = target if taken == target - time_s else time_s + taken
                step_s = max(proposed, step_s if taken < step_s else 0.0)
            else:
                step_s = proposed
        track[row] = state
    return len(track)
