import type { LogTarget } from '../app/create-log.ts';
import type { DaemonProgress } from '../app/daemon/progress-report.ts';
import type { Terminal } from './terminal.ts';

const clear = '\r\u001b[K';

const counted = new Intl.NumberFormat('en');

/** `12,345 messages · 4,100/s · ham 11,000 · review 45 · spam 1,300 · lag 0 · running` */
export function progressText(progress: DaemonProgress): string {
  const number = (value: number) => counted.format(Math.round(value));
  const parts = [
    `${number(progress.read)} messages`,
    `${number(progress.perSecond)}/s`,
    `ham ${number(progress.ham)}`,
    `review ${number(progress.review)}`,
    `spam ${number(progress.spam)}`,
    ...(progress.deadLetters === 0 ? [] : [`dead letters ${number(progress.deadLetters)}`]),
    `lag ${number(progress.lag)}`,
    progress.state,
  ];
  return parts.join(' · ');
}

/** One line on the terminal that is drawn again in place; whatever else is written goes above it. */
export class LiveLine {
  readonly #terminal: Pick<Terminal, 'say' | 'columns'>;
  #text = '';

  constructor(terminal: Pick<Terminal, 'say' | 'columns'>) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    // A line that wraps could not be drawn over.
    const fitting = text.slice(0, Math.max(0, this.#terminal.columns - 1));
    if (fitting === this.#text) return;
    this.#text = fitting;
    this.#terminal.say(clear + this.#text);
  }

  /** Writes whole lines above the live line. */
  above(lines: string): void {
    this.#terminal.say((this.#text === '' ? '' : clear) + lines + this.#text);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#text !== '') this.#terminal.say(clear);
    this.#text = '';
  }

  /** For the log, so that its lines and this one do not run into each other. */
  readonly log: LogTarget = { write: (lines) => this.above(lines) };
}
