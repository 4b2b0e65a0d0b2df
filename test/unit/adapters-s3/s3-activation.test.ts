import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { S3Activation } from '../../../src/adapters/s3/s3-activation.ts';
import { type Activations, activated, textOfActivations } from '../../../src/core/activations.ts';
import { MemoryBucket } from './memory-bucket.ts';

const KEY = 'models/active.json';
const versionOf = (n: number) => `20260101T0000${String(n).padStart(2, '0')}Z-0123abcd`;
const activationOf = (n: number): Activations => ({ active: { version: versionOf(n) }, before: [] });

describe('S3Activation', () => {
  it('S3Activation reads the last written activation, and undefined if there is none', async () => {
    const bucket = new MemoryBucket();
    const activation = new S3Activation(bucket, 'models');
    expect(await activation.read()).toBeUndefined();
    for (const n of [1, 2]) {
      await activation.write(activationOf(n));
      expect(await new S3Activation(bucket, 'models').read()).toEqual(activationOf(n));
    }
    expect([...bucket.objects.keys()]).toEqual([KEY]);
  });

  it.each([
    ['there was none', undefined],
    ['there was one', activationOf(1)],
  ])(
    'S3Activation refuses the second of two writers who looked at the same time, if %s',
    async (_, before) => {
      const bucket = new MemoryBucket();
      if (before !== undefined) await new S3Activation(bucket, 'models').write(before);
      const [one, other] = [new S3Activation(bucket, 'models'), new S3Activation(bucket, 'models')];
      await one.read();
      await other.read();
      await one.write(activationOf(2));
      const refused = { code: 'MODEL_STORE_FAILED', retriable: true };
      await expect(other.write(activationOf(3))).rejects.toMatchObject(refused);
      // Also when it is only tried again: what is there now has not been looked at.
      await expect(other.write(activationOf(3))).rejects.toMatchObject(refused);
      expect(await other.read()).toEqual(activationOf(2));
      await other.write(activationOf(3));
      expect(await one.read()).toEqual(activationOf(3));
    },
  );

  it('S3Activation replaces an object that is no activation', async () => {
    const bucket = new MemoryBucket();
    bucket.objects.set(KEY, Buffer.from('not a record'));
    const activation = new S3Activation(bucket, 'models');
    await expect(activation.read()).rejects.toMatchObject({ code: 'MODEL_STORE_FAILED' });
    await activation.write(activationOf(1));
    expect(await activation.read()).toEqual(activationOf(1));
  });

  it('S3Activation accepts a write whose answer was lost', async () => {
    const bucket = new MemoryBucket();
    bucket.objects.set(KEY, Buffer.from(textOfActivations(activationOf(1))));
    const activation = new S3Activation(bucket, 'models');
    await activation.read();
    // As the client's repetition of a request finds it.
    bucket.objects.set(KEY, Buffer.from(textOfActivations(activationOf(2))));
    await activation.write(activationOf(2));
  });

  it('S3Activation keeps every accepted activation in the history, however its writers interleave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 2 }), fc.boolean()), { minLength: 1, maxLength: 15 }),
        async (steps) => {
          const bucket = new MemoryBucket();
          const people = [0, 1, 2].map(() => ({
            activation: new S3Activation(bucket, 'models'),
            known: undefined as Activations | undefined,
          }));
          const accepted: string[] = [];
          for (const person of people) person.known = await person.activation.read();
          for (const [n, [who, reads]] of steps.entries()) {
            const person = people[who]!;
            if (reads) person.known = await person.activation.read();
            else {
              const version = versionOf(n);
              const next = activated({ version }, person.known);
              await person.activation.write(next).then(
                () => {
                  accepted.push(version);
                  person.known = next;
                },
                () => {},
              );
            }
          }
          const now = await new S3Activation(bucket, 'models').read();
          const history = now === undefined ? [] : [now.active, ...now.before].map(({ version }) => version);
          expect(history).toEqual(accepted.toReversed());
        },
      ),
    );
  });
});
