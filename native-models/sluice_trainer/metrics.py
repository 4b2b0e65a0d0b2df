"""Figures on rows that the model has not been trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import matthews_corrcoef, roc_auc_score


def figures(p: NDArray[np.float64], labels: NDArray[np.int8], reject_min: float, reject_max: float) -> dict:
    """Null where a class is missing and a figure so has no value."""
    spam = labels == 1
    ham = ~spam
    both = bool(spam.any() and ham.any())

    def share(of: NDArray[np.bool_], where: NDArray[np.bool_]) -> float | None:
        return round(float(np.mean(of[where])), 6) if where.any() else None

    return {
        "spam": int(spam.sum()),
        "ham": int(ham.sum()),
        "mcc_at_half": round(float(matthews_corrcoef(labels, p > 0.5)), 5) if both else None,
        "roc_auc": round(float(roc_auc_score(labels, p)), 6) if both else None,
        "spam_above_half": share(p > 0.5, spam),
        "ham_above_half": share(p > 0.5, ham),
        "spam_above_reject_min": share(p > reject_min, spam),
        "spam_above_reject_max": share(p > reject_max, spam),
        "ham_above_reject_min": share(p > reject_min, ham),
        "ham_above_reject_max": share(p > reject_max, ham),
    }
