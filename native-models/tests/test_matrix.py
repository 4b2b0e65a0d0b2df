from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic import make_rows, write_matrix

from sluice_trainer.config import Profile, VocabularyConfig
from sluice_trainer.errors import DataError
from sluice_trainer.matrix import PROBE, TEST, TRAIN, read_matrix
from sluice_trainer.profiles import PROFILES

PROFILE = replace(
    PROFILES["quick"], vocabulary={"words": VocabularyConfig(100, 1), "grams": VocabularyConfig(100, 1)}, source_power=1.0
)
ROWS = make_rows(200, seed=1)


def with_words(config: VocabularyConfig, source_power: float = 1.0) -> Profile:
    return replace(PROFILE, vocabulary={**PROFILE.vocabulary, "words": config}, source_power=source_power)


def test_read_matrix_gives_each_part_its_rows(tmp_path: Path) -> None:
    parts = np.array([TRAIN] * 150 + [TEST] * 40 + [PROBE] * 10, np.int8)
    write_matrix(tmp_path, ROWS, parts)
    matrix = read_matrix(tmp_path, PROFILE)
    assert [len(matrix.train), len(matrix.test), len(matrix.probe)] == [150, 40, 10]
    np.testing.assert_array_equal(matrix.train.labels, ROWS.labels[:150])
    np.testing.assert_array_equal(matrix.test.groups, ROWS.groups[150:190])
    for family, counts in ROWS.counts.items():
        expected = counts.toarray()[:, matrix.ids[family]]
        np.testing.assert_array_equal(matrix.train.counts[family].toarray(), expected[:150])
        np.testing.assert_array_equal(matrix.probe.counts[family].toarray(), expected[190:])


def test_read_matrix_counts_document_frequencies_in_the_training_part_only(tmp_path: Path) -> None:
    parts = np.where(np.arange(200) < 100, TRAIN, TEST).astype(np.int8)
    write_matrix(tmp_path, ROWS, parts)
    frequency = np.diff(ROWS.counts["words"][:100].tocsc().indptr)
    kept = read_matrix(tmp_path, with_words(VocabularyConfig(100, 25))).ids["words"]
    np.testing.assert_array_equal(kept, np.flatnonzero(frequency >= 25))
    # Otherwise the testing part would not change anything, and the test would show nothing.
    assert (frequency < 25).any()
    assert (np.diff(ROWS.counts["words"].tocsc().indptr) >= 25).sum() > len(kept)


def test_read_matrix_keeps_twice_as_many_candidates_as_features(tmp_path: Path) -> None:
    write_matrix(tmp_path, ROWS)
    assert len(read_matrix(tmp_path, with_words(VocabularyConfig(5, 1))).ids["words"]) == 10


def test_read_matrix_leaves_out_obfuscation_features_only_if_the_profile_asks_for_it(tmp_path: Path) -> None:
    write_matrix(tmp_path, ROWS, disguise={"words": [0, 2], "grams": []})
    without = read_matrix(tmp_path, with_words(VocabularyConfig(100, 1, keep_obfuscation=False)))
    assert not np.isin([0, 2], without.ids["words"]).any()
    assert np.isin([0, 2], read_matrix(tmp_path, PROFILE).ids["words"]).all()


def test_source_power_weights_a_data_set_by_a_power_of_its_size(tmp_path: Path) -> None:
    sources = np.where(np.arange(200) < 160, 0, 1).astype(np.int32)
    rows = replace(ROWS, weights=np.ones(200), sources=sources)
    write_matrix(tmp_path, rows, np.zeros(200, np.int8))
    weights = read_matrix(tmp_path, replace(PROFILE, source_power=0.5)).train.weights
    first, second = weights[sources == 0].sum(), weights[sources == 1].sum()
    assert first / second == pytest.approx(np.sqrt(160 / 40))
    assert first + second == pytest.approx(200)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"format": 2}, "format 2"),
        ({"feature_set": "sluice-0"}, "'sluice-0'.*'sluice-2'"),
        ({"sizes": {"words": 40}}, "has no grams"),
        ({"sizes": {"words": 39, "grams": 40}}, "words.pairs.npy does not fit"),
    ],
)
def test_read_matrix_refuses_facts_that_do_not_fit(tmp_path: Path, facts: dict[str, Any], message: str) -> None:
    write_matrix(tmp_path, ROWS, **facts)
    with pytest.raises(DataError, match=message):
        read_matrix(tmp_path, PROFILE)


@pytest.mark.parametrize(
    ("name", "index", "value", "message"),
    [
        ("words.indices", 0, 40, "outside its vocabulary"),
        ("words.indices", 0, -1, "outside its vocabulary"),
        ("words.data", 3, 0, "not a positive number"),
        ("words.data", 3, np.nan, "not a positive number"),
        ("grams.indptr", -1, 1, "do not fit together"),
    ],
)
def test_read_matrix_refuses_invalid_entries(tmp_path: Path, name: str, index: int, value: float, message: str) -> None:
    write_matrix(tmp_path, ROWS)
    array = np.load(tmp_path / f"{name}.npy")
    array[index] = value
    np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(DataError, match=message):
        read_matrix(tmp_path, PROFILE)


def test_read_matrix_refuses_arrays_of_another_length(tmp_path: Path) -> None:
    write_matrix(tmp_path, ROWS)
    np.save(tmp_path / "weights.npy", np.ones(199, np.float32))
    with pytest.raises(DataError, match=r"weights\.npy has 199 rows and labels\.npy 200"):
        read_matrix(tmp_path, PROFILE)


def test_read_matrix_refuses_fewer_than_ten_messages_of_a_class(tmp_path: Path) -> None:
    labels = np.zeros(200, np.int8)
    labels[1:10] = 1
    write_matrix(tmp_path, replace(ROWS, labels=labels), np.zeros(200, np.int8))
    with pytest.raises(DataError, match="9 spam messages: at least 10"):
        read_matrix(tmp_path, PROFILE)


def test_read_matrix_refuses_a_folder_without_facts(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"features\.json of the matrix cannot be read"):
        read_matrix(tmp_path, PROFILE)
