import kafkajs from 'kafkajs';

const { AssignerProtocol, KafkaJSProtocolError } = kafkajs;

interface Member {
  readonly id: string;
  metadata: Buffer;
  /** Answers its request to join, which waits for all others. */
  join: ((answer: object) => void) | undefined;
  sync: ((answer: { readonly memberAssignment: Buffer }) => void) | undefined;
}

interface CommitRequest {
  readonly memberId: string;
  readonly groupGenerationId: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
  }[];
}

/** An error of the protocol, as kafkajs decodes it from a broker's answer. */
export function protocolError(type: string, retriable = true): Error {
  // The types say that it takes an error; it reads these fields.
  return new KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable, code: 1 }));
}

/** A consumer group as its coordinator runs it, with the classic protocol. */
export class InMemoryGroup {
  generation = 0;
  #state: 'empty' | 'preparing' | 'completing' | 'stable' = 'empty';
  #made = 0;
  readonly #members = new Map<string, Member>();
  readonly committed = new Map<number, number>();
  /** Every commit that was accepted, in order. */
  readonly commits: (readonly [partition: number, offset: number, generation: number])[] = [];
  heartbeats = 0;
  /** Assigns partitions in place of the group's leader. */
  assign: ((memberId: string, position: number) => readonly number[]) | undefined;
  /** Held before a member learns which partitions it has; it has them already. */
  beforeAssigning: () => Promise<void> | void = () => {};
  /** Refuses commits with this, as long as it is set. */
  refuseCommits: Error | undefined;

  get memberIds(): readonly string[] {
    return [...this.#members.keys()];
  }

  get isStable(): boolean {
    return this.#state === 'stable';
  }

  /** What the next heartbeat of each member returns, which then joins again. */
  rebalance(): void {
    this.#state = 'preparing';
  }

  /** Takes a member out, as when its session has ended; returns its id. */
  expel(memberId = this.memberIds[0]!): string {
    this.#members.delete(memberId);
    this.rebalance();
    this.#completeWhenAllJoined();
    return memberId;
  }

  async join(request: {
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<object> {
    const id = request.memberId === '' ? `member-${++this.#made}` : request.memberId;
    if (request.memberId !== '' && !this.#members.has(id)) throw protocolError('UNKNOWN_MEMBER_ID', false);
    const { metadata } = request.groupProtocols[0]!;
    const member = this.#members.get(id) ?? { id, metadata, join: undefined, sync: undefined };
    this.#members.set(id, member);
    this.#state = 'preparing';
    return await new Promise((resolve) => {
      member.metadata = metadata;
      member.join = resolve;
      this.#completeWhenAllJoined();
    });
  }

  async sync(request: {
    readonly memberId: string;
    readonly generationId: number;
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<object> {
    const member = this.#known(request.memberId, request.generationId);
    const answered = new Promise<object>((resolve) => {
      member.sync = resolve;
    });
    if (this.memberIds[0] === member.id) {
      const assigned = new Map(request.groupAssignment.map((each) => [each.memberId, each.memberAssignment]));
      this.#state = 'stable';
      // The others may not have asked yet.
      queueMicrotask(() => this.#answerSyncs(assigned));
    }
    const answer = await answered;
    await this.beforeAssigning();
    return answer;
  }

  heartbeat({
    memberId,
    groupGenerationId,
  }: {
    readonly memberId: string;
    readonly groupGenerationId: number;
  }): void {
    this.heartbeats++;
    this.#known(memberId, groupGenerationId);
    if (this.#state === 'preparing') throw protocolError('REBALANCE_IN_PROGRESS');
  }

  leave(memberId: string): void {
    if (!this.#members.delete(memberId)) return;
    if (this.#members.size === 0) this.#state = 'empty';
    else this.rebalance();
    this.#completeWhenAllJoined();
  }

  commit({ memberId, groupGenerationId, topics }: CommitRequest): void {
    if (this.refuseCommits !== undefined) throw this.refuseCommits;
    this.#known(memberId, groupGenerationId);
    if (this.#state === 'completing') throw protocolError('REBALANCE_IN_PROGRESS');
    for (const { partitions } of topics)
      for (const { partition, offset } of partitions) {
        this.committed.set(partition, Number(offset));
        this.commits.push([partition, Number(offset), groupGenerationId]);
      }
  }

  #known(memberId: string, generation: number): Member {
    const member = this.#members.get(memberId);
    if (member === undefined) throw protocolError('UNKNOWN_MEMBER_ID', false);
    if (generation !== this.generation) throw protocolError('ILLEGAL_GENERATION');
    return member;
  }

  #completeWhenAllJoined(): void {
    const members = [...this.#members.values()];
    if (this.#state !== 'preparing' || members.length === 0) return;
    if (members.some(({ join }) => join === undefined)) return;
    this.generation++;
    this.#state = 'completing';
    const [leader] = members;
    for (const member of members) {
      const { join } = member;
      member.join = undefined;
      join!({
        generationId: this.generation,
        leaderId: leader!.id,
        memberId: member.id,
        groupProtocol: 'RoundRobinAssigner',
        members: members.map(({ id, metadata }) => ({ memberId: id, memberMetadata: metadata })),
      });
    }
  }

  #answerSyncs(byLeader: ReadonlyMap<string, Buffer>): void {
    const waiting = [...this.#members.values()];
    if (waiting.some(({ sync }) => sync === undefined)) {
      setImmediate(() => this.#answerSyncs(byLeader));
      return;
    }
    for (const [position, member] of waiting.entries()) {
      const { sync } = member;
      member.sync = undefined;
      const partitions = this.assign?.(member.id, position);
      sync!({
        memberAssignment:
          partitions === undefined ? (byLeader.get(member.id) ?? assignment([])) : assignment(partitions),
      });
    }
  }
}

function assignment(partitions: readonly number[]): Buffer {
  return AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment: partitions.length === 0 ? {} : { in: [...partitions] },
    userData: Buffer.alloc(0),
  });
}
