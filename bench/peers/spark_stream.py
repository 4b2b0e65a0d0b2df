"""
Spark Structured Streaming: reads a topic to its end in micro-batches, scores it in Python workers, and publishes verdicts to another topic.

Offsets are stored in the checkpoint, not in a consumer group. It begins when the file `--go` appears. SIGTERM ends it at once, and
Spark's JVM ends when its input does.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow
from pyspark.sql import SparkSession
from sklearn_ensemble import shared_ensemble


def score(estimators: Path, vocabulary: Path, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    ensemble = shared_ensemble(estimators, vocabulary)
    for batch in batches:
        results = ensemble.verdicts(batch.column("value").to_pylist())
        spam = [text for verdict, text in results if verdict == "spam"]
        yield pyarrow.record_batch([pyarrow.array(spam, pyarrow.string())], names=["value"])


def session(options: argparse.Namespace) -> SparkSession:
    builder = SparkSession.builder.master(f"local[{options.threads}]").appName("bench-peer")
    settings = {
        "spark.driver.extraClassPath": f"{options.jars}/*",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(options.folder / "local"),
        "spark.sql.warehouse.dir": str(options.folder / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(options.batch),
        "spark.sql.shuffle.partitions": str(options.threads),
        "spark.ui.enabled": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimators", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--verdicts", required=True, help="topic")
    parser.add_argument("--batch", type=int, required=True, help="messages that a worker gets at once")
    parser.add_argument("--trigger", type=int, required=True, help="messages of a micro-batch")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--jars", type=Path, required=True, help="folder of Spark's connector to Kafka")
    parser.add_argument("--folder", type=Path, required=True, help="for the checkpoint and temporary files")
    parser.add_argument("--go", type=Path, required=True, help="file to wait for")
    options = parser.parse_args()
    spark = session(options)
    print("ready", flush=True)
    while not options.go.exists():
        time.sleep(0.02)
    messages = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", options.broker)
        .option("subscribe", options.topic)
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", options.trigger)
        .load()
    )
    query = (
        messages.select("value")
        .mapInArrow(partial(score, options.estimators, options.vocabulary), "value string")
        .writeStream.format("kafka")
        .option("kafka.bootstrap.servers", options.broker)
        .option("kafka.acks", "all")
        .option("topic", options.verdicts)
        .option("checkpointLocation", str(options.folder / "checkpoint"))
        .trigger(availableNow=True)
        .start()
    )
    query.awaitTermination()
    # The bench reads the checkpoint and then this process's CPU time, so the process must not end.
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
