import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from sluice_trainer.arrays import FloatArray, LabelArray
from sluice_trainer.blender import Blend, calibrate, fit_blend, fit_logistic
from sluice_trainer.config import BlenderConfig
from sluice_trainer.platt import sigmoid

PLANTED = np.array([3.0, 0.0, 5.0])


def predictions(rows: int = 20_000, seed: int = 1) -> tuple[FloatArray, LabelArray]:
    """Return independent probabilities of three base models, and labels drawn from sigmoid(p · PLANTED - 4)."""
    random = np.random.default_rng(seed)
    p = random.random((rows, 3))
    return p, (random.random(rows) < sigmoid(p @ PLANTED - 4)).astype(np.int8)


def calibrated(blend: Blend) -> tuple[FloatArray, float]:
    """Return weights and bias with the calibration applied."""
    return blend.scale * blend.weights, blend.scale * blend.bias + blend.shift


def test_fit_blend_recovers_planted_weights() -> None:
    p, labels = predictions()
    weights, bias = calibrated(fit_blend(p, labels, np.ones(len(p)), np.ones(3), 1e6, 0.0))
    np.testing.assert_allclose(weights, PLANTED, atol=0.25)
    assert bias == pytest.approx(-4, abs=0.25)


def test_fit_blend_without_penalty_finds_the_optimum_of_scikit_learn() -> None:
    random = np.random.default_rng(2)
    p = random.random((3_000, 3))
    labels = (random.random(3_000) < sigmoid(p @ np.array([2.0, 1.0, 3.0]) - 3)).astype(np.int8)
    rows = random.uniform(0.5, 2, 3_000)
    reference = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000).fit(p, labels, sample_weight=rows)
    weights, bias = calibrated(fit_blend(p, labels, rows, np.ones(3), 1e9, 0.0))
    np.testing.assert_allclose(weights, reference.coef_[0], rtol=2e-3)
    assert bias == pytest.approx(reference.intercept_[0], rel=2e-3)


@pytest.mark.parametrize("strength", [0.0, 0.003, 0.3, 1e6])
def test_fit_blend_never_has_a_negative_weight(strength: float) -> None:
    random = np.random.default_rng(3)
    p = random.random((4_000, 3))
    labels = (random.random(4_000) < sigmoid(p @ np.array([3.0, 4.0, -3.0]) - 2)).astype(np.int8)
    blend = fit_blend(p, labels, np.ones(4_000), np.ones(3), strength, 0.014)
    assert (blend.weights >= 0).all()
    assert blend.scale > 0
    if strength == 1e6:
        # A base model that is inverted is ignored.
        assert blend.weights[2] == pytest.approx(0, abs=1e-9)
        assert (blend.weights[:2] > 1).all()


def test_fit_blend_of_strength_zero_has_weights_in_the_proportions_of_the_shares() -> None:
    p, labels = predictions(4_000)
    shares = np.array([1.0, 2.0, 0.5])
    blend = fit_blend(p, labels, np.ones(len(p)), shares, 0.0, 0.014)
    np.testing.assert_allclose(blend.weights / blend.weights.sum(), shares / shares.sum())


def test_stronger_regularization_draws_the_weights_closer_to_the_shares() -> None:
    p, labels = predictions(4_000)
    shares = np.array([1.0, 2.0, 0.5]) / 3.5

    def distance(strength: float) -> float:
        weights = fit_blend(p, labels, np.ones(len(p)), shares, strength, 0.014).weights
        return float(np.abs(weights / weights.sum() - shares).max())

    assert distance(1e-5) < 0.05 < distance(0.003) < distance(1e6)


@pytest.mark.parametrize("strength", [1e-4, 0.003, 0.3])
def test_fit_blend_minimizes_the_penalized_loss(strength: float) -> None:
    p, labels = predictions(2_000)
    shares = np.array([0.2, 0.5, 0.3])
    targets = np.where(labels == 1, 0.986, 0.014)
    blend = fit_blend(p, labels, np.ones(2_000), shares, strength, 0.014)

    def loss(weights: FloatArray, bias: float) -> float:
        log_odds = p @ weights + bias
        # Of the multiples of the shares, the closest.
        deviation = weights - (weights @ shares) / (shares @ shares) * shares
        return float(np.sum(np.logaddexp(0, log_odds) - targets * log_odds) + deviation @ deviation / (2 * strength)) / 2_000

    least = loss(blend.weights, blend.bias)
    random = np.random.default_rng(5)
    for step in (1e-2, 1e-1):
        for _ in range(50):
            other = np.maximum(blend.weights + step * random.normal(size=3), 0)
            assert loss(other, blend.bias + step * random.normal()) > least


@pytest.mark.parametrize("strength", [1e-4, 0.3])
def test_fit_blend_gives_calibrated_probabilities(strength: float) -> None:
    p, labels = predictions(2_000)
    blend = fit_blend(p, labels, np.ones(2_000), np.array([1.0, 8.0, 1.0]), strength, 0.014)
    log_odds = blend.scale * blend.log_odds(p) + blend.shift
    scale, shift = calibrate(log_odds, np.where(labels == 1, 0.986, 0.014), np.ones(2_000))
    assert scale == pytest.approx(1, abs=1e-6)
    assert shift == pytest.approx(0, abs=1e-6)


def test_label_noise_keeps_calibrated_probabilities_away_from_zero_and_one() -> None:
    p = np.repeat(np.array([[0.0], [1.0]]), 500, axis=0)
    labels = p[:, 0].astype(np.int8)
    blended = fit_blend(p, labels, np.ones(1_000), np.ones(1), 0.3, 0.02).probabilities(p)
    np.testing.assert_allclose(np.unique(blended), [0.02, 0.98], atol=1e-3)


def test_fit_logistic_may_have_a_negative_weight() -> None:
    p, labels = predictions(2_000)
    config = BlenderConfig("logistic", {"C": 15, "max_iter": 1_000})
    assert fit_logistic(1 - p, labels, np.ones(len(p)), config, 0).weights.min() < 0


def test_identity_blender_returns_the_probability_of_the_only_base_model() -> None:
    p = np.array([[0.2], [0.9]])
    np.testing.assert_array_equal(Blend(np.ones(1), 0.0, identity=True).probabilities(p), [0.2, 0.9])


@pytest.mark.parametrize("seed", range(4))
def test_calibrate_finds_the_minimum_of_the_weighted_log_loss(seed: int) -> None:
    random = np.random.default_rng(seed)
    values, weights = random.normal(2, 3, 500), random.uniform(0.1, 2, 500)
    targets = np.where(random.random(500) < sigmoid(values - 1), 0.986, 0.014)

    def loss(x: FloatArray) -> float:
        log_odds = x[0] * values + x[1]
        return float(np.average(np.logaddexp(0, log_odds) - targets * log_odds, weights=weights))

    found = np.array(calibrate(values, targets, weights))
    reference = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 5_000})
    np.testing.assert_allclose(found, reference.x, atol=1e-5)


def test_calibrate_ends_with_finite_numbers_if_the_value_separates_the_classes() -> None:
    values = np.array([-1.0, -0.5, 0.5, 1.0])
    scale, shift = calibrate(values, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert np.isfinite([scale, shift]).all()
    assert scale > 1
