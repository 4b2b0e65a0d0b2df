import numpy as np
import pytest

from sluice_trainer.metrics import classification_figures


def test_figures_of_a_small_confusion_matrix_are_those_computed_by_hand() -> None:
    p = np.array([0.9, 0.6, 0.55, 0.2, 0.8, 0.6, 0.45, 0.05])
    labels = np.array([1, 1, 1, 1, 0, 0, 0, 0], np.int8)
    figures = classification_figures(p, labels, 0.6, 0.7)
    # Above one half: 3 of 4 spam, 2 of 4 ham.
    assert figures["mcc_at_half"] == pytest.approx((3 * 2 - 2 * 1) / np.sqrt(5 * 4 * 4 * 3), abs=1e-5)
    # 9 of the 16 pairs are in the right order, and one is a tie.
    assert figures["roc_auc"] == 9.5 / 16
    assert (figures["spam"], figures["ham"]) == (4, 4)
    assert (figures["spam_above_half"], figures["ham_above_half"]) == (0.75, 0.5)
    # A threshold belongs to the band below it.
    assert (figures["spam_above_reject_min"], figures["spam_above_reject_max"]) == (0.25, 0.25)
    assert (figures["ham_above_reject_min"], figures["ham_above_reject_max"]) == (0.25, 0.25)


def test_figures_are_none_if_they_need_a_missing_class() -> None:
    figures = classification_figures(np.array([0.1, 0.6]), np.zeros(2, np.int8), 0.5, 0.7)
    assert figures["mcc_at_half"] is None
    assert figures["roc_auc"] is None
    assert figures["spam_above_half"] is None
    assert figures["ham_above_half"] == 0.5
