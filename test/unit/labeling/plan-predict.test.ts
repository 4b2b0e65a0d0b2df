import { describe, expect, it } from 'vitest';
import { planPredict } from '../../../src/labeling/plan-predict.ts';
import type { PlannedEdit } from '../../../src/labeling/step-plan.ts';
import { MemoryTable, sentences } from './own-sentences.ts';

const spam = sentences('spam', 50);
const ham = sentences('ham', 50);

async function editsOf(table: MemoryTable, spamAbove = 0.7, hamBelow = 0.3): Promise<PlannedEdit[]> {
  const edits: PlannedEdit[] = [];
  for await (const edit of planPredict(table, { spamAbove, hamBelow }).edits(1)) edits.push(edit);
  return edits;
}

function labeledTable(): MemoryTable {
  const table = new MemoryTable();
  for (const message of spam)
    table.add(message, spam.indexOf(message) < 20 ? 'spam' : null, spam.indexOf(message) < 20 ? 'ann' : null);
  for (const message of ham)
    table.add(message, ham.indexOf(message) < 20 ? 'ham' : null, ham.indexOf(message) < 20 ? 'ann' : null);
  return table;
}

describe('label predict', () => {
  it('unlabeled rows get labels where the model is sure, and only those; what is labeled is no edit', async () => {
    const table = labeledTable();
    const edits = await editsOf(table);
    expect(edits.length).toBeGreaterThan(40);
    for (const { row, edit } of edits) {
      expect(row.label).toBeNull();
      expect(edit).toEqual({ kind: 'label', row, label: spam.includes(row.message) ? 'spam' : 'ham' });
    }
    const surer = await editsOf(table, 0.9999, 0.0001);
    expect(surer.length).toBeLessThan(edits.length);
  });

  it('a plan that was applied in part plans the rest, with the same model', async () => {
    const table = labeledTable();
    const all = await editsOf(table);
    for (const { edit } of all.slice(0, 10)) table.apply(edit, 'step:1');
    table.steps = async () => [{ id: 1, kind: 'predict' }] as never;
    expect((await editsOf(table)).map(({ row }) => row.id)).toEqual(all.slice(10).map(({ row }) => row.id));
  });

  it('too few labels of a class, and thresholds that overlap, are errors that say what to do', async () => {
    const table = new MemoryTable();
    for (const message of spam) table.add(message, 'spam', 'ann');
    await expect(editsOf(table)).rejects.toThrow('only 0 different messages are labeled ham');
    expect(() => planPredict(table, { spamAbove: 0.4, hamBelow: 0.4 })).toThrow('--ham-below 0.4');
  });
});
