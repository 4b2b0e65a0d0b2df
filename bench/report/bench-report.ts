import { availableParallelism, cpus, loadavg } from 'node:os';

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What one bench found. */
export interface BenchReport {
  readonly name: string;
  /** Model, batch size, threads, stream: what the figures depend on. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly tables: readonly ReportTable[];
  readonly goals: readonly Goal[];
  /** True where early exit gave a message another band. */
  readonly verdictsChanged: boolean;
  /** The same figures for machines. */
  readonly figures: unknown;
}

/** With the command that found it, as it can be typed again. */
export type PublishedReport = BenchReport & { readonly command: string };

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Of the minute before the bench: what else the machine was doing. */
  readonly load: number;
}

/** Asked before the bench, so that the load is that of others. */
export function machineFacts(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown CPU',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0]!,
  };
}

/** The report as Markdown: as people read it in a terminal, and as it stands in the README. */
export function reportMarkdown(report: PublishedReport, machine: Machine): string {
  const day = new Date().toISOString().slice(0, 10);
  const facts = [
    `\`${report.command}\`, ${day}; ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load before ${machine.load.toFixed(1)}`,
    ...Object.entries(report.configuration).map(([name, value]) => `${name}: ${value}`),
  ];
  const parts = [facts.map((fact) => `- ${fact}`).join('\n')];
  for (const { title, columns, rows } of report.tables) parts.push(`**${title}**`, table(columns, rows));
  if (report.goals.length > 0)
    parts.push(
      table(
        ['goal', 'measured', 'met'],
        report.goals.map(({ goal, measured, met }) => [goal, measured, met ? 'yes' : '**no**']),
      ),
    );
  return `${parts.join('\n\n')}\n`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}
