import type { ShadowReport } from '../app/tasks/shadow-report.ts';
import { printable } from '../core/printable.ts';
import { verdictNames } from '../core/verdict.ts';
import type { Disagreement, ShadowScore } from '../ports/shadow-store.ts';

const MOST_CHARACTERS = 160;
const WIDTH = 10;

/** What a shadow found, for people: a table of the verdicts of both, and the newest messages that got different ones. */
export function shadowReportText({ models, messages, counts, disagreements }: ShadowReport): string {
  if (messages === 0)
    return `No message was scored by both ${models.active}, when it was active, and ${models.shadow} as its shadow. Set shadow.version to it.\n`;
  const countOf = (activeVerdict: string, shadowVerdict: string) =>
    counts.find((each) => each.activeVerdict === activeVerdict && each.shadowVerdict === shadowVerdict)
      ?.messages ?? 0;
  const agree = verdictNames.reduce((sum, verdict) => sum + countOf(verdict, verdict), 0);
  const lines = [
    `Active ${models.active}, shadow ${models.shadow}: ${messages} messages, the same verdict for ${percent(agree / messages)}.`,
    '',
    ['active ↓  shadow →'.padEnd(20), ...verdictNames.map((name) => name.padStart(WIDTH))].join(''),
    ...verdictNames.map((active) =>
      [
        active.padEnd(20),
        ...verdictNames.map((shadow) => String(countOf(active, shadow)).padStart(WIDTH)),
      ].join(''),
    ),
    ...(disagreements.length === 0 ? [] : ['', 'The newest messages with different verdicts:']),
    ...disagreements.flatMap(disagreementLines),
  ];
  return printable(`${lines.join('\n')}\n`);
}

function disagreementLines(each: Disagreement): readonly string[] {
  const { active, shadow } = each;
  const id = each.community === '' ? each.message_id : `${each.community}/${each.message_id}`;
  return [
    `  ${active.verdict} → ${shadow.verdict}  ${oneLine(id)}: ${oneLine(each.message)}`,
    `    active: ${scoreText(active)}`,
    `    shadow: ${scoreText(shadow)}`,
  ];
}

function scoreText({ probability, reasons }: ShadowScore): string {
  const score = probability === null ? 'not evaluated in full' : probability.toFixed(3);
  return reasons.length === 0 ? score : `${score}, ${oneLine(reasons.join(', '))}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)}…`;
}
