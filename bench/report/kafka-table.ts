import type { ExactScores } from '../../src/core/decision-policy.ts';
import type { Goal, ReportTable } from './bench-report.ts';
import { percent, Runs, spread } from './statistics.ts';

/** What the runs of one consumer gave. */
export class ConsumerFigures {
  readonly perSecond = new Runs();
  /** Of the bare consumer of the same turn. */
  readonly share = new Runs();
  /** µs of processor time a message: of the main thread, and of all threads and processes. */
  readonly main = new Runs();
  readonly all = new Runs();
  /** Of the last run. */
  verdicts = 0;

  addSpeed(perSecond: number, barePerSecond: number): void {
    this.perSecond.add(perSecond);
    this.share.add(perSecond / barePerSecond);
  }
}

export interface ModeFigures {
  readonly mode: ExactScores;
  /** Of the bare consumer's speed; none for a mode that is only there to be compared with. */
  readonly goal: number | undefined;
  readonly figures: ConsumerFigures;
}

export interface PeerFigures {
  readonly title: string;
  readonly figures: ConsumerFigures;
}

/** `messages`: on the topic; the share of verdicts is of them. */
export function kafkaTable(
  messages: number,
  bare: ConsumerFigures,
  modes: readonly ModeFigures[],
  peers: readonly PeerFigures[],
): ReportTable {
  const row = (title: string, figures: ConsumerFigures) => [
    title,
    spread(figures.perSecond),
    spread(figures.share, percent),
    ...[figures.main, figures.all].map((cpu) => (cpu.count === 0 ? '–' : cpu.median.toFixed(1))),
    percent(figures.verdicts / messages),
  ];
  return {
    title: 'Topic to durable verdict and commit',
    columns: [
      'consumer',
      'messages/s',
      'of the bare consumer',
      'CPU of main thread, µs a message',
      'CPU of all',
      'verdicts',
    ],
    rows: [
      ['bare kafkajs', spread(bare.perSecond), '100 %', '–', bare.all.median.toFixed(1), '–'],
      ...modes.map(({ mode, figures }) => row(`Sluice, \`${mode}\``, figures)),
      ...peers.map(({ title, figures }) => row(title, figures)),
    ],
  };
}

/** `aim`: share of the bare consumer that the fastest mode with a goal is wanted to have. */
export function kafkaGoals(modes: readonly ModeFigures[], aim: number): readonly Goal[] {
  const goals: Goal[] = [];
  let fastest = 0;
  for (const { mode, goal, figures } of modes) {
    if (goal === undefined) continue;
    const share = figures.share.median;
    fastest = Math.max(fastest, share);
    goals.push({
      goal: `${mode} ≥ ${percent(goal, 0)} of the bare consumer`,
      measured: percent(share),
      met: share >= goal,
    });
  }
  goals.push({ goal: `aim ${percent(aim, 0)}`, measured: percent(fastest), met: fastest >= aim });
  return goals;
}
