"""Figures on rows that the model was not trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import matthews_corrcoef, roc_auc_score

from .arrays import BoolArray, FloatArray, LabelArray


def classification_figures(p: FloatArray, labels: LabelArray, reject_min: float, reject_max: float) -> dict[str, Any]:
    """
    Measure probabilities against labels.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Probability of spam of each row.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    reject_min, reject_max : float
        The thresholds of the review band.

    Returns
    -------
    dict
        Counts of both classes; Matthews' correlation coefficient [1]_ at a threshold of one half; area under the ROC curve; and, of
        each class, the share above one half and above each threshold. A figure is None if a class that it needs has no row.

    References
    ----------
    .. [1] B. W. Matthews, "Comparison of the predicted and observed secondary structure of T4 phage lysozyme", Biochimica et
       Biophysica Acta 405, 1975.
    """
    spam = labels == 1
    ham = ~spam
    both = bool(spam.any() and ham.any())

    def share(of: BoolArray, where: BoolArray) -> float | None:
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
