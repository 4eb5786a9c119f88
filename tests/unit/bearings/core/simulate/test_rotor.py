"""The rotor on its oil film: true to the closed forms and to linear theory."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from sonde.bearings.core.simulate.rotor.config import GRAVITY_M_S2, Rotor, RotorConfig
from sonde.bearings.core.simulate.rotor.film import (
    attitude_angle_deg,
    coefficients,
    eccentricity_of,
    load_number,
    sommerfeld_number,
    static_force,
    static_position,
)
from sonde.bearings.core.simulate.rotor.motion import Start, at_rest, integrate_motion
from sonde.bearings.core.simulate.rotor.oil import OILS, viscosity_pa_s
from sonde.bearings.core.simulate.rotor.signals import simulate_rotor
from sonde.bearings.core.simulate.rotor.stability import (
    critical_balance,
    eigenvalues,
    is_stable,
    threshold_rpm,
    threshold_whirl_ratio,
)
from sonde.platform.core.errors import Invalid

BALANCED = Rotor(unbalance_um=0.0, probe_noise_um=0.0)
RIGID = replace(BALANCED, flexible=False)
inside = st.floats(0.0, 0.9)
angles = st.floats(-10.0, 10.0)


def _sommerfeld(config: RotorConfig) -> float:
    rotor = config.rotor
    area = rotor.bearing_length_mm * rotor.bearing_diameter_mm * 1e-6
    wedge = (rotor.bearing_diameter_mm * 500 / rotor.clearance_um) ** 2
    speed_hz = config.speed_rpm / 60
    return config.viscosity_pa_s * speed_hz * area / config.load_per_bearing_n * wedge


def _whirl_hz(config: RotorConfig) -> float:
    """Return the strongest frequency of the journal, between the lines of the spectrum."""
    journal = integrate_motion(config, at_rest(config, push=0.02)).journal
    swing = (journal[0] - journal[0].mean()) * np.hanning(journal.shape[1])
    spectrum = np.abs(np.fft.rfft(swing))
    top = int(spectrum.argmax())
    left, middle, right = np.log(spectrum[top - 1 : top + 2])
    shift = (left - right) / (2 * (left - 2 * middle + right))
    return float((top + shift) / config.duration_s)


@pytest.mark.parametrize("mass_kg", [4.0, 12.0, 30.0, 80.0, 250.0])
def test_acceptance_simulate_rotor_static_eccentricity(mass_kg: float) -> None:
    rotor = replace(RIGID, mass_kg=mass_kg)
    config = RotorConfig(rotor, speed_rpm=3000.0, duration_s=0.02, settle_s=4.0)
    x, y = integrate_motion(config, Start(0.0, 0.0)).journal[:, -1]
    eccentricity = math.hypot(x, y)
    ratio = rotor.bearing_length_mm / rotor.bearing_diameter_mm
    assert sommerfeld_number(eccentricity, ratio) == pytest.approx(_sommerfeld(config), rel=0.01)
    assert eccentricity == pytest.approx(eccentricity_of(load_number(config)), rel=0.01)
    attitude = math.degrees(math.atan2(x, -y))
    assert attitude == pytest.approx(attitude_angle_deg(eccentricity), abs=0.5)


@pytest.mark.parametrize(
    "rotor",
    [BALANCED, RIGID, replace(BALANCED, mass_kg=45.0, critical_speed_rpm=3600.0)],
    ids=["flexible", "rigid", "heavy"],
)
def test_acceptance_simulate_rotor_threshold_speed(rotor: Rotor) -> None:
    theory_rpm = threshold_rpm(RotorConfig(rotor))
    low, high = 0.9 * theory_rpm, 1.1 * theory_rpm
    assert not _grows(rotor, low)
    assert _grows(rotor, high)
    while high - low > 0.01 * theory_rpm:
        middle = (low + high) / 2
        low, high = (low, middle) if _grows(rotor, middle) else (middle, high)
    assert (low + high) / 2 == pytest.approx(theory_rpm, rel=0.03)


def _grows(rotor: Rotor, speed_rpm: float) -> bool:
    config = RotorConfig(rotor, speed_rpm=speed_rpm, duration_s=2.0, settle_s=0.1)
    motion = integrate_motion(config, at_rest(config, push=1e-3))
    rest = np.array(static_position(config))[:, None]
    far = np.abs(motion.journal - rest).max(axis=0)
    half = len(far) // 2
    return bool(far[half:].max() > max(far[:half].max(), 1e-4))


@pytest.mark.parametrize("above", [1.1, 1.15, 1.2])
def test_acceptance_simulate_rotor_whirl_ratio(above: float) -> None:
    rotor = Rotor(unbalance_um=1.0)
    speed_rpm = above * threshold_rpm(RotorConfig(rotor))
    config = RotorConfig(rotor, speed_rpm=speed_rpm, settle_s=4.0)
    assert 0.45 <= round(_whirl_hz(config) / (speed_rpm / 60), 3) <= 0.50


@pytest.mark.parametrize("times", [2.1, 2.5, 3.0, 4.0])
def test_acceptance_simulate_rotor_whip_locks_to_the_critical_speed(times: float) -> None:
    rotor = Rotor(critical_speed_rpm=2400.0)
    config = RotorConfig(rotor, speed_rpm=times * 2400.0, settle_s=3.0)
    assert _whirl_hz(config) == pytest.approx(40.0, rel=0.03)


def test_acceptance_simulate_rotor_gives_x_and_y_of_probes() -> None:
    config = RotorConfig(duration_s=0.5)
    x, y = simulate_rotor(config, np.random.default_rng(1))
    assert x.shape == y.shape == (2560,)
    at = np.array(static_position(config)) * config.rotor.clearance_um
    assert [x.mean(), y.mean()] == pytest.approx(at, abs=1.0)
    spectrum = np.abs(np.fft.rfft(x - x.mean()))
    assert spectrum.argmax() / 0.5 == pytest.approx(60.0, abs=2.1)


def test_the_same_draw_gives_the_same_signal_bit_for_bit() -> None:
    config = RotorConfig(duration_s=0.1, settle_s=0.1)
    one, other, next_one = (
        simulate_rotor(config, np.random.default_rng(seed))[0] for seed in (1, 1, 2)
    )
    assert one.tobytes() == other.tobytes()
    assert one.tobytes() != next_one.tobytes()


def test_published_linear_theory_of_the_rigid_rotor() -> None:
    """Short bearings: sqrt(24 / pi) as the load vanishes, least near 0.45, never beyond 0.756."""
    assert _threshold_parameter(1e-5) == pytest.approx(math.sqrt(24 / math.pi), rel=1e-4)
    least = min(_threshold_parameter(one) for one in np.arange(0.1, 0.7, 0.01))
    assert least == pytest.approx(2.53, abs=0.02)
    assert critical_balance(0.75)[1] > 0 > critical_balance(0.76)[1]


def _threshold_parameter(eccentricity: float) -> float:
    """Return the threshold ``omega sqrt(clearance / g)``."""
    stiffness, squared = critical_balance(eccentricity)
    return math.sqrt(stiffness / (math.hypot(*static_force(eccentricity)) * squared))


@pytest.mark.parametrize("eccentricity", [0.05, 0.3, 0.6, 0.9])
def test_the_eight_coefficients_are_the_printed_ones(eccentricity: float) -> None:
    """Friswell, Penny, Garvey and Lees (2010), table 5.2: in load over clearance (and speed)."""
    e, p2 = eccentricity, math.pi**2
    root = math.sqrt(1 - e**2)
    h = 1 / (p2 * (1 - e**2) + 16 * e**2) ** 1.5
    a_uu = h * 4 * (p2 * (2 - e**2) + 16 * e**2)
    a_uv = h * math.pi * (p2 * (1 - e**2) ** 2 - 16 * e**4) / (e * root)
    a_vu = -h * math.pi * (p2 * (1 - e**2) * (1 + 2 * e**2) + 32 * e**2 * (1 + e**2)) / (e * root)
    a_vv = h * 4 * (p2 * (1 + 2 * e**2) + 32 * e**2 * (1 + e**2) / (1 - e**2))
    b_uu = h * 2 * math.pi * root * (p2 * (1 + 2 * e**2) - 16 * e**2) / e
    b_uv = -h * 8 * (p2 * (1 + 2 * e**2) - 16 * e**2)
    b_vv = h * 2 * math.pi * (p2 * (1 - e**2) ** 2 + 48 * e**2) / (e * root)
    film, load = coefficients(e), math.hypot(*static_force(e))
    np.testing.assert_allclose(np.abs(film.stiffness / load), np.abs([[a_uu, a_uv], [a_vu, a_vv]]))
    np.testing.assert_allclose(np.abs(film.damping / load), np.abs([[b_uu, b_uv], [b_uv, b_vv]]))


@pytest.mark.parametrize("rotor", [BALANCED, RIGID])
def test_eigenvalues_change_sign_at_the_threshold(rotor: Rotor) -> None:
    config = RotorConfig(rotor)
    speed_rpm = threshold_rpm(config)
    assert is_stable(config, 0.999 * speed_rpm)
    assert not is_stable(config, 1.001 * speed_rpm)
    edge = replace(config, speed_rpm=speed_rpm)
    worst = max(eigenvalues(edge), key=lambda value: value.real)
    assert worst.real == pytest.approx(0.0, abs=1e-4)
    assert abs(worst.imag) / edge.omega_rad_s == pytest.approx(threshold_whirl_ratio(config))


def test_a_heavy_enough_rotor_never_whirls() -> None:
    heavy = RotorConfig(RIGID, side_load_n=200_000.0)
    assert threshold_rpm(heavy) == math.inf
    assert math.isnan(threshold_whirl_ratio(heavy))


@settings(max_examples=40, deadline=None)
@given(eccentricity=inside, place=angles, size=st.floats(0.1, 100.0), angle=angles)
def test_the_film_force_is_the_integral_of_the_positive_pressure(
    eccentricity: float, place: float, size: float, angle: float
) -> None:
    from sonde.bearings.core.simulate.rotor import kernel

    x, y = eccentricity * math.cos(place), eccentricity * math.sin(place)
    velocity = (size * math.cos(angle), size * math.sin(angle))

    def traction(at: float, weight: float) -> float:
        height = 1 - x * math.cos(at) - y * math.sin(at)
        return size * math.cos(at - angle) / height**3 * weight

    force = kernel.film_force(x, y, *velocity)
    for found, share in zip(force, (math.cos, math.sin), strict=True):
        whole, _ = quad(
            lambda at, share=share: traction(at, share(at)),
            angle - math.pi / 2,
            angle + math.pi / 2,
            limit=200,
        )
        assert found == pytest.approx(whole, rel=1e-6, abs=1e-6 * size)
    assert kernel.film_velocity(x, y, *force) == pytest.approx(velocity, rel=1e-7, abs=1e-7 * size)


@settings(max_examples=60, deadline=None)
@given(eccentricity=inside, place=angles, turn=angles, size=st.floats(0.1, 100.0))
def test_the_film_takes_energy_and_knows_no_direction(
    eccentricity: float, place: float, turn: float, size: float
) -> None:
    from sonde.bearings.core.simulate.rotor import kernel

    x, y = eccentricity * math.cos(place), eccentricity * math.sin(place)
    force = np.array(kernel.film_force(x, y, size, 0.0))
    assert force[0] > 0
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    turned = kernel.film_force(*(rotation @ [x, y]), *(rotation @ [size, 0.0]))
    scale = float(np.abs(force).max())
    np.testing.assert_allclose(turned, rotation @ force, rtol=1e-9, atol=1e-9 * scale)
    doubled = kernel.film_force(x, y, 2 * size, 0.0)
    np.testing.assert_allclose(doubled, 2 * force, rtol=1e-9, atol=1e-9 * scale)


def test_a_load_from_below_mirrors_the_motion() -> None:
    down = RotorConfig(duration_s=0.2, settle_s=0.0)
    up = replace(down, side_load_n=-2 * down.rotor.mass_kg * GRAVITY_M_S2)
    one = integrate_motion(down, at_rest(down, phase_rad=0.3))
    other = integrate_motion(up, at_rest(up, phase_rad=0.3 + math.pi))
    np.testing.assert_allclose(one.journal, -other.journal, atol=1e-6)


def test_interpreted_and_compiled_equations_agree() -> None:
    from sonde.bearings.core.simulate.rotor import kernel

    machine = np.array([300.0, 10.0, 0.2, 0.1, 1e5, 40.0, 6e4, 1e-6])
    state = np.array([0.1, -0.4, 3.0, 5.0, 0.2, -0.3])
    one, other = np.zeros(6), np.zeros(6)
    assert kernel.derivative(state, 0.1, machine, one)
    assert kernel.derivative.py_func(state, 0.1, machine, other)
    np.testing.assert_allclose(one, other, rtol=1e-12)
    tracks = np.zeros((2, 4, 6))
    assert kernel.integrate(state.copy(), machine, 0.0, 1e-4, tracks[0]) == 4
    assert kernel.integrate.py_func(state.copy(), machine, 0.0, 1e-4, tracks[1]) == 4
    np.testing.assert_allclose(tracks[0], tracks[1], rtol=1e-12)
    for kernel_function in (kernel.film_force, kernel.film_velocity):
        at = (0.1, 0.2, 0.3, 0.4)
        assert kernel_function(*at) == pytest.approx(kernel_function.py_func(*at), rel=1e-12)
    assert kernel.film_matrix(0.3, 2.0) == pytest.approx(kernel.film_matrix.py_func(0.3, 2.0))


def test_a_run_up_passes_the_critical_speed_and_ends_in_whip() -> None:
    config = RotorConfig(
        Rotor(unbalance_um=2.0), speed_rpm=1200.0, final_speed_rpm=7200.0, duration_s=6.0
    )
    motion = integrate_motion(config, at_rest(config))
    assert motion.speed_hz[[0, -1]] == pytest.approx([20.0, 120.0], abs=0.1)
    size = np.abs(motion.disc[0] - motion.disc[0].mean())
    passing = size[(motion.speed_hz > 38) & (motion.speed_hz < 46)].max()
    after = size[(motion.speed_hz > 52) & (motion.speed_hz < 58)].max()
    assert passing > 1.5 * after
    assert size[-1000:].max() > 10 * after


def test_warm_oil_is_thinner() -> None:
    """ISO VG 46 at 60 degrees: about 20 mm2/s on every data sheet."""
    assert viscosity_pa_s(OILS["VG 46"], 60.0) / 0.848 * 1e3 == pytest.approx(20.5, abs=1.0)
    assert viscosity_pa_s(OILS["VG 32"], 100.0) == pytest.approx(5.4e-6 * 823, rel=0.01)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mass_kg": 0.0}, "rotor.mass_kg"),
        ({"bearing_length_mm": 60.0}, "rotor.bearing_length_mm"),
        ({"bearing_diameter_mm": 20.0, "clearance_um": 500.0}, "rotor.clearance_um"),
        ({"oil": "olive"}, "rotor.oil"),
        ({"unbalance_um": math.nan}, "rotor.unbalance_um"),
    ],
)
def test_a_machine_that_cannot_be_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Rotor(**{"bearing_length_mm": 15.0, **change})
    assert refused.value.details["field"] == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sampling_rate_hz": 400.0}, "sampling_rate_hz"),
        ({"final_speed_rpm": 5.0}, "final_speed_rpm"),
    ],
)
def test_a_recording_that_cannot_be_is_refused(change: dict[str, float], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        RotorConfig(**change)
    assert refused.value.details["field"] == field


def test_a_journal_that_touches_is_told() -> None:
    tiny = Rotor(bearing_diameter_mm=5.0, bearing_length_mm=2.0, clearance_um=50.0)
    config = RotorConfig(tiny, side_load_n=9e6, speed_rpm=60.0)
    with pytest.raises(Invalid, match="touches its bearing"):
        integrate_motion(config, at_rest(config))


def test_a_configuration_is_plain_values() -> None:
    values = RotorConfig().to_json()
    assert values["speed_rpm"] == 3600.0
    assert values["rotor"]["oil"] == "VG 32"
