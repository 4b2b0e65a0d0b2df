import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  confirmationOf,
  type ErasureForm,
  erasureAddress,
  removedIn,
} from '../../../src/console/logic/erasure.ts';
import { singleSignOnAddress } from '../../../src/console/logic/single-sign-on.ts';
import { type SubjectKind, subjectOf } from '../../../src/core/erasure.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

describe('the address of an erasure', () => {
  it('is read by the server as the subject that was written, whatever characters it has', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SubjectKind>('sender', 'message'),
        text,
        fc.oneof(fc.constant(''), text),
        fc.boolean(),
        (kind, id, community, dryRun) => {
          const url = new URL(erasureAddress({ kind, id, community }, dryRun), 'http://localhost');
          // A path of dots alone would be another address.
          fc.pre(!/^\.{1,2}$/.test(id));
          const [, , , , readKind, readId = ''] = url.pathname.split('/');
          const subject = subjectOf(
            readKind as SubjectKind,
            decodeURIComponent(readId),
            url.searchParams.get('community') ?? undefined,
          );
          expect(url.searchParams.get('dry_run')).toBe(dryRun ? 'true' : null);
          expect(subject).toEqual(
            kind === 'message'
              ? { kind, community, message_id: id }
              : { kind, sender: id, ...(community === '' ? {} : { community }) },
          );
        },
      ),
    );
  });

  it('is confirmed by the sender, or by community and id of the message', () => {
    const form: ErasureForm = { kind: 'sender', id: '18', community: 'forum' };
    expect(confirmationOf(form)).toBe('18');
    expect(confirmationOf({ ...form, kind: 'message' })).toBe('forum/18');
    expect(confirmationOf({ ...form, kind: 'message', community: '' })).toBe('18');
  });

  it('the records of all stores are summed', () => {
    const store = { store: 's', location: 'l', bytes: 0, found: 0 };
    const report = { subject_sha256: '', dry_run: true, complete: true, texts: 0, too_short: 0 };
    const stores = [
      { ...store, removed: 3 },
      { ...store, removed: 4 },
    ];
    expect(removedIn({ ...report, stores, unreachable: [] })).toBe(7);
  });
});

describe('the address of a log-in by the identity provider', () => {
  it('names the page to come back to, without its query where that is too long for the server', () => {
    const search = '?q=a%20b&view=table';
    expect(singleSignOnAddress({ path: '/review', search })).toBe(
      `/api/v1/session/openid?to=${encodeURIComponent(`/review${search}`)}`,
    );
    expect(singleSignOnAddress({ path: '/review', search: `?q=${'a'.repeat(500)}` })).toBe(
      '/api/v1/session/openid?to=%2Freview',
    );
  });
});
