from itertools import product

import numpy as np
import pytest
from scipy.stats import sem
from sklearn.metrics import log_loss

from sluice_trainer.arrays import BoolArray, FloatArray, IdArray, LabelArray
from sluice_trainer.blender import Blend, fit_blend
from sluice_trainer.blender_search import Candidate, choose_blend, undecided_before
from sluice_trainer.config import BlenderConfig
from sluice_trainer.platt import sigmoid

EXPENSIVE: BoolArray = np.array([False, False, True, True])


def predictions(rows: int = 600, seed: int = 1) -> tuple[FloatArray, LabelArray, IdArray]:
    """Return probabilities of four noisy base models, labels, and folds."""
    random = np.random.default_rng(seed)
    labels = (random.random(rows) < 0.3).astype(np.int8)
    margins = (2 * labels[:, None] - 1) * np.array([1.0, 0.5, 1.5, 0.3]) + random.normal(size=(rows, 4))
    return sigmoid(2 * margins), labels, random.integers(0, 5, rows).astype(np.int32)


def choose(config: BlenderConfig, shares: tuple[float, ...] = (1, 1, 1, 1)) -> tuple[Blend, list[Candidate]]:
    p, labels, folds = predictions()
    return choose_blend(p, labels, np.ones(len(p)), folds, np.array(shares), EXPENSIVE, config, 0.5)


def test_undecided_before_agrees_with_trying_all_extremes_of_the_expensive_base_models() -> None:
    p, _, _ = predictions()
    # The logistic blender may have a negative weight.
    blend = Blend(np.array([3.0, 1.0, 2.0, -1.5]), -2.5, 1.3, 0.2)
    not_certainly_ham, open_band = undecided_before(blend, p, EXPENSIVE, 0.5, 0.7)
    above_min, above_max = [], []
    for extremes in product((0.0, 1.0), repeat=2):
        tried = p.copy()
        tried[:, EXPENSIVE] = extremes
        above_min.append(blend.probabilities(tried) > 0.5)
        above_max.append(blend.probabilities(tried) > 0.7)
    np.testing.assert_array_equal(not_certainly_ham, np.any(above_min, axis=0))
    bands = np.array(above_min).astype(int) + np.array(above_max)
    np.testing.assert_array_equal(open_band, (bands != bands[0]).any(axis=0))
    assert 0.05 < open_band.mean() < 0.95


def test_undecided_before_does_not_use_values_of_the_expensive_base_models() -> None:
    p, _, _ = predictions()
    blend = Blend(np.array([3.0, 1.0, 2.0, 1.5]), -3.0)
    other = p.copy()
    other[:, EXPENSIVE] = np.nan
    for before, after in zip(
        undecided_before(blend, p, EXPENSIVE, 0.5, 0.7), undecided_before(blend, other, EXPENSIVE, 0.5, 0.7), strict=True
    ):
        np.testing.assert_array_equal(before, after)


def test_choose_blend_tries_every_combination() -> None:
    config = BlenderConfig("searched")
    _, candidates = choose(config)
    tried = [(candidate.strength, candidate.expensive_share) for candidate in candidates]
    assert tried == list(product(config.strengths, config.expensive_shares))
    assert all(len(candidate.losses) == 5 for candidate in candidates)


def test_losses_of_choose_blend_are_of_rows_that_the_blend_was_not_fitted_to() -> None:
    p, labels, folds = predictions()
    config = BlenderConfig("searched", strengths=(0.3,), expensive_shares=(0.6,))
    _, [candidate] = choose(config)
    shares = np.array([1, 1, 0.6, 0.6])
    for fold, loss in enumerate(candidate.losses):
        train = folds != fold
        blend = fit_blend(p[train], labels[train], np.ones(train.sum()), shares, 0.3, config.label_noise)
        assert loss == pytest.approx(log_loss(labels[~train], blend.probabilities(p[~train])))


@pytest.mark.parametrize("limit", [0.0, 0.1, 0.3, 1.0])
def test_choose_blend_leaves_at_most_the_allowed_ham_undecided_or_the_least_possible(limit: float) -> None:
    blend, candidates = choose(BlenderConfig("searched", max_undecided_ham=limit))
    chosen = next(candidate for candidate in candidates if candidate.blend is blend)
    assert chosen.undecided <= max(limit, min(candidate.undecided for candidate in candidates))


def test_choose_blend_takes_the_strongest_regularization_within_one_standard_error_of_the_best() -> None:
    chosen = set()
    config = BlenderConfig("searched", strengths=(0.0, 0.003, 0.03, 0.3, 3.0), expensive_shares=(1.0,), max_undecided_ham=1.0)
    for seed in range(6):
        # Four base models that are equally good and independent: these shares are nearly the best, and the rest is chance.
        shares = np.array([1, 1, 1, 1.5])
        random = np.random.default_rng(seed)
        labels, folds = (random.random(300) < 0.3).astype(np.int8), random.integers(0, 5, 300).astype(np.int32)
        p = sigmoid(2 * labels[:, None] - 1 + 1.5 * random.normal(size=(300, 4)))
        blend, candidates = choose_blend(p, labels, np.ones(300), folds, shares, EXPENSIVE, config, 0.5)
        best = min(candidates, key=lambda candidate: candidate.loss)
        differences = [np.subtract(candidate.losses, best.losses) for candidate in candidates]
        within = [bool(one.mean() <= np.nan_to_num(sem(one))) for one in differences]
        # The candidates are in ascending order of C: the first is the most strongly regularized.
        assert candidates[within.index(True)].blend is blend
        chosen.add(within.index(True))
        assert best is not candidates[within.index(True)]
    assert len(chosen) >= 3


def test_choose_blend_abandons_the_shares_if_they_are_clearly_worse() -> None:
    # All weight on the weakest base model.
    config = BlenderConfig("searched", max_undecided_ham=1.0)
    blend, candidates = choose(config, shares=(0.001, 0.001, 0.001, 1.0))
    chosen = next(candidate for candidate in candidates if candidate.blend is blend)
    best = min(candidate.loss for candidate in candidates)
    assert chosen.strength > 0
    assert chosen.loss < best * 1.1
