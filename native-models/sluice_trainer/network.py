"""The Keras network. Importing this module loads TensorFlow."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# oneDNN may sum in another order on another machine, which would give another model.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras
import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

from .arrays import FloatArray, LabelArray
from .config import Settings
from .fitted import FittedModel

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.experimental.enable_op_determinism()

PREDICTION_BATCH = 2_048
"""Rows that are predicted at once."""


ATTEMPTS = 4
"""A network whose few first units all died (see `_is_dead`) is trained again from other initial weights, at most so often."""


class NetworkEstimator:
    """
    A feed-forward network with ReLU layers and one output, the log-odds of spam.

    Adagrad [1]_ minimizes the weighted cross-entropy on batches of shuffled rows. Batches are sparse; no dense row is ever created.

    Parameters
    ----------
    rows : csr_matrix, shape (n, features)
        Weighted rows.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    settings : mapping
        `layers` (units of each hidden layer), `learning_rate`, `steps` (number of batches), `batch` (rows in a batch), and
        optionally `l2` (penalty on the weights) and `dropout` (rate after each hidden layer).
    seed : int
        Seed of the initial weights, the order of rows, and dropout.

    References
    ----------
    .. [1] J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 12,
       2011.
    """

    def __init__(self, rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> None:
        for attempt in range(ATTEMPTS):
            self._build(rows.shape[1], settings, seed + 1_000 * attempt)
            self._train(rows.astype(np.float32), labels, weights, settings, seed)
            if not self._is_dead(rows[:PREDICTION_BATCH]):
                break

    def _build(self, inputs_count: int, settings: Settings, seed: int) -> None:
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        regularizer = keras.regularizers.L2(settings["l2"]) if settings.get("l2") else None
        inputs = keras.Input((inputs_count,), sparse=True)
        last = inputs
        for units in settings["layers"]:
            last = keras.layers.Dense(units, activation="relu", kernel_regularizer=regularizer)(last)
            if settings.get("dropout"):
                last = keras.layers.Dropout(settings["dropout"], seed=seed)(last)
        self.model = keras.Model(inputs, keras.layers.Dense(1)(last))

    def _is_dead(self, rows: csr_matrix) -> bool:
        """Return whether all rows get the same output: no unit of a layer is active for any of them, so none learns any more."""
        return rows.shape[0] > 1 and bool(np.ptp(self.margins(rows)) == 0)

    def _train(self, rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> None:
        model = self.model
        optimizer = keras.optimizers.Adagrad(learning_rate=settings["learning_rate"])
        optimizer.build(model.trainable_variables)

        @tf.function(  # type: ignore[untyped-decorator]
            input_signature=[
                tf.SparseTensorSpec([None, rows.shape[1]], tf.float32),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([None], tf.float32),
            ]
        )
        def step(batch: Any, expected: Any, weight: Any) -> None:
            with tf.GradientTape() as tape:
                log_odds = model(batch, training=True)[:, 0]
                loss = tf.reduce_mean(weight * tf.nn.sigmoid_cross_entropy_with_logits(expected, log_odds))
                loss += tf.add_n(model.losses) if model.losses else 0.0
            optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))

        random = np.random.default_rng(seed)
        order, at = random.permutation(rows.shape[0]), 0
        size = min(int(settings["batch"]), rows.shape[0])
        expected, weight = labels.astype(np.float32), weights.astype(np.float32)
        for _ in range(int(settings["steps"])):
            if at + size > len(order):
                order, at = random.permutation(rows.shape[0]), 0
            chosen = order[at : at + size]
            at += size
            step(_sparse_tensor(rows[chosen]), expected[chosen], weight[chosen])

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return the log-odds of spam."""
        margins = [
            self.model(_sparse_tensor(rows[at : at + PREDICTION_BATCH].astype(np.float32)), training=False).numpy()[:, 0]
            for at in range(0, rows.shape[0], PREDICTION_BATCH)
        ]
        return np.concatenate(margins).astype(np.float64) if margins else np.zeros(0)

    def fitted(self) -> FittedModel:
        """Return weights and biases of all layers."""
        dense = [layer.get_weights() for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]
        return FittedModel(layers=[(kernel, bias) for kernel, bias in dense])


def _sparse_tensor(rows: csr_matrix) -> Any:
    row_of_entry = np.repeat(np.arange(rows.shape[0], dtype=np.int64), np.diff(rows.indptr))
    indices = np.column_stack([row_of_entry, rows.indices.astype(np.int64)])
    return tf.SparseTensor(indices, rows.data, rows.shape)
