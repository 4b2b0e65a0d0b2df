import numpy as np
import pytest
from scipy.sparse import csr_matrix
from synthetic import plain_features

from sluice_trainer.arrays import FloatArray, LabelArray
from sluice_trainer.config import VocabularyConfig
from sluice_trainer.platt import sigmoid
from sluice_trainer.trust import LEAST_TRUST, MOST_BY_SHARE, MOST_BY_WORDS, SHARE_STEPS, WORD_STEPS, Knowledge, Trust, fit_trust
from sluice_trainer.vectorizer import Vectorizer

PRIOR = 0.2
START = float(np.log(PRIOR / (1 - PRIOR)))


def rows(factors: FloatArray, count: int = 40_000, seed: int = 1) -> tuple[FloatArray, Knowledge, LabelArray]:
    """Return log-odds that are right once they are drawn to the prior by the factor of the number of known words."""
    random = np.random.default_rng(seed)
    words = random.integers(0, 12, count).astype(np.int32)
    log_odds = random.normal(START, 3, count)
    factor = factors[np.searchsorted(WORD_STEPS, words, side="right") - 1]
    labels = (random.random(count) < sigmoid(START + factor * (log_odds - START))).astype(np.int8)
    return log_odds, Knowledge(words, np.ones(count)), labels


def fit(factors: FloatArray) -> Trust:
    log_odds, knowledge, labels = rows(factors)
    return fit_trust(log_odds, knowledge, labels, np.ones(len(labels)), PRIOR, 0.0, 0.7)


def test_fitting_trust_finds_the_factors_that_the_labels_were_drawn_with() -> None:
    factors = np.array([0.1, 0.3, 0.4, 0.6, 0.7, 0.85, 0.95])
    np.testing.assert_allclose(fit(factors).words, factors, atol=0.1)


def test_trust_factors_never_fall_with_more_known_words_even_if_the_data_suggest_it() -> None:
    trust = fit(np.array([0.15, 0.1, 0.5, 0.4, 0.8, 0.3, 0.9]))
    assert (np.diff(trust.words) >= 0).all()
    assert trust.words[0] == trust.words[1]


def test_trust_is_at_its_limit_for_log_odds_that_are_right_and_low_for_random_ones() -> None:
    full, hardly = fit(np.ones(7)), fit(np.zeros(7))
    np.testing.assert_allclose(full.words * full.share[-1], MOST_BY_WORDS, atol=0.12)
    assert (hardly.words * hardly.share[-1] < 0.1).all()


def test_trust_steps_without_rows_have_the_factor_of_a_neighbor() -> None:
    log_odds, knowledge, labels = rows(np.full(7, 0.5))
    some = knowledge.words >= 4
    trust = fit_trust(
        log_odds[some], Knowledge(knowledge.words[some], knowledge.share[some]), labels[some], np.ones(some.sum()), PRIOR, 0.0, 0.7
    )
    assert (trust.words >= LEAST_TRUST).all()
    np.testing.assert_array_equal(trust.words[:5], np.minimum(trust.words[4], MOST_BY_WORDS[:5]))
    np.testing.assert_array_equal(trust.share, np.minimum(trust.share[-1], MOST_BY_SHARE))


def test_probabilities_after_trust_rise_with_the_log_odds_and_are_limited_without_a_known_word() -> None:
    trust = Trust(START, np.linspace(0.1, 1, len(WORD_STEPS)), np.linspace(0.5, 1, len(SHARE_STEPS)), 0.7)
    log_odds = np.linspace(-30, 30, 201)
    for words, share in ((0, 0.0), (3, 0.4), (20, 1.0)):
        p = trust.probabilities(log_odds, Knowledge(np.full(201, words), np.full(201, share)))
        assert (np.diff(p) >= 0).all()
        assert (p.max() <= 0.7) == (words == 0)
    known = trust.probabilities(log_odds, Knowledge(np.full(201, 20), np.ones(201)))
    np.testing.assert_array_equal(known, sigmoid(log_odds))


def test_trust_counts_known_words_and_their_share_of_all_words() -> None:
    counts = csr_matrix(np.array([[3, 1, 0, 5], [0, 0, 2, 1], [0, 0, 0, 0]], np.float32))
    is_word = np.array([True, True, True, False])
    vectorizer = Vectorizer(VocabularyConfig(3, 1)).fit(counts[:2], np.array([1.0, 0.1]), np.zeros(2, np.int32), plain_features(4))
    assert set(vectorizer.columns.tolist()) == {0, 1, 3}
    knowledge = Knowledge.of(counts, np.array([8, 4, 0], np.int32), vectorizer, is_word)
    assert knowledge.words.tolist() == [4, 0, 0]
    assert knowledge.share.tolist() == pytest.approx([0.5, 0, 1])
