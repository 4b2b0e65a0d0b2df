import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { committedInCheckpoint, lastBatch, offsetsOf } from '../../../bench/peers/spark-checkpoint.ts';

const offsets = (each: Readonly<Record<string, number>>) =>
  `v1\n{"batchWatermarkMs":0,"batchTimestampMs":1,"conf":{}}\n${JSON.stringify({ messages: each })}`;

describe('committedInCheckpoint', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-checkpoint-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('committedInCheckpoint is 0 before there is a checkpoint', async () => {
    expect(await committedInCheckpoint(join(folder, 'none'), 'messages')).toBe(0);
  });

  it('committedInCheckpoint counts committed offsets, not planned ones', async () => {
    await mkdir(join(folder, 'offsets'));
    await mkdir(join(folder, 'commits'));
    await writeFile(join(folder, 'offsets', '0'), offsets({ 0: 3, 1: 4 }));
    expect(await committedInCheckpoint(folder, 'messages')).toBe(0);
    await writeFile(join(folder, 'commits', '0'), 'v1\n{}');
    await writeFile(join(folder, 'offsets', '1'), offsets({ 0: 5, 1: 9 }));
    expect(await committedInCheckpoint(folder, 'messages')).toBe(7);
  });
});

describe('lastBatch', () => {
  it('lastBatch chooses the highest number, and ignores other files', () => {
    expect(lastBatch(['9', '10', '.11.crc', '.12.0f.tmp', '2'])).toBe(10);
    expect(lastBatch(['.0.crc'])).toBeUndefined();
  });
});

describe('offsetsOf', () => {
  it('offsetsOf throws if the checkpoint does not contain the topic', () => {
    expect(() => offsetsOf(offsets({ 0: 1 }), 'another')).toThrow('another form');
  });
});
