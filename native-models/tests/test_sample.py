from pathlib import Path

import numpy as np
import pytest
from synthetic import make_matrix, make_rows, plain_features, random_counts, write_matrix

from sluice_trainer import first_layer, matrix, vectorizer
from sluice_trainer.config import VocabularyConfig
from sluice_trainer.first_layer import fit_base_model, sample_rows
from sluice_trainer.matrix import read_matrix
from sluice_trainer.profiles import PROFILES
from sluice_trainer.splits import split_rows
from sluice_trainer.stacking import fit_vectorizers
from sluice_trainer.vectorizer import Vectorizer

PROFILE = PROFILES["quick"]


def test_sample_has_all_rows_up_to_the_limit_and_otherwise_as_many_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    words, grams = random_counts(1_010, 30, seed=1), random_counts(1_010, 40, seed=2)
    at = np.arange(10, 1_010)
    assert sample_rows([words, grams], at, 1) is at
    entries = words[at].nnz + grams[at].nnz
    monkeypatch.setattr(first_layer, "MOST_ENTRIES", entries // 10)
    some = sample_rows([words, grams], at, 1)
    assert 99 <= len(some) <= 100
    assert (np.diff(some) > 0).all()
    assert np.isin(some, at).all()
    # One family has fewer entries, and more rows of it fit.
    assert len(sample_rows([words], at, 1)) > 150
    np.testing.assert_array_equal(some, sample_rows([words, grams], at, 1))
    assert not np.array_equal(some, sample_rows([words, grams], at, 2))


@pytest.mark.parametrize("kind", ["linear-svm", "random-forest"])
def test_base_model_that_is_fitted_to_a_sample_predicts_every_row(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    rows = make_matrix(300, seed=3)
    monkeypatch.setattr(first_layer, "MOST_ENTRIES", rows.train.counts["words"].nnz // 5)
    split = split_rows(rows.train, PROFILE, "out-of-fold", False, seed=1)
    vectorizers = [fit_vectorizers(rows, fold, PROFILE) for fold in split.folds]
    config = next(one for one in PROFILE.base_models if one.kind == kind)
    predictions = fit_base_model(config, rows, split, vectorizers, 0, False, lambda done, of: None)
    assert np.isfinite(predictions.valid).all()
    assert len(predictions.valid) == 300
    # Better than chance for rows that were in no sample.
    spam = rows.train.labels == 1
    assert predictions.valid[spam].mean() > predictions.valid[~spam].mean()


def test_vectorizer_does_not_depend_on_how_many_rows_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, at = random_counts(200, 30, seed=1), np.arange(0, 200, 3)
    weights, sources = np.random.default_rng(1).uniform(0.1, 3, 200), (np.arange(200) % 2).astype(np.int32)

    def fit() -> Vectorizer:
        config = VocabularyConfig(20, 1, one_source_factor=0.5)
        return Vectorizer(config).fit(counts, weights, sources, plain_features(30), at)

    whole = fit()
    monkeypatch.setattr(vectorizer, "ROWS_AT_ONCE", 7)
    sliced = fit()
    np.testing.assert_array_equal(whole.columns, sliced.columns)
    assert whole.idf.tobytes() == sliced.idf.tobytes()
    # As for the rows alone.
    alone = Vectorizer(VocabularyConfig(20, 1, one_source_factor=0.5)).fit(counts[at], weights[at], sources[at], plain_features(30))
    assert whole.idf.tobytes() == alone.idf.tobytes()


def test_read_matrix_does_not_depend_on_how_many_rows_are_read_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_matrix(tmp_path, make_rows(200, seed=1))
    whole = read_matrix(tmp_path, PROFILE)
    monkeypatch.setattr(matrix, "ROWS_AT_ONCE", 7)
    sliced = read_matrix(tmp_path, PROFILE)
    for part in ("train", "test", "probe"):
        for family in ("words", "grams"):
            one, other = getattr(whole, part).counts[family], getattr(sliced, part).counts[family]
            np.testing.assert_array_equal(one.toarray(), other.toarray())
            assert other.has_sorted_indices
