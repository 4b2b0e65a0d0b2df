import { expect, test } from 'vitest';
import { fillPlaceholders } from '../../../src/adapters/corpora/placeholders.ts';

test.each([
  ['I paid &lt;#&gt; for it', /^I paid \d+ for it$/],
  ['<#> and <#>', /^\d+ and \d+$/],
  ['came at <TIME>', /^came at \d{1,2}:\d\d$/],
  ['cost &lt;DECIMAL&gt;', /^cost \d+\.\d+$/],
  ['see <URL> or <EMAIL>', /^see https:\S+ or \S+@\S+$/],
])('the placeholders of %j are replaced by examples of what people write', (text, expected) => {
  expect(fillPlaceholders(text)).toMatch(expected);
  expect(fillPlaceholders(text)).toBe(fillPlaceholders(text));
});

test.each(['a < b > c', '<b>TIME</b>', '<3', 'x &lt; y', '# TIME'])(
  'text without placeholders stays unchanged: %j',
  (text) => {
    expect(fillPlaceholders(text)).toBe(text);
  },
);
