import { expect, test } from 'vitest';
import { driftFigures, telemetry } from './scraped.ts';

test('drift is shown by signal, and a distance that is not known has no series', async () => {
  const to = telemetry();
  to.driftMeasured({
    figures: driftFigures({ score: 1.2, alarm: true, state: 'watching' }),
    hasReference: true,
  });
  expect(await to.values('sluice_drift_score')).toHaveLength(4);
  expect(await to.values('sluice_drift_alarm')).toContainEqual(
    expect.objectContaining({ labels: { signal: 'bands' }, value: 1 }),
  );
  expect((await to.values('sluice_drift_quiet'))[0]?.value).toBe(0);
  expect(await to.values('sluice_drift_distance')).toHaveLength(4);
  to.driftMeasured({ figures: driftFigures({ fromTraining: null, state: 'quiet' }), hasReference: false });
  expect(await to.values('sluice_drift_distance')).toEqual([]);
  expect((await to.values('sluice_drift_reference_known'))[0]?.value).toBe(0);
  expect((await to.values('sluice_drift_quiet'))[0]?.value).toBe(1);
});

test('the last retraining is shown by state, in seconds', async () => {
  const to = telemetry();
  to.retrainingsMeasured({ promoted: 1_700_000_000_000 });
  expect(await to.values('sluice_retrain_last_timestamp_seconds')).toMatchObject([
    { labels: { state: 'promoted' }, value: 1_700_000_000 },
  ]);
});
