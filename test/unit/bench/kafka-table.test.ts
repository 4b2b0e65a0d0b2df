import { describe, expect, it } from 'vitest';
import { ConsumerFigures, kafkaGoals, kafkaTable } from '../../../bench/report/kafka-table.ts';

function figuresOf(perSecond: number, bare: number, verdicts = 0): ConsumerFigures {
  const figures = new ConsumerFigures();
  figures.addSpeed(perSecond, bare);
  figures.verdicts = verdicts;
  return figures;
}

describe('kafkaTable', () => {
  it('kafkaTable has a row for each consumer, peers last, compared with the bare consumer of the same turn', () => {
    const bare = figuresOf(1_000, 1_000);
    bare.all.add(4.25);
    const mode = figuresOf(200, 1_000, 9);
    mode.main.add(1.5);
    mode.all.add(20);
    const peer = figuresOf(50, 1_000, 8);
    peer.all.add(90);
    const { columns, rows } = kafkaTable(
      100,
      bare,
      [{ mode: 'notHam', goal: 0.08, figures: mode }],
      [{ title: 'a peer', figures: peer }],
    );
    expect(rows).toEqual([
      ['bare kafkajs', '1,000 (1,000–1,000)', '100 %', '–', '4.3', '–'],
      ['Sluice, `notHam`', '200 (200–200)', '20.0 % (20.0 %–20.0 %)', '1.5', '20.0', '9.0 %'],
      ['a peer', '50 (50–50)', '5.0 % (5.0 %–5.0 %)', '–', '90.0', '8.0 %'],
    ]);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });

  it('kafkaTable shows no processor time if it was not measured', () => {
    const bare = figuresOf(10, 10);
    bare.all.add(1);
    const [, row] = kafkaTable(10, bare, [], [{ title: 'a peer', figures: figuresOf(5, 10) }]).rows;
    expect(row?.slice(3, 5)).toEqual(['–', '–']);
  });
});

describe('kafkaGoals', () => {
  it('kafkaGoals compares each mode with its own goal, and the aim with the fastest mode that has a goal', () => {
    const goals = kafkaGoals(
      [
        { mode: 'notHam', goal: 0.08, figures: figuresOf(100, 1_000) },
        { mode: 'none', goal: 0.15, figures: figuresOf(140, 1_000) },
        { mode: 'all', goal: undefined, figures: figuresOf(900, 1_000) },
      ],
      0.3,
    );
    expect(goals).toEqual([
      { goal: 'notHam ≥ 8 % of the bare consumer', measured: '10.0 %', met: true },
      { goal: 'none ≥ 15 % of the bare consumer', measured: '14.0 %', met: false },
      { goal: 'aim 30 %', measured: '14.0 %', met: false },
    ]);
  });
});
