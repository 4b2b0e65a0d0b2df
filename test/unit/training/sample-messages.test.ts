import { describe, expect, test } from 'vitest';
import { sampleMessages } from '../../../src/training/sample-messages.ts';
import { testingKey } from '../../../src/training/testing-part.ts';

describe('synthetic messages', () => {
  test('synthetic messages are the same for the same options and others for another seed', () => {
    const make = (seed: number) => [...sampleMessages({ count: 50, spam: 0.3, seed })];
    expect(make(3)).toEqual(make(3));
    expect(make(3)).not.toEqual(make(4));
  });

  test('synthetic messages have the requested share of spam and language', () => {
    const messages = [...sampleMessages({ count: 4000, spam: 0.1, seed: 1, language: 'de' })];
    const share = messages.filter((m) => m.label === 'spam').length / messages.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
    expect(new Set(messages.map((m) => m.language))).toEqual(new Set(['de']));
    expect(new Set(messages.map((m) => m.message_id)).size).toBe(messages.length);
  });

  test('synthetic messages leave no placeholder or choice of their templates unfilled', () => {
    for (const { message } of sampleMessages({ count: 5000, spam: 0.5, seed: 2, obfuscated: 0 })) {
      expect(message).not.toMatch(/[{}|<>]|undefined/);
      expect(message).not.toBe('');
    }
  });

  test('synthetic messages are varied: of 1,000 spam messages fewer than one in eight duplicates another', () => {
    const spam = [...sampleMessages({ count: 1000, spam: 1, seed: 5, obfuscated: 0 })];
    expect(new Set(spam.map((m) => testingKey(m.message))).size).toBeGreaterThan(875);
  });

  test('synthetic messages are obfuscated equally often in both classes', () => {
    const plain = [...sampleMessages({ count: 2000, spam: 0.5, seed: 6, obfuscated: 0 })];
    expect(plain.some((m) => m.message.includes('\u200b'))).toBe(false);
    const hidden = [...sampleMessages({ count: 2000, spam: 0.5, seed: 6, obfuscated: 1 })];
    const invisible = hidden.filter((m) => /\u200b|\u200d|\u2060/.test(m.message));
    for (const label of ['spam', 'ham'])
      expect(invisible.filter((m) => m.label === label).length).toBeGreaterThan(15);
  });
});
