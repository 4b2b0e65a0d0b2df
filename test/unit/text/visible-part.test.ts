import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visiblePart } from '../../../src/text/visible-part.ts';

const spam = 'claim your prize at example.com';
const hidden = 'dinner at the lake tomorrow';

describe('what a reader sees of a text', () => {
  it.each([
    ['an HTML comment', `${spam} <!-- ${hidden} -->`],
    ['an HTML comment over lines', `<!--\n${hidden}\n${hidden}\n-->${spam}`],
    ['two HTML comments', `<!-- ${hidden} -->${spam}<!--${hidden}-->`],
    ['a spoiler', `${spam} ||${hidden}||`],
    ['the title of a Markdown link', `${spam} [here](https://example.com "${hidden}")`],
    ['the title of a Markdown link in single quotes', `${spam} [here](https://example.com '${hidden}')`],
    ['what follows thirty line breaks', `${spam}${'\n'.repeat(30)}${hidden}`],
    ['what follows as many lines with blanks', `${spam}${' \r\n'.repeat(40)}${hidden}`],
  ])('the visible part of a text is without %s', (_, text) => {
    const visible = visiblePart(text);
    expect(visible).toContain(spam);
    expect(visible).not.toContain('dinner');
  });

  it.each([
    ['a heart', `${hidden} <3`],
    ['tables and logic', 'a | b || c'],
    ['a comment that does not end', `${spam} <!-- ${hidden}`],
    ['a Markdown link without a title', '[photos](https://example.com/a)'],
    ['paragraphs', `${hidden}\n\n\n${hidden}`],
    ['a text that begins with line breaks', `${'\n'.repeat(50)}${hidden}`],
    ['many lines', `${'a line\n'.repeat(60)}`],
  ])('the visible part of a text is all of it with %s', (_, text) => {
    expect(visiblePart(text)).toBeNull();
  });

  it('the visible part of a visible part is the same', () => {
    const piece = fc.constantFrom('<!--', '-->', '||', '](x "', '")', '\n'.repeat(30), 'word', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const visible = visiblePart(pieces.join(''));
        if (visible !== null)
          expect(visible.length).toBeLessThanOrEqual(pieces.join('').length + pieces.length);
      }),
    );
  });

  it('the visible part of a text with marks that are never closed takes time in proportion to its length', () => {
    for (const piece of ['<!--', '](a ', '](x "', '|| ', '\n x'])
      expect(visiblePart(piece.repeat(5_000)) ?? '').toBeTypeOf('string');
  });
});
