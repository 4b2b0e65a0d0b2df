import type { AuditedMessage } from '../../core/audit.ts';
import { type AuditGroup, type AuditGroupKind, auditGroupKinds } from '../../core/report-facts.ts';
import type { VerdictName } from '../../core/verdict.ts';
import { auditEstimates } from './audit-estimates.ts';

/** Of each kind, the largest ones; the rest is one group. */
export const MOST_GROUPS = 20;

const valuesBy: Readonly<Record<AuditGroupKind, (message: AuditedMessage) => string>> = {
  all: () => '',
  month: ({ drawnAt }) => new Date(drawnAt).toISOString().slice(0, 7),
  community: ({ community }) => community,
  language: ({ language }) => language,
  model: ({ model }) => model,
};

/**
 * Estimates of all messages together, and by month (UTC), community, language and model. Of each kind the {@link MOST_GROUPS} groups with the
 * most drawn messages have their own, months in their order and others by size; what remains is one group at the end. `unsampled`: as
 * {@link auditEstimates} takes it.
 */
export function auditGroups(
  messages: readonly AuditedMessage[],
  unsampled?: ReadonlySet<VerdictName>,
): readonly AuditGroup[] {
  return auditGroupKinds.flatMap((by) => groupsBy(by, messages, unsampled));
}

function groupsBy(
  by: AuditGroupKind,
  messages: readonly AuditedMessage[],
  unsampled: ReadonlySet<VerdictName> | undefined,
): AuditGroup[] {
  const groups = new Map<string, AuditedMessage[]>();
  for (const message of messages) {
    const value = valuesBy[by](message);
    const members = groups.get(value);
    if (members === undefined) groups.set(value, [message]);
    else members.push(message);
  }
  // All messages are a group even where there are none: it says so.
  if (by === 'all' && groups.size === 0) groups.set('', []);
  const groupOf = (value: string, members: readonly AuditedMessage[]): AuditGroup => ({
    ...{ by, value, drawn: members.length },
    decided: members.filter(({ label }) => label !== null).length,
    unsure: members.filter(({ label, unsure }) => label === null && unsure > 0).length,
    estimates: auditEstimates(members, unsampled),
  });
  const sorted = [...groups].sort(
    ([one, ofOne], [other, ofOther]) => ofOther.length - ofOne.length || (one < other ? -1 : 1),
  );
  const shown = sorted.slice(0, MOST_GROUPS);
  if (by === 'month') shown.sort(([one], [other]) => (one < other ? -1 : 1));
  const rest = sorted.slice(MOST_GROUPS);
  return [
    ...shown.map(([value, members]) => groupOf(value, members)),
    ...(rest.length === 0
      ? []
      : [
          {
            ...groupOf(
              `${rest.length} others`,
              rest.flatMap(([, members]) => members),
            ),
            others: rest.length,
          },
        ]),
  ];
}
