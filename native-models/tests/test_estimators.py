from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from synthetic import make_matrix, random_counts, random_labels

from sluice_trainer.arrays import LabelArray
from sluice_trainer.config import BaseModelConfig
from sluice_trainer.estimators import ESTIMATOR_KINDS, SharedWordsEstimator
from sluice_trainer.first_layer import fit_base_model
from sluice_trainer.profiles import PROFILES
from sluice_trainer.search import grid_points, search_base_model
from sluice_trainer.splits import split_rows
from sluice_trainer.stacking import fit_vectorizers

PROFILE = PROFILES["quick"]
# Keras needs seconds to load; test/model compares the network's graph with it.
WITHOUT_KERAS = [config for config in PROFILE.base_models if config.kind != "network"]


def training_rows() -> tuple[csr_matrix, LabelArray]:
    """Return rows of length one, and their labels."""
    counts = random_counts(200, 30, seed=1)
    return normalize(counts.astype(np.float64)), random_labels(counts, seed=2)


def names(config: BaseModelConfig) -> str:
    return config.name


@pytest.mark.parametrize("config", WITHOUT_KERAS, ids=names)
def test_estimator_depends_on_the_seed_only(config: BaseModelConfig) -> None:
    rows, labels = training_rows()

    def predict(seed: int) -> list[float]:
        fitted = ESTIMATOR_KINDS[config.kind].fit(rows, labels, np.ones(200), config.settings, seed)
        margins: list[float] = fitted.margins(rows).tolist()
        return margins

    assert predict(1) == predict(1)
    if config.kind in ("perceptron", "boosted-trees", "random-forest"):
        assert predict(1) != predict(2)


@pytest.mark.parametrize(
    "config", [config for config in WITHOUT_KERAS if ESTIMATOR_KINDS[config.kind].input_kind == "weights"], ids=names
)
def test_affine_function_gives_the_margins_of_its_estimator(config: BaseModelConfig) -> None:
    rows, labels = training_rows()
    fitted = ESTIMATOR_KINDS[config.kind].fit(rows, labels, np.ones(200), config.settings, 0)
    affine = fitted.fitted().affine
    assert affine is not None
    np.testing.assert_allclose(rows @ affine[0] + affine[1], fitted.margins(rows), atol=1e-8)


def test_shared_words_have_the_log_ratio_of_their_frequencies() -> None:
    rows = csr_matrix(np.array([[3, 1, 0], [1, 0, 2], [0, 2, 1], [1, 1, 0]], np.float32))
    estimator = SharedWordsEstimator(rows, np.array([1, 0, 0, 0], np.int8))
    # Spam: 3 and 1 of 4 words; ham: 2 and 3 of 8. The third word is in ham only.
    np.testing.assert_allclose(estimator.weights, [np.log(3 / 4) - np.log(2 / 8), np.log(1 / 4) - np.log(3 / 8), 0])
    assert estimator.bias == pytest.approx(np.log(0.25 / 0.75))
    assert estimator.fitted().facts == {"shared_words": 2}


def test_random_forest_is_fitted_once_and_predicts_out_of_bag() -> None:
    matrix = make_matrix(200, seed=3)
    split = split_rows(matrix.train, PROFILE, "out-of-fold", False, seed=1)
    vectorizers = [fit_vectorizers(matrix, fold, PROFILE) for fold in split.folds]
    config = next(one for one in PROFILE.base_models if one.kind == "random-forest")
    fits: list[tuple[int, int]] = []
    predictions = fit_base_model(config, matrix, split, vectorizers, 0, False, lambda done, of: fits.append((done, of)))
    assert fits == [(0, 1)]
    assert predictions.fitted.forest is not None
    np.testing.assert_array_equal(predictions.valid, predictions.fitted.forest.out_of_bag)
    assert len(predictions.test) == 50
    assert len(predictions.probe) == 10


def test_grid_points_are_all_combinations_of_the_settings() -> None:
    config = BaseModelConfig("one", "linear-svm", grid={"C": (1, 2), "tol": (0.1, 0.2, 0.3)})
    points = [(point["C"], point["tol"]) for point in grid_points(config)]
    assert points == list(product((1, 2), (0.1, 0.2, 0.3)))
    assert grid_points(BaseModelConfig("one", "linear-svm")) == [{}]


def test_grid_search_finds_the_planted_best_settings() -> None:
    matrix = make_matrix(300, seed=4)
    # An almost constant model is worse than one that may use the features.
    config = BaseModelConfig("one", "logistic-regression", settings={"tol": 1e-3}, grid={"C": (1e-9, 1.0)})
    folds = split_rows(matrix.train, PROFILE, "out-of-fold", False, seed=1).folds[:-1]
    vectorizers = [fit_vectorizers(matrix, fold, PROFILE) for fold in folds]
    result = search_base_model(config, matrix.train, folds, vectorizers, 0, lambda done, of: None)
    assert result.config.settings == {"tol": 1e-3, "C": 1.0}
    assert [trial["C"] for trial in result.trials] == [1e-9, 1.0]
    # The entropy of the labels is 0.63.
    assert result.trials[0]["log_loss"] == pytest.approx(0.63, abs=0.03)
    assert result.trials[1]["log_loss"] < 0.55
