/** One ordered stream of messages. For the file source the topic is the file's name and the partition is 0. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A message's place: its partition, where it starts, and in which tenure of the partition it was read. */
export interface Position extends TopicPartition {
  /** Kafka: the record's offset. File: the byte at which the line starts. */
  readonly offset: number;
}

/** What to commit for one partition: one past the last contiguous settled offset. */
export interface CommittableOffset extends TopicPartition {
  readonly nextOffset: number;
  /** The tenure in which it was read, where the caller knows: a source lets go of what is of another. */
  readonly tenure?: number;
}

export function topicPartitionKey(at: TopicPartition): string {
  return `${at.topic}/${at.partition}`;
}
