from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from synthetic import plain_features, random_counts

from sluice_trainer.config import BaseModelConfig, VocabularyConfig, Weighting
from sluice_trainer.first_layer import InputBuilder
from sluice_trainer.vectorizer import Features, Vectorizer, most_frequent

COUNTS = random_counts(200, 30, seed=1)
ONE_SOURCE = np.zeros(200, np.int32)


def fit(config: VocabularyConfig, weighting: Weighting = "log-tf-idf") -> Vectorizer:
    return Vectorizer(config, weighting).fit(COUNTS, np.ones(200), ONE_SOURCE, plain_features(30))


@pytest.mark.parametrize(("weighting", "sublinear"), [("log-tf-idf", True), ("tf-idf", False)])
def test_vectorizer_gives_the_tf_idf_weights_of_scikit_learn(weighting: Weighting, sublinear: bool) -> None:
    vectorizer = fit(VocabularyConfig(30, 1), weighting)
    expected = TfidfTransformer(sublinear_tf=sublinear).fit_transform(COUNTS.astype(np.float64)).toarray()
    # float32 holds seven digits of the idf.
    np.testing.assert_allclose(vectorizer.transform(COUNTS).toarray(), expected[:, vectorizer.columns], rtol=1e-6)


def test_vectorizer_does_not_change_the_counts() -> None:
    vectorizer = fit(VocabularyConfig(30, 1), "counts")
    np.testing.assert_array_equal(vectorizer.transform(COUNTS).toarray(), COUNTS.toarray()[:, vectorizer.columns])


def test_vectorizer_counts_a_row_of_weight_two_like_two_rows() -> None:
    weights = np.random.default_rng(2).integers(1, 4, 200)
    weighted = Vectorizer(VocabularyConfig(30, 1)).fit(COUNTS, weights.astype(float), ONE_SOURCE, plain_features(30))
    rows = np.repeat(np.arange(200), weights)
    repeated = Vectorizer(VocabularyConfig(30, 1)).fit(COUNTS[rows], np.ones(len(rows)), ONE_SOURCE[rows], plain_features(30))
    np.testing.assert_array_equal(weighted.columns, repeated.columns)
    np.testing.assert_allclose(weighted.idf, repeated.idf)


def test_vectorizer_columns_are_the_most_frequent_features_in_descending_order() -> None:
    vectorizer = fit(VocabularyConfig(10, 1))
    frequency = np.diff(COUNTS.tocsc().indptr)
    kept = frequency[vectorizer.columns]
    assert len(vectorizer) == 10
    assert all(one >= other for one, other in pairwise(kept))
    assert kept.min() >= np.delete(frequency, vectorizer.columns).max()


def test_most_frequent_limits_the_number_of_pairs_and_requires_more_messages_for_them() -> None:
    frequency = np.array([9, 8, 7, 6, 5, 4, 3, 2, 1, 1])
    pairs = np.array([False, True, True, True, True, False, False, True, False, True])
    config = VocabularyConfig(max_features=6, min_df=1, max_pairs=4, pair_min_df=6)
    assert most_frequent(config, frequency, frequency.astype(float), pairs).tolist() == [0, 1, 2, 3, 5, 6]
    few = VocabularyConfig(max_features=6, min_df=3, max_pairs=1, pair_min_df=1)
    assert most_frequent(few, frequency, frequency.astype(float), pairs).tolist() == [0, 1, 5, 6]
    assert most_frequent(few, frequency, frequency.astype(float), pairs, times=2).tolist() == [0, 1, 2, 5, 6]


def test_vectorizer_select_returns_the_first_features_with_their_new_ids() -> None:
    vectorizer = fit(VocabularyConfig(20, 1))
    first = vectorizer.select(COUNTS, 5)
    assert first.shape == (200, 5)
    np.testing.assert_array_equal(first.toarray(), COUNTS.toarray()[:, vectorizer.columns[:5]])


def test_vectorizer_gives_a_row_without_a_known_feature_no_entry() -> None:
    vectorizer = fit(VocabularyConfig(10, 1))
    unknown = np.zeros((1, 30), np.float32)
    unknown[0, np.setdiff1d(np.arange(30), vectorizer.columns)] = 1
    row = vectorizer.transform(csr_matrix(unknown))
    assert row.nnz == 0


def test_vectorizer_normalizes_each_row_to_length_one() -> None:
    rows = fit(VocabularyConfig(30, 1)).transform(COUNTS)
    np.testing.assert_allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), 1)


def test_input_of_a_linear_model_is_its_families_side_by_side() -> None:
    words, grams = fit(VocabularyConfig(20, 1)), fit(VocabularyConfig(10, 1))
    config = BaseModelConfig("one", "linear-svm", ("words", "grams"))
    inputs = InputBuilder(config, {"words": words, "grams": grams})
    rows = inputs({"words": COUNTS, "grams": COUNTS[::-1]}, np.array([3, 5]))
    assert inputs.widths == [20, 10]
    np.testing.assert_array_equal(rows.toarray()[:, :20], words.transform(COUNTS).toarray()[[3, 5]])
    np.testing.assert_array_equal(rows.toarray()[:, 20:], grams.transform(COUNTS[::-1]).toarray()[[3, 5]])


@pytest.mark.parametrize(("limit", "widths"), [(7, [7, 7]), ({"words": 3}, [3, 10]), (None, [20, 10])])
def test_input_of_trees_is_the_counts_of_the_most_frequent_features(limit: object, widths: list[int]) -> None:
    vectorizers = {"words": fit(VocabularyConfig(20, 1)), "grams": fit(VocabularyConfig(10, 1))}
    config = BaseModelConfig("one", "boosted-trees", ("words", "grams"), {"columns": limit})
    inputs = InputBuilder(config, vectorizers)
    rows = inputs({"words": COUNTS, "grams": COUNTS})
    assert inputs.widths == widths
    expected = np.hstack([COUNTS.toarray()[:, vectorizers[f].columns[:w]] for f, w in zip(vectorizers, widths, strict=True)])
    np.testing.assert_array_equal(rows.toarray(), expected)


def test_idf_of_form_features_is_multiplied_by_the_factor_and_of_others_is_not() -> None:
    form = np.arange(30) < 5
    plain = fit(VocabularyConfig(30, 1))
    config = VocabularyConfig(30, 1, form_factor=0.25)
    lowered = Vectorizer(config).fit(COUNTS, np.ones(200), ONE_SOURCE, Features(np.zeros(30, bool), form, ~form))
    np.testing.assert_array_equal(lowered.columns, plain.columns)
    np.testing.assert_allclose(lowered.idf, np.where(form[plain.columns], 0.25, 1) * plain.idf)


def test_idf_of_features_of_one_data_set_is_multiplied_by_the_factor_and_of_others_is_not() -> None:
    # Feature 0 is in the first source only, feature 1 in both, feature 2 in the second only, but is of form.
    counts = csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1]], np.float32))
    features = Features(np.zeros(3, bool), np.array([False, False, True]), np.array([True, True, False]))
    config = VocabularyConfig(3, 1, one_source_factor=0.5)

    def idf(sources: list[int]) -> list[float]:
        fitted = Vectorizer(config).fit(counts, np.ones(4), np.array(sources, np.int32), features)
        return [float(fitted.idf[np.flatnonzero(fitted.columns == feature)[0]]) for feature in range(3)]

    of_two, of_one = idf([0, 0, 1, 1]), idf([0, 0, 0, 0])
    np.testing.assert_allclose(of_two, np.multiply(of_one, [0.5, 1, 1]))
