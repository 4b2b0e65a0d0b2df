import { describe, expect, it } from 'vitest';
import { type EvidenceMeasureParts, measureEvidence } from '../../../../src/app/daemon/evidence-part.ts';
import { SluiceError } from '../../../../src/core/errors.ts';
import type { RetrainRun } from '../../../../src/core/retrain-run.ts';
import { RecordingLog, recordingTelemetry } from '../../pipeline/fakes.ts';

const run = (changes: Partial<RetrainRun>) => changes as RetrainRun;

async function measured(parts: Partial<EvidenceMeasureParts> = {}) {
  const { telemetry, calls } = recordingTelemetry();
  const log = new RecordingLog();
  await measureEvidence({
    retrainings: async () => ({ runs: async () => [] }),
    campaigns: { list: async () => ({ items: [], next: null }) },
    ...{ telemetry, log },
    ...parts,
  });
  return { calls, log };
}

describe('the measurements of retraining and campaigns', () => {
  it('of each state the last run counts, by its end or, before that, by its start', async () => {
    const runs = [
      run({ state: 'running', startedAt: 50, finishedAt: null }),
      run({ state: 'refused', startedAt: 30, finishedAt: 40 }),
      run({ state: 'promoted', startedAt: 20, finishedAt: 29 }),
      run({ state: 'refused', startedAt: 10, finishedAt: 19 }),
    ];
    const { calls } = await measured({ retrainings: async () => ({ runs: async () => runs }) });
    expect(calls[0]).toEqual(['retrainingsMeasured', { running: 50, refused: 40, promoted: 29 }]);
  });

  it('the campaign of the most members is measured, and none is 0', async () => {
    const items = [{ members: 30, open: 4 }] as unknown as Awaited<
      ReturnType<EvidenceMeasureParts['campaigns']['list']>
    >['items'];
    const some = await measured({ campaigns: { list: async () => ({ items, next: null }) } });
    expect(some.calls[1]).toEqual(['campaignsMeasured', { members: 30, open: 4 }]);
    expect((await measured()).calls[1]).toEqual(['campaignsMeasured', { members: 0, open: 0 }]);
  });

  it('a database that is unavailable is a warning, and the last figures stay', async () => {
    const { calls, log } = await measured({
      retrainings: () => Promise.reject(new SluiceError('STORE_FAILED', 'planted', { retriable: true })),
    });
    expect(calls).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
  });
});
