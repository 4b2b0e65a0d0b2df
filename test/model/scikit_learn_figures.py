"""
scikit_learn_figures.py: reads labels and probabilities as JSON from standard input, and prints what scikit-learn's metrics say of each
case, as JSON. A figure that is not defined is null.
"""

import json
import math
import sys
import warnings

import numpy as np
from sklearn import metrics

HALF = 0.5


def figures_of(case: dict) -> dict:
    spam = np.array(case["spam"], dtype=int)
    scores = np.array(case["probabilities"], dtype=float)
    called = (scores > HALF).astype(int)
    (tn, fp), (fn, tp) = metrics.confusion_matrix(spam, called, labels=[0, 1])
    both = 0 < spam.sum() < len(spam)
    # scikit-learn says 0 where a margin is empty.
    mcc = metrics.matthews_corrcoef(spam, called) if both and 0 < called.sum() < len(called) else None
    figures = {
        "accuracy": metrics.accuracy_score(spam, called),
        "precision": metrics.precision_score(spam, called, zero_division=np.nan),
        "recall": metrics.recall_score(spam, called, zero_division=np.nan),
        "f1": metrics.f1_score(spam, called, zero_division=np.nan),
        "mcc": mcc,
        "falsePositiveRate": fp / (fp + tn) if fp + tn > 0 else None,
        "rocAuc": metrics.roc_auc_score(spam, scores) if both else None,
        "averagePrecision": metrics.average_precision_score(spam, scores) if spam.sum() > 0 else None,
        "brier": metrics.brier_score_loss(spam, scores, labels=[0, 1]),
        "logLoss": metrics.log_loss(spam, scores, labels=[0, 1]),
    }
    known = {
        name: None if value is None or math.isnan(value) else float(value) for name, value in figures.items()
    }
    if not both:
        return known
    fpr, tpr, _ = metrics.roc_curve(spam, scores, drop_intermediate=False)
    precision, recall, thresholds = metrics.precision_recall_curve(spam, scores)
    # The last point, recall 0 and precision 1, has no threshold.
    points = zip(recall[-2::-1].tolist(), precision[-2::-1].tolist(), thresholds[::-1].tolist(), strict=True)
    return {**known, "roc": list(zip(fpr.tolist(), tpr.tolist(), strict=True)), "precisionRecall": list(points)}


warnings.simplefilter("ignore")
json.dump([figures_of(case) for case in json.load(sys.stdin)], sys.stdout)
