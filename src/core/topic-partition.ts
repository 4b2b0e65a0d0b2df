/** One ordered stream of messages. For the file source the topic is the file's name and the partition is 0. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The position of a message: its partition, its offset, and the assignment epoch in which it was read. */
export interface Position extends TopicPartition {
  /** Kafka: the record's offset. File: the byte at which the line starts. */
  readonly offset: number;
}

/** What to commit for one partition: one past the last contiguous settled offset. */
export interface CommittableOffset extends TopicPartition {
  readonly nextOffset: number;
  /** The assignment epoch in which it was read, if the caller knows. A source ignores offsets of other epochs. */
  readonly epoch?: number;
}

export function topicPartitionKey(at: TopicPartition): string {
  return `${at.topic}/${at.partition}`;
}
