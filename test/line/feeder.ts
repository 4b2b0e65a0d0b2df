import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Message texts of every outcome, written for the purpose. */
const usualTexts = [
  'are we still on for dinner tonight?',
  'I left the keys under the mat, see you at eight',
  'WIN a FREE prize now!!! Call 0900 123 4567 to claim your cash reward',
  'hot singles near you, visit www.funsite18.com and win $$$',
  'ok',
  'the train is late again, start without me',
];

/** Appends messages to a file of the inbox at a steady rate, as whole lines, until stopped. */
export class Feeder {
  readonly name: string;
  readonly #path: string;
  readonly #perSecond: number;
  readonly #seed: string;
  readonly #texts: readonly string[];
  #count = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #begunAt = 0;

  /** `texts`: one after the other, again and again. */
  constructor(folder: string, perSecond: number, name = 'feed.jsonl', texts: readonly string[] = usualTexts) {
    this.#texts = texts;
    this.name = name;
    this.#path = join(folder, 'data', 'inbox', name);
    this.#perSecond = perSecond;
    this.#seed = name.replace('.jsonl', '');
  }

  get count(): number {
    return this.#count;
  }

  /** Length of the file. */
  get bytes(): number {
    return this.#bytes;
  }

  id(index: number): string {
    return `${this.#seed}-${index}`;
  }

  /** Appends `messages` at once. */
  append(messages: number): void {
    const lines: string[] = [];
    for (let i = 0; i < messages; i++, this.#count++) {
      const message = `${this.#texts[this.#count % this.#texts.length]} ${this.#count % 97}`;
      lines.push(JSON.stringify({ message, message_id: this.id(this.#count), community: 'test' }));
    }
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    appendFileSync(this.#path, text);
    this.#bytes += Buffer.byteLength(text);
  }

  start(): void {
    this.#begunAt = performance.now();
    const already = this.#count;
    this.#timer = setInterval(() => {
      const due = already + Math.floor(((performance.now() - this.#begunAt) / 1000) * this.#perSecond);
      this.append(due - this.#count);
    }, 10);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
