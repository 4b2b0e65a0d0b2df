import { printable } from '../core/printable.ts';
import type { RetrainRun } from '../core/retrain-run.ts';
import type { RetrainOutcome } from '../learning/retrain.ts';
import { comparisonText } from './model-compare-text.ts';

/** What a retraining answers, for people. */
export function outcomeText({ resumed, run }: RetrainOutcome): string {
  const before =
    resumed === null
      ? ''
      : `A promotion that was cut off: ${resumed.challenger ?? 'no model'} is ${resumed.state}${noteOf(resumed)}.\n`;
  if (run === null) return before === '' ? 'Nothing to do: no promotion was cut off.\n' : before;
  return printable(before + runText(run));
}

function runText(run: RetrainRun): string {
  const { state, challenger, champion, report } = run;
  const figures = report === null ? '' : `${comparisonText({ report, unscored: 0, disagreements: [] })}\n`;
  switch (state) {
    case 'promoted':
      return `${figures}${challenger} is active${champion === null ? '' : ` in place of ${champion}`}.\n`;
    case 'refused':
      return `${figures}${challenger} is refused${report === null || report.promoted ? noteOf(run) : ''}.\n${champion === null ? '' : `${champion} stays active.\n`}`;
    case 'nothing':
      return `Nothing to do${noteOf(run)}. --anyway trains nevertheless.\n`;
    default:
      return `${figures}${challenger ?? 'The retraining'} is ${state}${noteOf(run)}.\n`;
  }
}

function noteOf({ note }: RetrainRun): string {
  return note === null ? '' : `: ${note}`;
}

/** One line for each run, newest first. */
export function runsText(runs: readonly RetrainRun[]): string {
  if (runs.length === 0) return 'No retraining yet.\n';
  return printable(runs.map((run) => `${lineOf(run)}\n`).join(''));
}

function lineOf(run: RetrainRun): string {
  const { id, state, step, by, gate, due, champion, challenger, startedAt } = run;
  const when = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const what = state === 'running' && step !== null ? `running (${step})` : state;
  const models = `${champion ?? 'no model'} → ${challenger ?? 'no model'}`;
  const why = due === null ? '' : `, due ${new Date(due).toISOString().slice(0, 16)}Z`;
  return `${id}  ${when}  ${what.padEnd(10)}  ${models}  ${gate}, by ${by}${why}${noteOf(run)}`;
}
