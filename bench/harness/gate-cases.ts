import { type SimulatedCase, usualRates } from './gate-simulation.ts';

const SPAM_SHARE = 0.3;

/** Pairs of models, compared on so many messages. */
export function gateSimulation(
  messages: number,
): Readonly<Record<'same' | 'halfMissed' | 'atMargin' | 'fewerAccusations' | 'lessFound', SimulatedCase>> {
  const { truePositiveRate, falsePositiveRate } = usualRates;
  const halfMissed = (1 + truePositiveRate) / 2;
  const of = (name: string, challenger: Partial<SimulatedCase['challenger']>): SimulatedCase => ({
    ...{ name, messages, spamShare: SPAM_SHARE, champion: usualRates },
    challenger: { ...usualRates, ...challenger },
  });
  return {
    same: of('the same rates', {}),
    halfMissed: of('half of the missed spam', { truePositiveRate: halfMissed }),
    fewerAccusations: of('a third of the false accusations', { falsePositiveRate: falsePositiveRate / 3 }),
    atMargin: of('nearly all spam found, false positives up by the margin', {
      truePositiveRate: 0.99,
      falsePositiveRate: falsePositiveRate + 0.005,
    }),
    lessFound: of('recall down by the margin, no false accusations', {
      truePositiveRate: truePositiveRate - 0.02,
      falsePositiveRate: 0.000_01,
    }),
  };
}
