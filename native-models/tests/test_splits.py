from dataclasses import replace

import numpy as np
import pytest
from synthetic import make_matrix, make_rows

from sluice_trainer.config import Blending
from sluice_trainer.first_layer import fit_base_model
from sluice_trainer.matrix import Matrix
from sluice_trainer.profiles import PROFILES
from sluice_trainer.splits import Split, split_rows
from sluice_trainer.stacking import fit_vectorizers

PROFILE = PROFILES["quick"]
ROWS = make_rows(400, seed=5, group_size=4)
BLENDINGS: tuple[Blending, ...] = ("out-of-fold", "two-way", "three-way", "hold-out")


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("blending", BLENDINGS)
def test_a_split_has_no_fold_that_trains_on_a_group_that_it_predicts(blending: Blending, final: bool) -> None:
    for fold in split_rows(ROWS, PROFILE, blending, final, seed=1).folds:
        assert not np.intersect1d(ROWS.groups[fold.train], ROWS.groups[fold.valid]).size


@pytest.mark.parametrize("blending", BLENDINGS)
def test_a_split_predicts_each_row_for_blender_or_figures_exactly_once(blending: Blending) -> None:
    split = split_rows(ROWS, PROFILE, blending, True, seed=1)
    predicted = np.concatenate([fold.valid for fold in split.folds])
    assert len(predicted) == len(np.unique(predicted))
    assert np.isin(split.blend_rows, predicted).all()
    assert np.isin(split.figures_rows, predicted).all()


def test_the_out_of_fold_split_predicts_all_rows_and_then_trains_on_all() -> None:
    split = split_rows(ROWS, PROFILE, "out-of-fold", False, seed=1)
    assert len(split.folds) == PROFILE.folds + 1
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.valid for fold in split.folds])), np.arange(400))
    np.testing.assert_array_equal(split.folds[-1].train, np.arange(400))
    assert split.test_fold == PROFILE.folds


@pytest.mark.parametrize(
    ("blending", "train", "blend", "figures"),
    [("two-way", 200, 200, 200), ("three-way", 200, 100, 100), ("hold-out", 280, 0, 120)],
)
def test_two_way_and_three_way_splits_have_parts_of_the_documented_sizes(
    blending: Blending, train: int, blend: int, figures: int
) -> None:
    split = split_rows(ROWS, PROFILE, blending, False, seed=1)
    sizes = [len(split.folds[0].train), len(split.blend_rows), len(split.figures_rows)]
    assert np.abs(np.subtract(sizes, [train, blend, figures])).max() <= 8
    assert len(split.blender_folds) == len(split.blend_rows)


def test_the_three_way_split_takes_figures_from_rows_that_nothing_was_fitted_to() -> None:
    split = split_rows(ROWS, PROFILE, "three-way", False, seed=1)
    fitted = np.concatenate([split.folds[0].train, split.blend_rows])
    assert not np.intersect1d(split.figures_rows, fitted).size
    assert len(fitted) + len(split.figures_rows) == 400


@pytest.mark.parametrize("blending", ["two-way", "three-way", "hold-out"])
def test_the_option_final_adds_a_fold_on_all_rows_that_does_not_predict_the_testing_part(blending: Blending) -> None:
    split = split_rows(ROWS, PROFILE, blending, True, seed=1)
    np.testing.assert_array_equal(split.folds[-1].train, np.arange(400))
    assert split.test_fold == 0
    assert len(split.folds) == 2


@pytest.mark.parametrize("blending", BLENDINGS)
def test_a_split_depends_on_the_seed_only(blending: Blending) -> None:
    def trains(seed: int) -> list[list[int]]:
        return [fold.train.tolist() for fold in split_rows(ROWS, PROFILE, blending, False, seed).folds]

    assert trains(3) == trains(3)
    assert trains(3) != trains(4)


def predict(matrix: Matrix, split: Split) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    config = next(one for one in PROFILE.base_models if one.name == "logistic-regression")
    vectorizers = [fit_vectorizers(matrix, fold, PROFILE) for fold in split.folds]
    return fit_base_model(config, matrix, split, vectorizers, 0, False, lambda done, of: None).valid


def test_out_of_fold_predictions_do_not_depend_on_the_labels_of_their_own_fold() -> None:
    matrix = make_matrix(200, seed=6)
    split = split_rows(matrix.train, PROFILE, "out-of-fold", False, seed=1)
    valid = split.folds[0].valid
    labels = matrix.train.labels.copy()
    labels[valid] = 1 - labels[valid]
    flipped = replace(matrix, train=replace(matrix.train, labels=labels))
    before, after = predict(matrix, split), predict(flipped, split)
    np.testing.assert_array_equal(before[valid], after[valid])
    # The other rows are predicted by base models that saw these labels.
    assert (np.delete(before, valid) != np.delete(after, valid)).any()


def test_vocabulary_and_idf_of_a_fold_do_not_depend_on_the_rows_that_it_predicts() -> None:
    matrix = make_matrix(200, seed=6)
    fold = split_rows(matrix.train, PROFILE, "out-of-fold", False, seed=1).folds[0]
    counts = matrix.train.counts["words"].tolil()
    counts[fold.valid] = 0
    counts[fold.valid, 39] = 4
    changed = replace(matrix, train=replace(matrix.train, counts={**matrix.train.counts, "words": counts.tocsr()}))
    before, after = fit_vectorizers(matrix, fold, PROFILE), fit_vectorizers(changed, fold, PROFILE)
    np.testing.assert_array_equal(before["words"].columns, after["words"].columns)
    np.testing.assert_array_equal(before["words"].idf, after["words"].idf)


@pytest.mark.parametrize("blending", BLENDINGS)
def test_copies_and_pieces_of_messages_train_base_models_and_are_never_predicted(blending: Blending) -> None:
    pieces = np.arange(len(ROWS)) % 4 == 3
    split = split_rows(replace(ROWS, whole=~pieces), PROFILE, blending, True, seed=1)
    for used in (split.blend_rows, split.figures_rows, *(fold.valid for fold in split.folds)):
        assert not pieces[used].any()
    assert all(pieces[fold.train].any() for fold in split.folds)
    assert len(split.blender_folds) == len(split.blend_rows)


def test_copies_and_pieces_of_messages_do_not_count_as_documents_of_the_vocabulary() -> None:
    matrix = make_matrix(200, seed=3)
    pieces = np.arange(200) % 4 == 3
    without = np.flatnonzero(~pieces)
    split = split_rows(replace(matrix.train, whole=~pieces), PROFILE, "out-of-fold", False, seed=1)
    fitted = fit_vectorizers(replace(matrix, train=replace(matrix.train, whole=~pieces)), split.folds[-1], PROFILE)
    alone = replace(matrix, train=matrix.train.take(without))
    expected = fit_vectorizers(alone, split_rows(alone.train, PROFILE, "out-of-fold", False, seed=1).folds[-1], PROFILE)
    for family, vectorizer in fitted.items():
        np.testing.assert_array_equal(vectorizer.columns, expected[family].columns)
        np.testing.assert_array_equal(vectorizer.idf, expected[family].idf)


@pytest.mark.parametrize("blending", BLENDINGS)
def test_rows_with_weak_labels_train_base_models_and_do_not_change_where_messages_go(blending: Blending) -> None:
    weak = np.arange(len(ROWS)) >= 300
    # Each is a group of its own.
    groups = np.where(weak, 1_000 + np.arange(len(ROWS)), ROWS.groups).astype(np.int32)
    with_weak = replace(ROWS, whole=~weak, groups=groups)
    split = split_rows(with_weak, PROFILE, blending, True, seed=1)
    alone = split_rows(with_weak.take(np.flatnonzero(~weak)), PROFILE, blending, True, seed=1)
    for fold, expected in zip(split.folds, alone.folds, strict=True):
        np.testing.assert_array_equal(fold.train[~weak[fold.train]], expected.train)
        np.testing.assert_array_equal(fold.valid, expected.valid)
        assert weak[fold.train].any()
    np.testing.assert_array_equal(split.blend_rows, alone.blend_rows)
    np.testing.assert_array_equal(split.blender_folds, alone.blender_folds)
