"""Small plots, as Markdown that Dagster's page shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from sluice_trainer.arrays import FloatArray

SIZE = (5.2, 3.6)
"""Inches."""

DPI = 80

COLORS = ("#2f6f9f", "#c0603a", "#7a7a7a", "#4d8f5b")


def roc_plot(curves: Mapping[str, FloatArray], spam: NDArray[np.bool_]) -> str:
    """
    Plot ROC curves.

    Parameters
    ----------
    curves : mapping of str to ndarray of float64, shape (n,)
        Name of a model -> its scores; higher is more likely spam.
    spam : ndarray of bool, shape (n,)
        The labels. Both classes must occur.

    Returns
    -------
    str
        Markdown with the picture in it.
    """

    def draw(axes: Axes) -> None:
        for (name, scores), color in zip(curves.items(), COLORS, strict=False):
            false_positives, true_positives, _ = roc_curve(spam, scores)
            axes.step(false_positives, true_positives, where="post", label=name, color=color)
        _percent(axes, "share of ham called spam (FPR)", "share of spam found (TPR)")
        # What matters is where few ham are lost; a linear axis would show a corner.
        axes.set_xscale("symlog", linthresh=0.01)
        axes.set_xticks([0, 0.01, 0.1, 1], ["0", "1 %", "10 %", "100 %"])
        axes.set_xlim(0, 1)
        axes.legend(loc="lower right", fontsize=8)

    return _markdown(draw, "ROC curves")


def precision_recall_plot(curves: Mapping[str, FloatArray], spam: NDArray[np.bool_]) -> str:
    """Plot precision against recall; the parameters are those of `roc_plot`."""

    def draw(axes: Axes) -> None:
        for (name, scores), color in zip(curves.items(), COLORS, strict=False):
            precision, recall, _ = precision_recall_curve(spam, scores)
            axes.step(recall, precision, where="post", label=name, color=color)
        _percent(axes, "share of spam found (recall)", "share of spam among what is called spam (precision)")
        axes.legend(loc="lower left", fontsize=8)

    return _markdown(draw, "precision and recall")


def word_plot(words: Sequence[str], spam: FloatArray, non_spam: FloatArray) -> str:
    """Plot how much more frequent words are in spam (right) or in other messages (left), as factors."""
    odds = np.log10(spam / non_spam)
    order = np.argsort(odds)

    def draw(axes: Axes) -> None:
        axes.barh(
            [_shown(words[at]) for at in order],
            odds[order],
            color=[COLORS[1] if odds[at] > 0 else COLORS[0] for at in order],
        )
        ticks = np.arange(np.floor(odds.min()), np.ceil(odds.max()) + 1)
        axes.set_xticks(ticks, [f"{10 ** abs(tick):.0f}×" for tick in ticks])
        axes.set_xlabel("more frequent in other messages   |   in spam", fontsize=8)
        axes.tick_params(labelsize=7)

    return _markdown(draw, "frequencies of words")


def odds_plot(log_odds: FloatArray, spam: NDArray[np.bool_]) -> str:
    """Plot how the log-odds of both classes are distributed."""
    edges = np.linspace(-20, 20, 41)
    clipped = np.clip(log_odds, -20, 20)

    def draw(axes: Axes) -> None:
        for label, chosen, color in (("ham", ~spam, COLORS[0]), ("spam", spam, COLORS[1])):
            axes.hist(clipped[chosen], edges.tolist(), alpha=0.65, label=label, color=color)
        axes.set_yscale("symlog")
        axes.set_xlabel("log-odds of spam by the bags of words", fontsize=8)
        axes.set_ylabel("messages", fontsize=8)
        axes.legend(fontsize=8)

    return _markdown(draw, "log-odds of both classes")


def _percent(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    axes.set_xlim(0, 1.01)
    axes.set_ylim(0, 1.01)
    shares = [0, 0.25, 0.5, 0.75, 1]
    for set_ticks in (axes.set_xticks, axes.set_yticks):
        set_ticks(shares, [f"{share:.0%}".replace("%", " %") for share in shares])


def _shown(word: str) -> str:
    # A dollar sign would begin a formula.
    return word.replace("$", r"\$")


def _markdown(draw: object, title: str) -> str:
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.grid(alpha=0.25)
    assert callable(draw)
    draw(axes)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return f"![{title}](data:image/png;base64,{base64.b64encode(picture.getvalue()).decode('ascii')})"
