import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportFacts } from '../../../src/core/report-facts.ts';
import { type DrawnReport, drawReport } from '../../../src/report/draw-report.ts';
import { comparedFacts, emptyLive, emptyModel, fullFacts, sampleModel, sampleRates } from './sample-facts.ts';

/** What a reader reads, without markup, script and style; and the elements with their attributes. */
function read(page: string) {
  const words: string[] = [];
  const elements: { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] = [];
  const open: string[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      elements.push({ name, attributes });
      open.push(name);
      words.push(' ');
    },
    ontext(text) {
      if (open.at(-1) !== 'script' && open.at(-1) !== 'style') words.push(text);
    },
    onclosetag() {
      open.pop();
      words.push(' ');
    },
  });
  parser.end(page);
  return { text: words.join('').replace(/\s+/g, ' '), elements };
}

const sizeOf = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
};

/** Whether each tag is closed in its order, and each attribute is in quotes. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<]*")*) ?(\/?)>/g, (_, end, name, __, self) => {
    if (end !== '') return open.pop() === name ? '' : '<';
    if (self === '') open.push(name);
    return '';
  });
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/.test(rest);
}

describe('a report with all figures', () => {
  let report: DrawnReport;
  beforeAll(async () => {
    report = await drawReport(fullFacts);
  }, 120_000);

  it('states the figures in words and in tables, with their intervals', () => {
    const { text } = read(report.html);
    expect(text).toContain('Model 2026-11-12-default. Made at 2026-12-01T09:30:00Z.');
    expect(text).toContain('It accuses 0.22% (0.03 to 0.39) of the ham falsely.');
    expect(text).toContain('evaluated on 2,016 spam messages and 4,909 ham messages');
    expect(text).toContain(
      'Of 5 languages with 50 spam messages or more, ru has the lowest true positive rate',
    );
    expect(text).toContain('the signal unknown-features is at 1.13 times the limit of an alarm');
    expect(text).toContain('random-forest 0.22 0.9514 0.9414 75.1% 90 5.8 MB');
    expect(text).toContain('40 of 300 points, evenly spaced.');
    expect(text).toContain('96.2% (95.0 to 97.3) of 412 second opinions agree');
  });

  it('states in place of a figure why it is missing', () => {
    const { text } = read(report.html);
    expect(text).toContain('Not known. Month: No message states when it was sent.');
    expect(text).toContain('chess-club: 3 decided messages are too few; 30 are needed.');
    expect(report.plots.map(({ name }) => name)).not.toContain('slices-month');
  });

  it('is one page that loads nothing and runs nothing but its own script', () => {
    const { elements } = read(report.html);
    const loading = elements.flatMap(({ name, attributes: { src, href, style, ...others } }) => [
      ...(src === undefined ? [] : [src]),
      ...(href === undefined || href.startsWith('#') ? [] : [href]),
      ...(style === undefined ? [] : [style]),
      ...Object.keys(others).filter((attribute) => attribute.startsWith('on')),
      ...(['link', 'iframe', 'img', 'object', 'image', 'use'].includes(name) ? [name] : []),
    ]);
    expect(loading).toEqual([]);
    expect(elements.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(report.html).not.toMatch(/url\((?!#)|@import/);
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] !== undefined)!.attributes
      .content;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-\S{44}'; script-src 'sha256-\S{44}';/);
  });

  it('describes each plot by its figures, and each link of the contents has a target', () => {
    const { elements } = read(report.html);
    const pictures = elements.filter(({ name }) => name === 'svg');
    expect(pictures).toHaveLength(report.plots.length);
    for (const { attributes } of pictures) expect(attributes['aria-label']).toMatch(/\d/);
    const ids = elements.flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
    const targets = elements.flatMap(({ name, attributes: { href } }) =>
      name === 'a' ? [href!.slice(1)] : [],
    );
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('draws each plot as well-formed SVG and as PNG of twice its size', () => {
    expect(report.plots.map(({ name }) => name).sort()).toEqual(
      [
        ...[
          'audit-calibration',
          'audit-rates',
          'bands',
          'base-models',
          'calibration',
          'live-decisions',
          'live-drift',
        ],
        ...[
          'live-lag',
          'live-latency',
          'live-verdicts',
          'obfuscations',
          'precision-recall',
          'risk-coverage',
          'roc',
        ],
        ...['scores', 'slices-community', 'slices-language', 'slices-length'],
      ].sort(),
    );
    for (const { name, svg, png } of report.plots) {
      expect(isWellFormed(svg), name).toBe(true);
      expect(svg, name).not.toMatch(/NaN|undefined|Infinity/);
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
      expect([...png.slice(1, 4)], name).toEqual([...Buffer.from('PNG')]);
      expect(sizeOf(png), name).toEqual({ width: Number(width) * 2, height: Number(height) * 2 });
    }
  });

  it('draws the same bytes from the same facts', async () => {
    const again = await drawReport(structuredClone(fullFacts));
    expect(again.html).toBe(report.html);
    expect(again.plots.map(({ svg }) => svg)).toEqual(report.plots.map(({ svg }) => svg));
    expect(again.plots.every(({ png }, index) => Buffer.from(png).equals(report.plots[index]!.png))).toBe(
      true,
    );
  });

  it('shows texts of messages as text: no markup, nothing hidden, no address that opens', () => {
    const { text, elements } = read(report.html);
    expect(text).toContain(
      '<script>alert(1)</script><img src=x onerror="alert(2)"> see hxxps://evil[.]example/login',
    );
    expect(text).toContain('</div></section></main><style>*{display:none}</style>');
    expect(text).toContain('"><svg onload=x>');
    expect(text).toMatch(/RLO fdp\.exe PDF/);
    expect(report.html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(elements.filter(({ name }) => name === 'main')).toHaveLength(1);
  });
});

describe('a report where figures are missing', () => {
  it('names the reason of each, and draws no empty plot', async () => {
    const { html, plots } = await drawReport({ ...fullFacts, models: [emptyModel], live: emptyLive });
    const { text } = read(html);
    expect(plots).toEqual([]);
    expect(html).not.toContain('<svg');
    expect(text).toContain('There is no spam among the messages, so it is not known how much it finds.');
    expect(
      text.match(/There are no labeled messages\. Import some with sluice label import/g)!.length,
    ).toBeGreaterThanOrEqual(8);
    expect(
      text.match(/Not known\. The store does not answer: connection refused\./g)!.length,
    ).toBeGreaterThanOrEqual(7);
    expect(text).toContain('The true rates in production are not known');
  });

  it('draws no empty plot from lists without entries', async () => {
    const model = sampleModel('hollow');
    const facts: ReportFacts = {
      ...fullFacts,
      models: [
        {
          ...model,
          histogram: { spam: [0, 0], ham: [0, 0] },
          roc: { points: [], band: [], area: { estimate: 0, low: 0, high: 0 } },
          riskCoverage: { points: [], area: 0, atThresholds: { coverage: 0, risk: 0 } },
          slices: { language: [], community: [], length: [], month: [] },
          baseModels: [],
          obfuscations: [],
          falseAccusations: [],
        },
      ],
      live: { ...emptyLive, verdicts: [], lag: [{ name: 'lag', points: [] }] },
    };
    const { html, plots } = await drawReport(facts);
    const { text } = read(html);
    expect(plots.map(({ name }) => name).sort()).toEqual(['bands', 'calibration', 'precision-recall']);
    expect(text.match(/There is no value in this time\./g)).toHaveLength(2);
    expect(text).toContain('No ham message is in the wrong band.');
    expect(text).toContain('Language: No message states its language.');
  });

  it('of one class has the rates of that class alone', async () => {
    const rates = { ...sampleRates(500, 0), falsePositiveRate: null, precision: null };
    const model = { ...emptyModel, rates, bands: emptyModel.bands.map((band) => ({ ...band, spam: 10 })) };
    const { html, plots } = await drawReport({ ...fullFacts, models: [model], live: null });
    const { text } = read(html);
    expect(plots.map(({ name }) => name)).toEqual(['bands']);
    expect(text).toContain(
      'There is no ham among the messages, so it is not known how much it accuses falsely.',
    );
    expect(text).toContain('no running system was asked');
    expect(plots[0]!.svg).toMatch(/aria-label="[^"]* spam: [^"]*"/);
    expect(plots[0]!.svg).not.toMatch(/aria-label="[^"]* ham: [^"]*"/);
  });

  it('of a running system alone has no part about a model', async () => {
    const { html } = await drawReport({ ...fullFacts, models: [] });
    expect(html).not.toContain('id="ranking"');
    expect(read(html).text).toContain('No model was evaluated on labeled messages.');
  });
});

describe('a report of a system that has just started', () => {
  it('labels the axes of a single point of zero with numbers and a date', async () => {
    const live = {
      ...emptyLive,
      lag: [{ name: 'chat', points: [{ at: Date.UTC(2026, 10, 3, 12), value: 0 }] }],
    };
    const { plots } = await drawReport({ ...fullFacts, models: [], live });
    const svg = plots.find(({ name }) => name.includes('lag'))!.svg;
    expect(svg).not.toContain('NaN');
    const labels = [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text);
    expect(labels).toEqual(expect.arrayContaining(['Tue 03', '12 PM', '0', '1']));
  });
});

describe('a report of two models', () => {
  it('has both in each plot, by color and by dash or shape, and their difference in tables', async () => {
    const { html, plots } = await drawReport({ ...comparedFacts, live: null });
    const { text } = read(html);
    for (const { name, svg } of plots.filter(({ name: plot }) => plot !== 'bands')) {
      expect(svg, name).toContain('#0072b2');
      expect(svg, name).toContain('#c24e00');
    }
    expect(plots.find(({ name }) => name === 'roc')!.svg).toContain('stroke-dasharray="7,3"');
    expect(text).toContain('True positive rate 91.1% (90.0 to 92.1) 93.1% (92.0 to 94.1) +2.00 points');
    expect(text).toContain(
      'From A: 2026-11-12-default to B: 2026-11-28-retrained, on the same messages: true positive rate +2.00 points',
    );
    expect(text).toContain('0.9871 0.9891 +0.0020');
    expect(text.match(/Not known\. Month: No message states when it was sent/g)).toHaveLength(1);
  });
});

describe('any names and texts', () => {
  it('leave the page as it is: the same elements, and nothing hidden', async () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          'a',
          '<b>',
          '</table>',
          '"',
          "'",
          '&lt;',
          '\u202E',
          '\u200B',
          '\0',
          '\uD800',
          '-->',
          '{{x}}',
          '`',
          '\n',
        ),
        { minLength: 1, maxLength: 12 },
      )
      .map((parts) => `x${parts.join('')}`);
    const drawn = async (name: string) => {
      const model = sampleModel(name);
      const error = {
        text: name,
        label: 'ham',
        probability: 1,
        source: name,
        community: name,
        language: name,
      } as const;
      const facts = {
        ...emptyModel,
        version: name,
        data: [{ name, spam: 1, ham: 1 }],
        falseAccusations: [{ ...error, reasons: [{ name, logOdds: 1 }] }],
        slices: { ...emptyModel.slices, community: [{ ...sampleRates(9, 9), value: name }] },
        training: [{ name, value: name }],
        thresholds: model.thresholds,
      };
      return drawReport({ ...fullFacts, models: [facts], live: null });
    };
    // Runs of a text are parted by chips and by code, which are the only elements that depend on it.
    const shape = (page: string) =>
      read(page).elements.flatMap(({ name }) => (name === 'bdi' || name === 'code' ? [] : [name]));
    const plain = shape((await drawn('xplain')).html);
    const withoutPlots = (names: string[]) =>
      names.filter((name) => !['g', 'path', 'line', 'text', 'tspan'].includes(name));
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        const { html, plots } = await drawn(name);
        expect(withoutPlots(shape(html))).toEqual(withoutPlots(plain));
        expect(html).not.toMatch(/[\u202E\u200B\0]/);
        for (const { svg } of plots) expect(isWellFormed(svg)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
