from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from synthetic import padded, plain_features, random_counts, random_labels, run_graph

from sluice_trainer.arrays import LabelArray
from sluice_trainer.config import VocabularyConfig, Weighting
from sluice_trainer.estimators import ESTIMATOR_KINDS
from sluice_trainer.export import GRAPH_WEIGHTING
from sluice_trainer.graphs import Dense, LinearPart, Network, export_linear
from sluice_trainer.platt import PlattScale, sigmoid
from sluice_trainer.vectorizer import Vectorizer

WORDS = random_counts(300, 30, seed=1)
GRAMS = random_counts(300, 50, seed=2)
LABELS: LabelArray = random_labels(WORDS, seed=3)
EVERY_FEATURE = VocabularyConfig(1_000, 1)

LINEAR_KINDS: dict[str, dict[str, Any]] = {
    "naive-bayes": {"alpha": 0.02},
    "logistic-regression": {"C": 5},
    "linear-svm": {"C": 0.5},
    "perceptron": {"max_iter": 20, "average": True},
    "passive-aggressive": {"C": 0.3, "max_iter": 25},
}


def fit_vectorizer(counts: csr_matrix, weighting: Weighting = "log-tf-idf") -> Vectorizer:
    return Vectorizer(EVERY_FEATURE, weighting).fit(
        counts, np.ones(counts.shape[0]), np.zeros(counts.shape[0], np.int32), plain_features(counts.shape[1])
    )


def inputs(family: str, vectorizer: Vectorizer, counts: csr_matrix, width: int | None = None) -> dict[str, Any]:
    ids, values = padded(vectorizer.select(counts), width)
    return {f"ids_{family}": ids, f"counts_{family}": values}


@pytest.mark.parametrize("kind", LINEAR_KINDS)
@pytest.mark.parametrize("weighting", ["log-tf-idf", "tf-idf"])
def test_linear_graph_gives_the_probabilities_of_the_estimator(tmp_path: Path, kind: str, weighting: Weighting) -> None:
    vectorizer = fit_vectorizer(WORDS, weighting)
    rows = vectorizer.transform(WORDS)
    estimator = ESTIMATOR_KINDS[kind].fit(rows, LABELS, np.ones(300), LINEAR_KINDS[kind], 0)
    scale = PlattScale(0.7, -0.2)
    affine = estimator.fitted().affine
    assert affine is not None
    part = LinearPart("words", vectorizer.idf, affine[0][:, None] * scale.slope)
    bias = np.array([affine[1] * scale.slope + scale.shift])
    export_linear(tmp_path / "linear.onnx", [part], bias, **GRAPH_WEIGHTING[weighting])
    scores = run_graph(tmp_path / "linear.onnx", inputs("words", vectorizer, WORDS))
    np.testing.assert_allclose(scores[:, 0], scale(estimator.margins(rows)), atol=1e-5)
    assert scores.std() > 0.05


def test_linear_graph_of_two_families_normalizes_each_separately(tmp_path: Path) -> None:
    words, grams = fit_vectorizer(WORDS), fit_vectorizer(GRAMS)
    both = hstack([words.transform(WORDS), grams.transform(GRAMS)], format="csr")
    estimator = LogisticRegression(C=5).fit(both, LABELS)
    weights = estimator.coef_[0][:, None]
    parts = [LinearPart("words", words.idf, weights[:30]), LinearPart("grams", grams.idf, weights[30:])]
    export_linear(tmp_path / "linear.onnx", parts, estimator.intercept_)
    scores = run_graph(tmp_path / "linear.onnx", {**inputs("words", words, WORDS), **inputs("grams", grams, GRAMS)})
    np.testing.assert_allclose(scores[:, 0], estimator.predict_proba(both)[:, 1], atol=1e-6)


def test_linear_graph_of_counts_equals_the_shared_words_estimator(tmp_path: Path) -> None:
    vectorizer = fit_vectorizer(WORDS, "counts")
    rows = vectorizer.transform(WORDS)
    estimator = ESTIMATOR_KINDS["shared-words"].fit(rows, LABELS, np.ones(300), {}, 0)
    affine = estimator.fitted().affine
    assert affine is not None
    part = LinearPart("words", vectorizer.idf, affine[0][:, None])
    export_linear(tmp_path / "counts.onnx", [part], np.array([affine[1]]), **GRAPH_WEIGHTING["counts"])
    scores = run_graph(tmp_path / "counts.onnx", inputs("words", vectorizer, WORDS))
    np.testing.assert_allclose(scores[:, 0], sigmoid(estimator.margins(rows)), atol=1e-5)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_linear_graph_gives_the_probabilities_of_a_network_and_of_a_linear_model(tmp_path: Path, activation: Any) -> None:
    vectorizer = fit_vectorizer(WORDS)
    rows = vectorizer.transform(WORDS)
    linear = LogisticRegression().fit(rows, LABELS)
    network = MLPClassifier((3, 20, 10), activation=activation, solver="lbfgs", max_iter=20_000, alpha=0.1, random_state=0)
    network.fit(rows, LABELS)
    kernels, biases = network.coefs_, network.intercepts_
    activations = [activation, activation, "sigmoid"]
    layers = [Dense(*layer) for layer in zip(kernels[1:], biases[1:], activations, strict=True)]
    part = LinearPart("words", vectorizer.idf, linear.coef_.T)
    export_linear(
        tmp_path / "linear.onnx",
        [part],
        linear.intercept_,
        [Network({"words": kernels[0]}, biases[0], activation, layers)],
    )
    scores = run_graph(tmp_path / "linear.onnx", inputs("words", vectorizer, WORDS))
    np.testing.assert_allclose(scores[:, 0], linear.predict_proba(rows)[:, 1], atol=1e-6)
    np.testing.assert_allclose(scores[:, 1], network.predict_proba(rows)[:, 1], atol=2e-5)


def test_linear_graph_scores_a_row_without_regard_to_padding_and_other_rows(tmp_path: Path) -> None:
    vectorizer = fit_vectorizer(WORDS)
    weights = np.random.default_rng(4).normal(size=(30, 3))
    export_linear(tmp_path / "linear.onnx", [LinearPart("words", vectorizer.idf, weights)], np.zeros(3))
    together = run_graph(tmp_path / "linear.onnx", inputs("words", vectorizer, WORDS, width=64))
    alone = run_graph(tmp_path / "linear.onnx", inputs("words", vectorizer, WORDS[7]))
    np.testing.assert_allclose(together[7], alone[0], atol=1e-7)


def test_linear_graph_gives_a_row_without_a_known_feature_the_bias(tmp_path: Path) -> None:
    vectorizer = fit_vectorizer(WORDS)
    export_linear(tmp_path / "linear.onnx", [LinearPart("words", vectorizer.idf, np.ones((30, 1)))], np.array([-1.5]))
    empty = {"ids_words": np.full((1, 3), 30, np.int32), "counts_words": np.zeros((1, 3), np.float32)}
    np.testing.assert_allclose(run_graph(tmp_path / "linear.onnx", empty), sigmoid(np.array([[-1.5]])), atol=1e-7)


def test_exporting_a_graph_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    part = LinearPart("words", np.ones(30), np.ones((30, 2)))
    for name in ("one", "two"):
        export_linear(tmp_path / name, [part], np.zeros(2))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_export_linear_refuses_weights_that_do_not_fit_the_biases(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"weights of words: \(30, 2\), expected \(30, 1\)"):
        export_linear(tmp_path / "linear.onnx", [LinearPart("words", np.ones(30), np.ones((30, 2)))], np.zeros(1))
