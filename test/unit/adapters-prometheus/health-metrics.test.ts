import { describe, expect, test } from 'vitest';
import { guardStates } from '../../../src/core/guard-counts.ts';
import { refusingSinks } from '../../../src/ports/sink-names.ts';
import { auditWith, health, reportNewModel, samples, telemetry } from './scraped.ts';

describe('health', () => {
  test('pipeline health metrics show the last measured state, with a series for each sink', async () => {
    const measured = telemetry();
    measured.healthMeasured(
      health({
        membership: { group: 'sluice', isMember: false },
        partitions: 0,
        commitsFailingSeconds: 40,
        sinkWaitSeconds: { verdicts: 31, reviews: 0, 'dead-letters': 2, trace: 0, refused: 0 },
      }),
    );
    measured.poolMeasured({ threads: 1, threadsWanted: 4, queued: 0, utilization: 0 });
    const seen = await samples(measured);
    expect(seen.get('sluice_source_member{consumergroup="sluice"}')).toBe(0);
    expect(seen.get('sluice_source_lag_age_seconds')).toBe(3);
    expect(seen.get('sluice_commit_failing_seconds')).toBe(40);
    expect(seen.get('sluice_sink_blocked_seconds{sink="verdicts"}')).toBe(31);
    expect(seen.get('sluice_sink_blocked_seconds{sink="dead-letters"}')).toBe(2);
    expect(seen.get('sluice_memory_budget_used_bytes')).toBe(1000);
    expect(seen.get('sluice_memory_budget_limit_bytes')).toBe(4000);
    expect([seen.get('sluice_pool_workers'), seen.get('sluice_pool_workers_wanted')]).toEqual([1, 4]);
  });

  test('health metrics show no membership for a source without a group, so that no alert fires', async () => {
    const measured = telemetry();
    measured.healthMeasured(health());
    expect([...(await samples(measured)).keys()].join()).not.toContain('sluice_source_member');
  });

  test('health metrics count refused records from 0 for each sink, so that the first one is an increase', async () => {
    const measured = telemetry();
    const before = await samples(measured);
    for (const sink of refusingSinks)
      expect(before.get(`sluice_records_refused_total{sink="${sink}"}`)).toBe(0);
    measured.recordsRefused('verdicts', 3);
    expect((await samples(measured)).get('sluice_records_refused_total{sink="verdicts"}')).toBe(3);
  });

  test('health metrics show a circuit breaker only for a service that has one', async () => {
    const measured = telemetry();
    measured.dependencyMeasured({ dependency: 'kafka', up: false });
    const seen = await samples(measured);
    expect(seen.get('sluice_dependency_up{dependency="kafka"}')).toBe(0);
    expect([...seen.keys()].join()).not.toContain('sluice_circuit_open');
  });
});

test('the guard shows one state at a time, and how far the shares depart; the shadow counts by the verdicts of both', async () => {
  const one = telemetry();
  reportNewModel(one);
  one.shadowCompared('ham', 'spam', 3);
  const seen = await samples(one);
  const states = guardStates.map((state) => seen.get(`sluice_guard_state{state="${state}"}`));
  expect(states).toEqual([0, 0, 1, 0]);
  expect(seen.get('sluice_guard_departure_ratio{verdict="spam"}')).toBe(0.1);
  expect(seen.get('sluice_guard_departure_ratio{verdict="review"}')).toBe(0);
  expect(seen.get('sluice_shadow_messages_total{active="ham",shadow="spam"}')).toBe(5);
});

test('the rates of the audit sample are shown with their limits for the largest groups, and absent where they are not known', async () => {
  const one = telemetry();
  const report = auditWith(12);
  const few = { by: 'language', value: 'xx', drawn: 3000, decided: 3, unsure: 0 } as const;
  const rest = { ...report.groups[0]!, by: 'model', value: '7 others', others: 7, drawn: 9000 } as const;
  one.auditMeasured({
    ...report,
    groups: [...report.groups, { ...few, estimates: { missing: 'too few' } }, rest],
  });
  const seen = await samples(one);
  const of = (rate: string, labels: string) => seen.get(`sluice_audit_${rate}_ratio{${labels}}`);
  expect(of('precision', 'bound="low",by="all",value=""')).toBe(0.4);
  expect(of('precision', 'bound="estimate",by="community",value="community 11"')).toBe(0.5);
  expect(of('precision', 'bound="high",by="community",value="community 2"')).toBe(0.6);
  expect(of('precision', 'bound="high",by="community",value="community 1"')).toBeUndefined();
  const names = [...seen.keys()].join('\n');
  expect(names).not.toContain('value="xx"');
  expect(names).not.toContain('7 others');
  expect(seen.get('sluice_audit_messages{state="drawn"}')).toBe(100);
  expect(seen.get('sluice_audit_messages{state="unsure"}')).toBe(3);
  one.auditMeasured({
    ...report,
    groups: [{ ...few, by: 'all', value: '', estimates: { missing: 'none' } }],
  });
  expect([...(await samples(one)).keys()].join('\n')).not.toContain('_ratio{bound');
});
