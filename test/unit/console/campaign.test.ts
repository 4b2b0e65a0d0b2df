import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  campaignDecision,
  countToDecide,
  type Excluded,
  glance,
  isShown,
  previewed,
  toggled,
} from '../../../src/console/logic/campaign.ts';
import { actions, defaultKeys, restoredKeys } from '../../../src/console/logic/keys.ts';
import { whyHere } from '../../../src/console/logic/why-here.ts';
import { de } from '../../../src/console/texts/de.ts';
import { en } from '../../../src/console/texts/en.ts';
import { decisionRequestSchema } from '../../../src/core/decision.ts';
import type { SampledCampaignAnswer } from '../../../src/http/campaign-schemas.ts';
import { sampleReasons } from '../../../src/ports/campaign-store.ts';
import { StubDesk } from '../../browser/stub-desk.ts';

const none: Excluded = new Map();
const campaignOf = (count: number): SampledCampaignAnswer =>
  new StubDesk(
    Array.from({ length: count }, (_, index) => ({ message: `variant ${index}`, campaign: 1 })),
  ).campaign(1);

describe('a campaign', () => {
  it('has a card if at least two of its messages wait', () => {
    expect([undefined, campaignOf(1), campaignOf(2)].map(isShown)).toEqual([false, false, true]);
  });

  it('is decided by id and revision of the answer, without what was left out', () => {
    const campaign = campaignOf(9);
    const [, second, third] = campaign.sample;
    const excluded = toggled(toggled(none, third!), second!);
    expect(campaignDecision('spam', campaign, excluded)).toEqual({
      label: 'spam',
      items: [{ campaign_id: 1, revision: 7, exclude: [second!.item.id, third!.item.id] }],
    });
    expect(campaignDecision('ham', campaign, none).items).toEqual([{ campaign_id: 1, revision: 7 }]);
    expect(countToDecide(campaign, excluded)).toBe(7);
  });

  it('never decides what was left out once and not taken back, whatever sample comes next', () => {
    const { sample } = campaignOf(4);
    fc.assert(
      fc.property(fc.array(fc.nat(3)), fc.subarray([0, 1, 2, 3]), fc.nat(4), (presses, next, open) => {
        const excluded = presses.reduce((before, index) => toggled(before, sample[index]!), none);
        const later = { ...campaignOf(4), open, sample: next.map((index) => sample[index]!) };
        const body = decisionRequestSchema.parse(campaignDecision('spam', later, excluded));
        const [item] = body.items;
        const left = 'campaign_id' in item! ? (item.exclude ?? []) : [];
        const odd = sample.filter((_, index) => presses.filter((each) => each === index).length % 2 === 1);
        expect(left).toEqual(odd.map(({ item: { id } }) => id));
        // What is left out is in sight, once.
        const shown = previewed(later, excluded).map(({ item: { id } }) => id);
        expect(new Set(shown).size).toBe(shown.length);
        expect(left.every((id) => shown.includes(id))).toBe(true);
        expect(countToDecide(later, excluded)).toBe(Math.max(0, open - left.length));
      }),
    );
  });

  it('shows at most three texts beside the message, none of them twice, nor the message itself', () => {
    const { sample, ...campaign } = campaignOf(4);
    const twice = { ...campaign, sample: [...sample, ...sample] };
    expect(glance(twice, 'variant 0').map(({ item }) => item.message)).toEqual([
      'variant 1',
      'variant 2',
      'variant 3',
    ]);
  });

  it('has words for each reason of its sample', () => {
    for (const { campaign } of [en, de])
      expect([...Object.keys(campaign.because), 'foreign_words'].sort()).toEqual([...sampleReasons].sort());
  });
});

describe('why a message waits', () => {
  const item = { origin: 'band', reasons: [] as string[], probability: 0.1 } as const;

  it('is said where the probability does not say it', () => {
    expect(whyHere({ ...item, reasons: ['w:coins', 'text:deobfuscation-limit'] })).toEqual([
      'deobfuscationLimit',
    ]);
    expect(whyHere({ ...item, reasons: ['text:truncated'] })).toEqual(['truncated']);
    expect(whyHere({ ...item, reasons: ['text:truncated'], probability: null })).toEqual(['truncated']);
    expect(whyHere({ ...item, origin: 'report', reasons: ['text:truncated'] })).toEqual(['report']);
    expect(whyHere({ ...item, reasons: ['guard:held', 'w:coins'], probability: 0.99 })).toEqual(['guard']);
    expect(whyHere({ ...item, origin: 'unscorable', probability: null })).toEqual(['unscorable']);
    expect(whyHere({ ...item, origin: 'audit' })).toEqual(['audit']);
  });

  it('is not said where the probability would have led here anyway', () => {
    const long = { ...item, reasons: ['text:truncated'], probability: 0.6 };
    expect(whyHere(long)).toEqual([]);
    expect(whyHere(long, 0.65)).toEqual(['truncated']);
    expect(whyHere({ ...item, reasons: ['text:window', 'w:coins'] })).toEqual([]);
  });
});

describe('keys that were stored before an action was there', () => {
  it('stay, and the new action has a free one', () => {
    const { campaign: _, ...older } = { ...defaultKeys, spam: 'c' };
    const keys = restoredKeys(older);
    expect(keys).toMatchObject(older);
    expect(new Set(Object.values(keys)).size).toBe(actions.length);
    const { campaign: __, ...usual } = defaultKeys;
    expect(restoredKeys(usual)).toEqual(defaultKeys);
  });
});
