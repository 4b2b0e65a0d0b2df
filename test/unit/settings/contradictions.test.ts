import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../../src/settings/load-settings.ts';
import { policyOf } from '../../../src/settings/policy-of.ts';

const baseFolders = { workingDirectory: '/here', packageRoot: '/package' };
const check = (...assignments: string[]) => checkSettings({ environment: {}, assignments, baseFolders });

async function problems(...assignments: string[]): Promise<readonly string[]> {
  const resolution = await check(...assignments);
  return resolution.ok ? [] : resolution.problems.map(({ name, text }) => `${name} ${text}`);
}

describe('thresholds', () => {
  it('thresholds may be equal, and may be 0 and 1', async () => {
    expect(await problems('decide.rejectMin=0.7')).toEqual([]);
    expect(await problems('decide.communities.a.rejectMin=0.7')).toEqual([]);
    expect(await problems('decide.rejectMin=0', 'decide.rejectMax=1')).toEqual([]);
  });

  it('thresholds are refused in the wrong order, even in a community that inherits one of them', async () => {
    expect(await problems('decide.rejectMax=0.4')).toEqual([
      'decide.rejectMin is 0.5, which is above rejectMax, 0.4',
    ]);
    expect(await problems('decide.communities.a.rejectMin=0.8')).toEqual([
      'decide.communities.a.rejectMin is 0.8, which is above rejectMax, 0.7, that it inherits',
    ]);
    expect(await problems('decide.communities.a.rejectMax=0.4')).toEqual([
      'decide.communities.a.rejectMax is 0.4, which is below decide.rejectMin, 0.5, that it inherits',
    ]);
    expect(await problems('decide.communities.a={rejectMin: 0.3, rejectMax: 0.2}')).toEqual([
      'decide.communities.a.rejectMin is 0.3, which is above rejectMax, 0.2',
    ]);
  });

  it('thresholds either give every community a policy in order, or are refused', async () => {
    const limit = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(limit, limit, limit, limit, async (min, max, ownMin, ownMax) => {
        const set = (name: string, value: number | undefined) =>
          value === undefined ? [] : [`${name}=${value}`];
        const resolution = await check(
          ...set('decide.rejectMin', min),
          ...set('decide.rejectMax', max),
          ...set('decide.communities.c.rejectMin', ownMin),
          ...set('decide.communities.c.rejectMax', ownMax),
        );
        const inOrder = (min ?? 0.5) <= (max ?? 0.7) && (ownMin ?? min ?? 0.5) <= (ownMax ?? max ?? 0.7);
        expect(resolution.ok).toBe(inOrder);
        if (!resolution.ok) return;
        const policy = policyOf(resolution.loaded.settings);
        expect(policy.default).toEqual({ rejectMin: min ?? 0.5, rejectMax: max ?? 0.7 });
        if (ownMin !== undefined || ownMax !== undefined)
          expect(policy.communities).toEqual({
            c: { rejectMin: ownMin ?? min ?? 0.5, rejectMax: ownMax ?? max ?? 0.7 },
          });
      }),
    );
  });

  it('a decision policy contains thresholds, the language of each community, and the size limit of a message', async () => {
    const resolution = await check(
      'decide.communities.a.language=de',
      'messages.maxBytes=2048',
      'decide.exactScores=none',
    );
    if (!resolution.ok) throw new Error('refused');
    expect(policyOf(resolution.loaded.settings)).toEqual({
      default: { rejectMin: 0.5, rejectMax: 0.7 },
      communities: { a: { rejectMin: 0.5, rejectMax: 0.7, language: 'de' } },
      exactScores: 'none',
      unknownMessage: 'prior',
      maxMessageBytes: 2048,
    });
  });

  it('a decision policy contains the bias of each community, and the treatment of messages without a known feature', async () => {
    const resolution = await check('decide.communities.a.bias=-1.5', 'decide.unknownMessage=review');
    if (!resolution.ok) throw new Error('refused');
    const policy = policyOf(resolution.loaded.settings);
    expect(policy.communities).toEqual({ a: { rejectMin: 0.5, rejectMax: 0.7, bias: -1.5 } });
    expect(policy.unknownMessage).toBe('review');
    for (const wrong of [
      'decide.communities.a.bias=11',
      'decide.communities.a.bias=much',
      'decide.unknownMessage=spam',
    ])
      expect((await check(wrong)).ok).toBe(false);
  });
});

describe('ports and files', () => {
  it('settings are refused when two listeners share a port, unless one is off or both have port 0', async () => {
    expect(await problems('http.ops.port=8077')).toEqual([
      'http.ops.port is 8077, which is http.api.port too',
    ]);
    expect(await problems('http.ops.port=8077', 'http.api.enabled=false')).toEqual([]);
    expect(await problems('http.ops.port=0', 'http.api.port=0')).toEqual([]);
  });

  it('settings are refused when two outputs are the same file, or when an output is in the inbox', async () => {
    expect(await problems('deadLetters.file.path=v', 'verdicts.file.path=./v')).toEqual([
      'deadLetters.file.path is the same file as verdicts.file.path',
    ]);
    expect(await problems('source.file.inbox=box', 'verdicts.file.path=box/verdicts.jsonl')).toEqual([
      'verdicts.file.path lies in the inbox, and would be read as messages',
    ]);
  });
});

describe('the table of labeled messages', () => {
  it('the table of labeled messages may have any name except that of another table', async () => {
    expect(await problems('store.mysql.trainingTable=spam_2026')).toEqual([]);
    for (const name of ['review', 'Messages'])
      expect(await problems(`store.mysql.trainingTable=${name}`)).toEqual([
        `store.mysql.trainingTable is ${name}, the name of another table`,
      ]);
    for (const name of ['a b', 'a;b', 'x'.repeat(65)])
      expect(await problems(`store.mysql.trainingTable="${name}"`)).toHaveLength(1);
  });
});

describe('the password of MySQL', () => {
  const remote = ['store.kind=mysql', 'store.mysql.host=db.example'];
  const withPassword = async (...assignments: string[]) => {
    const resolution = await checkSettings({
      environment: { SLUICE_STORE__MYSQL__PASSWORD: 'secret' },
      ...{ assignments, baseFolders },
    });
    return resolution.ok ? [] : resolution.problems.map(({ name, text }) => `${name} ${text}`);
  };

  it('a MySQL password is refused without TLS for a server on another machine, and the alternatives are named', async () => {
    expect(await withPassword(...remote)).toEqual([
      'store.mysql.password would be used unencrypted with db.example: set store.mysql.tls.mode, name the server’s key in store.mysql.serverPublicKey, or set store.mysql.allowPasswordWithoutTls',
    ]);
  });

  it.each([
    'store.mysql.tls.mode=verify-full',
    'store.mysql.serverPublicKey=/etc/sluice/key.pem',
    'store.mysql.allowPasswordWithoutTls=true',
    'store.mysql.host=127.0.0.1',
    'store.mysql.host=localhost',
    'store.mysql.host=::1',
    'store.kind=libsql',
  ])('a MySQL password is accepted with %s', async (assignment) => {
    expect(await withPassword(...remote, assignment)).toEqual([]);
  });

  it('a missing MySQL password is not a problem', async () => {
    expect(await problems(...remote)).toEqual([]);
  });
});
