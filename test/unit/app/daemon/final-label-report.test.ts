import { describe, expect, it } from 'vitest';
import { FinalLabelReport } from '../../../../src/app/daemon/final-label-report.ts';
import { RecordingLog } from '../../pipeline/fakes.ts';

const reportOf = (messages: number) => ({
  messages,
  spamInAll: 1,
  precision: 1,
  recall: 1,
  sentToReview: 0,
});

describe('FinalLabelReport', () => {
  it('FinalLabelReport compares again for each report while the daemon runs, and keeps the last comparison after it has finished', async () => {
    let messages = 0;
    const labels = new FinalLabelReport(async () => reportOf(++messages), new RecordingLog());
    expect((await labels.report())?.messages).toBe(1);
    expect((await labels.report())?.messages).toBe(2);
    await labels.finish();
    expect((await labels.report())?.messages).toBe(3);
    expect((await labels.report())?.messages).toBe(3);
  });

  it('FinalLabelReport logs that its last comparison failed, and reports none', async () => {
    const log = new RecordingLog();
    const labels = new FinalLabelReport(() => Promise.reject(new Error('no file')), log);
    await expect(labels.report()).rejects.toThrow('no file');
    await labels.finish();
    expect(await labels.report()).toBeNull();
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { error: 'no file' } }]);
  });
});
