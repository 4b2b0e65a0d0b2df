import type { ExactScores, Thresholds } from '../core/decision-policy.ts';
import { bandOf } from './reject-option.ts';

/**
 * May evaluation stop, given that the probability lies in [lowest, highest]? Only when no outcome of what is left can
 * change the band, and when nobody has asked for the exact probability of that band.
 */
export function mayExit(
  lowest: number,
  highest: number,
  thresholds: Thresholds,
  exactScores: ExactScores,
): boolean {
  switch (exactScores) {
    case 'all':
      return false;
    case 'notHam':
      return highest <= thresholds.rejectMin;
    case 'none':
      return bandOf(lowest, thresholds) === bandOf(highest, thresholds);
  }
}
