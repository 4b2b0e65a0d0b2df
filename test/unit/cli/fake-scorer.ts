import type { OpenScorer } from '../../../src/app/models/open-scorer.ts';
import type { Explanation } from '../../../src/core/explanation.ts';
import { type Message, readMessage } from '../../../src/core/message.ts';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import type { ScoredMessage, UnreadableMessage } from '../../../src/core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';

/** Scores every message that holds "spam" as spam, every other one as ham. */
export class FakeScorer implements Scorer {
  readonly calls: { readonly size: number; readonly options: ScoreOptions | undefined }[] = [];
  running = 0;
  mostRunning = 0;
  closed = false;
  /** Set for a scorer that can give reasons. */
  explain: ((message: Message) => Explanation | null) | undefined;
  /** Runs before a batch is scored; may throw or take its time. */
  before: (texts: readonly string[], call: number) => Promise<void> | void = () => undefined;

  async score(batch: readonly Uint8Array[], options?: ScoreOptions) {
    const texts = batch.map((bytes) => Buffer.from(bytes).toString());
    this.calls.push({ size: batch.length, options });
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await this.before(texts, this.calls.length);
    } finally {
      this.running -= 1;
    }
    const scored: ScoredMessage[] = [];
    const unreadable: UnreadableMessage[] = [];
    for (const [index, text] of texts.entries()) {
      const read = readMessage(text);
      if (!read.ok) {
        unreadable.push({ index, reason: read.reason, detail: read.detail });
        continue;
      }
      const isSpam = read.message.message.includes('spam');
      scored.push({
        index,
        message: read.message,
        verdict: isSpam ? 'spam' : 'ham',
        probability: isSpam ? 0.9 : null,
        probabilityMin: isSpam ? 0.9 : 0,
        probabilityMax: isSpam ? 0.9 : 0.3,
        reasons: [],
        unscorable: false,
        ...(options?.explain
          ? { members: [0.8, null], features: [{ name: 'spam', count: 1, strength: 2 }] }
          : {}),
      });
    }
    const statistics = {
      ham: 0,
      review: 0,
      spam: 0,
      unreadable: unreadable.length,
      decodeSeconds: 0,
      featurizeSeconds: 0,
      inferSeconds: 0,
      endedAtStage: [],
      treesEvaluated: 0,
      treesInAll: 0,
      scores: { counts: [], sum: 0 },
    };
    return { model: 'test-model', scored, unreadable, statistics };
  }

  get opened(): OpenScorer {
    // Scoring reads nothing else of a manifest.
    const manifest = { members: [{ name: 'bayes' }, { name: 'forest' }] } as unknown as ModelManifest;
    return {
      scorer: this,
      manifest,
      version: 'test-model',
      path: '/models/test-model',
      openExplainer: async () => this.explain ?? (() => null),
      close: async () => {
        if (this.running > 0) throw new Error('closed under a running batch');
        this.closed = true;
      },
    };
  }
}
