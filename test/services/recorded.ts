import type { Log } from '../../src/ports/log.ts';

/** A log that keeps its lines. */
export class RecordedLog implements Log {
  readonly lines: { readonly level: string; readonly text: string; readonly fields: object }[] = [];

  debug(fields: object, text: string): void {
    this.lines.push({ level: 'debug', text, fields });
  }
  info(fields: object, text: string): void {
    this.lines.push({ level: 'info', text, fields });
  }
  warn(fields: object, text: string): void {
    this.lines.push({ level: 'warn', text, fields });
  }
  error(fields: object, text: string): void {
    this.lines.push({ level: 'error', text, fields });
  }
  child(): Log {
    return this;
  }

  of(level: string): readonly string[] {
    return this.lines.filter((line) => line.level === level).map(({ text }) => text);
  }
}

/** Keeps the last values. */
export class RecordedTelemetry {
  up: boolean | undefined;
  circuitOpen = false;
  circuitWasOpen = false;
  spooled = 0;
  fullness = 0;
  added = 0;

  dependencyMeasured({
    up,
    circuitOpen = false,
  }: {
    readonly up: boolean;
    readonly circuitOpen?: boolean;
  }): void {
    this.up = up;
    this.circuitOpen = circuitOpen;
    this.circuitWasOpen ||= circuitOpen;
  }
  spoolMeasured({ rows, fullness }: { readonly rows: number; readonly fullness: number }): void {
    this.spooled = rows;
    this.fullness = fullness;
  }
  reviewItemsAdded(count: number): void {
    this.added += count;
  }
}

/** Waits for a condition; throws when it does not come about. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 120): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
