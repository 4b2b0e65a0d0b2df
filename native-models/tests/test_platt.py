import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.svm import LinearSVC
from synthetic import random_counts, random_labels

from sluice_trainer.arrays import FloatArray, LabelArray
from sluice_trainer.platt import PlattScale, fit_platt, sigmoid


def planted(slope: float, shift: float, rows: int = 40_000) -> tuple[FloatArray, LabelArray]:
    """Return margins, and labels that are spam with the probability sigmoid(slope · margin + shift)."""
    random = np.random.default_rng(11)
    margin = random.normal(scale=1.5, size=rows)
    return margin, (random.random(rows) < sigmoid(slope * margin + shift)).astype(np.int8)


def split_counts() -> tuple[csr_matrix, LabelArray]:
    """Return counts, and labels of which one in ten is wrong."""
    counts = random_counts(6_000, 30, seed=1)
    labels = random_labels(counts, seed=2)
    labels[::10] = 1 - labels[::10]
    return counts, labels


# The classifier is frozen, so that weights cannot count for it.
@pytest.mark.filterwarnings("ignore:Since FrozenEstimator does not appear to accept sample_weight")
@pytest.mark.parametrize("weighted", [False, True])
def test_fit_platt_agrees_with_the_calibration_of_scikit_learn(weighted: bool) -> None:
    counts, labels = split_counts()
    train, valid = slice(0, 3_000), slice(3_000, 6_000)
    weights = np.random.default_rng(3).uniform(0.5, 2, 3_000) if weighted else np.ones(3_000)
    svm = LinearSVC(random_state=0).fit(counts[train], labels[train])
    reference = CalibratedClassifierCV(FrozenEstimator(svm), method="sigmoid")
    reference.fit(counts[valid], labels[valid], sample_weight=weights)
    margin = svm.decision_function(counts[valid])
    # scikit-learn uses Platt's corrected targets, (n + 1) / (n + 2), which move probabilities by less than 1/n or so.
    expected = reference.predict_proba(counts[valid])[:, 1]
    np.testing.assert_allclose(fit_platt(margin, labels[valid], weights)(margin), expected, atol=1e-3)


def test_fit_platt_recovers_a_planted_scale() -> None:
    margin, labels = planted(2.0, -1.0)
    scale = fit_platt(margin, labels, np.ones(len(margin)))
    assert scale.slope == pytest.approx(2.0, abs=0.08)
    assert scale.shift == pytest.approx(-1.0, abs=0.08)


def test_fit_platt_counts_a_row_as_often_as_its_weight() -> None:
    margin, labels = planted(1.0, 0.5, rows=400)
    weights = np.random.default_rng(4).integers(1, 4, 400)
    weighted = fit_platt(margin, labels, weights.astype(float))
    repeated = fit_platt(np.repeat(margin, weights), np.repeat(labels, weights), np.ones(weights.sum()))
    assert weighted.slope == pytest.approx(repeated.slope, rel=1e-3)
    assert weighted.shift == pytest.approx(repeated.shift, rel=1e-3)


def test_fit_platt_never_inverts_a_base_model_that_is_worse_than_chance() -> None:
    margin, labels = planted(-2.0, 0.0, rows=2_000)
    scale = fit_platt(margin, labels, np.ones(2_000))
    assert 0 < scale.slope <= 1e-6


def test_the_temperature_of_a_platt_scale_divides_the_log_odds() -> None:
    margin, labels = planted(2.0, -1.0, rows=2_000)
    cold, warm = (fit_platt(margin, labels, np.ones(2_000), temperature) for temperature in (1.0, 3.0))
    assert warm.slope == pytest.approx(cold.slope / 3)
    assert warm.shift == pytest.approx(cold.shift / 3)


def test_fit_platt_refuses_a_single_class() -> None:
    with pytest.raises(ValueError, match="class"):
        fit_platt(np.arange(10.0), np.ones(10, np.int8), np.ones(10))


def test_sigmoid_is_finite_and_symmetric_far_from_zero() -> None:
    x = np.array([-1e6, -800.0, -1.0, 0.0, 1.0, 800.0, 1e6])
    p = sigmoid(x)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p + p[::-1], 1)
    np.testing.assert_allclose(PlattScale(2.0, 1.0)(x), sigmoid(2 * x + 1))
