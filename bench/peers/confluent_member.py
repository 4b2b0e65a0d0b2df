"""
One member of a consumer group with confluent-kafka: reads batches, publishes verdicts, then commits offsets.

It joins with its partitions paused and resumes them when the file `--go` appears, so that no member begins before all have joined.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from confluent_kafka import Consumer, Producer
from sklearn_ensemble import Ensemble

WAIT_SECONDS = 0.2


class Member:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.ensemble = Ensemble(options.estimators, options.vocabulary)
        # Loads everything that is loaded on first use.
        self.ensemble.verdicts([b'{"message": "warm", "message_id": "0"}'] * 64)
        self.failed: object = None
        self.going = False
        self.consumer = Consumer(
            {
                "bootstrap.servers": options.broker,
                "group.id": options.group,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        self.producer = Producer({"bootstrap.servers": options.broker, "acks": "all"})

    def run(self) -> None:
        self.consumer.subscribe([self.options.topic], on_assign=self._assigned)
        print("ready", flush=True)
        while not self.options.go.exists():
            self.consumer.poll(0.05)
        self.going = True
        self.consumer.resume(self.consumer.assignment())
        while True:
            messages = self.consumer.consume(self.options.batch, WAIT_SECONDS)
            for message in messages:
                if message.error() is not None:
                    raise RuntimeError(f"a fetch failed: {message.error()}")
            if messages:
                self._score(messages)

    def _assigned(self, consumer: Consumer, partitions: list) -> None:
        consumer.assign(partitions)
        if not self.going:
            consumer.pause(partitions)

    def _score(self, messages: list) -> None:
        for verdict, text in self.ensemble.verdicts([message.value() for message in messages]):
            if verdict == "spam":
                self.producer.produce(self.options.verdicts, text, on_delivery=self._delivered)
        self.producer.flush()
        if self.failed is not None:
            raise RuntimeError(f"a verdict was not delivered: {self.failed}")
        self.consumer.commit(asynchronous=False)

    def _delivered(self, error: object, _message: object) -> None:
        self.failed = self.failed or error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--estimators", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--verdicts", required=True, help="topic")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--go", type=Path, required=True, help="file to wait for")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    member = Member(options)
    try:
        member.run()
    finally:
        member.consumer.close()


if __name__ == "__main__":
    main()
