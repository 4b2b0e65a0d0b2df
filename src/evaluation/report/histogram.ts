import type { Missing, ModelReport } from '../../core/report-facts.ts';
import type { ScoredExample } from '../scored-example.ts';
import { binOf } from './calibration.ts';

const BINS = 20;

type ClassCounts = Exclude<ModelReport['histogram'], Missing>;

/** Counts of either class between limits 0, .05, … 1; the last includes 1. */
export function histogramOf(examples: readonly ScoredExample[]): ClassCounts {
  const counts = { spam: new Array<number>(BINS).fill(0), ham: new Array<number>(BINS).fill(0) };
  for (const { label, probability } of examples) counts[label][binOf(probability, BINS)]!++;
  return counts;
}
