"""Scores of held-out messages, by the scorer that the pipeline uses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluice_trainer.arrays import FloatArray

from .command import SluiceCommand, temporary_file

HELD_OUT = "held-out.jsonl"


def read_labels(dataset: Path) -> NDArray[np.bool_]:
    """Return of each held-out message whether it is spam."""
    return np.array([message["label"] == "spam" for message in _messages(dataset)], dtype=np.bool_)


def score_held_out(command: SluiceCommand, dataset: Path) -> FloatArray:
    """
    Score the held-out messages with the model that the settings of a command select.

    Returns
    -------
    ndarray of float64, shape (n,)
        Probability of spam of each message, without an early exit; NaN for one that could not be scored.
    """
    inputs = temporary_file(dataset, "to-score.jsonl")
    try:
        with inputs.open("w", encoding="utf-8") as file:
            for number, message in enumerate(_messages(dataset)):
                known = {name: message[name] for name in ("community", "language") if name in message}
                file.write(json.dumps({"message": message["text"], "message_id": str(number), **known}) + "\n")
        answers = command.lines("score", str(inputs), "--full")
        return np.array([_probability(json.loads(line)) for line in answers], dtype=np.float64)
    finally:
        inputs.unlink()


def _messages(dataset: Path) -> Iterable[dict[str, Any]]:
    with (dataset / HELD_OUT).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _probability(verdict: dict[str, Any]) -> float:
    probability = verdict.get("probability")
    return float("nan") if probability is None else float(probability)
