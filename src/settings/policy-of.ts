import type { AuditPolicy, AuditRates } from '../core/audit.ts';
import type { CommunityPolicy, DecisionPolicy } from '../core/decision-policy.ts';
import { sha256Of } from '../core/sha256.ts';
import type { Settings } from './settings-schema.ts';

/**
 * What the settings say about turning scores into verdicts; what a community does not say, it inherits. `auditKey`: secret text by which
 * messages are drawn for the audit; without one, and in mode `observe`, none is.
 */
export function policyOf(settings: Settings, auditKey?: string): DecisionPolicy {
  const { decide, messages } = settings;
  const inherited = { rejectMin: decide.rejectMin, rejectMax: decide.rejectMax };
  const communities = Object.entries(decide.communities).map(([name, own]): [string, CommunityPolicy] => [
    name,
    {
      rejectMin: own.rejectMin ?? inherited.rejectMin,
      rejectMax: own.rejectMax ?? inherited.rejectMax,
      ...(own.language === undefined ? {} : { language: own.language }),
      ...(own.bias === undefined ? {} : { bias: own.bias }),
    },
  ]);
  const audit = auditKey === undefined ? undefined : auditPolicyOf(settings, auditKey);
  return {
    default: inherited,
    communities: Object.fromEntries(communities),
    exactScores: decide.exactScores,
    unknownMessage: decide.unknownMessage,
    maxMessageBytes: messages.maxBytes,
    ...(audit === undefined ? {} : { audit }),
  };
}

/** Undefined where nothing can be drawn. */
function auditPolicyOf({ mode, audit }: Settings, key: string): AuditPolicy | undefined {
  const own: AuditRates = { rate: audit.rate, bands: given(audit.bands) };
  const communities = Object.entries(audit.communities).map(
    ([name, { rate, bands }]): [string, AuditRates] => [
      name,
      // A rate of the community goes before those of all bands, which are meant for communities without one.
      { rate: rate ?? audit.rate, bands: { ...(rate === undefined ? own.bands : {}), ...given(bands) } },
    ],
  );
  const all = [own, ...communities.map(([, rates]) => rates)];
  const draws = all.some(
    ({ rate, bands }) => rate > 0 || Object.values(bands ?? {}).some((each) => each > 0),
  );
  if (mode === 'observe' || !draws) return undefined;
  const digest = sha256Of(new TextEncoder().encode(key)).slice(0, KEY_DIGITS);
  return { ...own, communities: Object.fromEntries(communities), key: digest };
}

/** Of the 128 bits of a SipHash key. */
const KEY_DIGITS = 32;

function given(bands: Settings['audit']['bands']): NonNullable<AuditRates['bands']> {
  return Object.fromEntries(Object.entries(bands).filter(([, rate]) => rate !== undefined));
}
