"""The Keras network. Loading this module loads TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Mapping

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# Another order of sums in oneDNN would be another model on another machine.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402

from .estimators import Fitted  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.experimental.enable_op_determinism()

ANSWER_BATCH = 2_048


class NetworkEstimator:
    """
    Dense layers with ReLU and one output, the log-odds of spam; Adagrad on the cross-entropy. Batches are sparse: no dense row is
    ever made. `settings`: `layers`, `learning_rate`, `steps`, `batch`, and where wanted `l2` and `dropout`.
    """

    def __init__(
        self,
        rows: csr_matrix,
        labels: NDArray[np.int8],
        weights: NDArray[np.float64],
        settings: Mapping[str, object],
        seed: int,
    ) -> None:
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        regularizer = keras.regularizers.L2(settings["l2"]) if settings.get("l2") else None
        inputs = keras.Input((rows.shape[1],), sparse=True)
        last = inputs
        for width in settings["layers"]:
            last = keras.layers.Dense(width, activation="relu", kernel_regularizer=regularizer)(last)
            if settings.get("dropout"):
                last = keras.layers.Dropout(settings["dropout"], seed=seed)(last)
        self.model = keras.Model(inputs, keras.layers.Dense(1)(last))
        self._train(rows.astype(np.float32), labels, weights, settings, seed)

    def _train(self, rows, labels, weights, settings, seed) -> None:
        model = self.model
        optimizer = keras.optimizers.Adagrad(learning_rate=settings["learning_rate"])
        optimizer.build(model.trainable_variables)

        @tf.function(
            input_signature=[
                tf.SparseTensorSpec([None, rows.shape[1]], tf.float32),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([None], tf.float32),
            ]
        )
        def step(batch, expected, weight):
            with tf.GradientTape() as tape:
                log_odds = model(batch, training=True)[:, 0]
                loss = tf.reduce_mean(weight * tf.nn.sigmoid_cross_entropy_with_logits(expected, log_odds))
                loss += tf.add_n(model.losses) if model.losses else 0.0
            optimizer.apply_gradients(
                zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
            )

        random = np.random.default_rng(seed)
        order, at = random.permutation(rows.shape[0]), 0
        size = min(int(settings["batch"]), rows.shape[0])
        expected, weight = labels.astype(np.float32), weights.astype(np.float32)
        for _ in range(int(settings["steps"])):
            if at + size > len(order):
                order, at = random.permutation(rows.shape[0]), 0
            chosen = order[at : at + size]
            at += size
            step(_sparse(rows[chosen]), expected[chosen], weight[chosen])

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        answers = [
            self.model(_sparse(rows[at : at + ANSWER_BATCH].astype(np.float32)), training=False).numpy()[:, 0]
            for at in range(0, rows.shape[0], ANSWER_BATCH)
        ]
        return np.concatenate(answers).astype(np.float64) if answers else np.zeros(0)

    def fitted(self) -> Fitted:
        dense = [layer.get_weights() for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]
        return Fitted(layers=[(kernel, bias) for kernel, bias in dense])


def _sparse(rows: csr_matrix) -> tf.SparseTensor:
    at = np.repeat(np.arange(rows.shape[0], dtype=np.int64), np.diff(rows.indptr))
    return tf.SparseTensor(np.column_stack([at, rows.indices.astype(np.int64)]), rows.data, rows.shape)
