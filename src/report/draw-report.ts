import { createHash } from 'node:crypto';
import type { ReportFacts } from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import { type DrawnPlot, openPlotter, type Plot } from './draw-plot.ts';
import { baseModelsSection, errorsSection, obfuscationsSection, slicesSection } from './group-sections.ts';
import { html, Markup } from './html.ts';
import { auditSection, liveSection } from './live-sections.ts';
import { namedModels } from './model-names.ts';
import { calibrationSection, dataSection, rankingSection, ratesSection } from './model-sections.ts';
import { type Section, sectionMarkup } from './page-parts.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { summarySection } from './summary-section.ts';

export interface DrawnReport {
  /** One page, complete in itself: it loads nothing. */
  readonly html: string;
  /** Each plot of the page as files of their own, on white. */
  readonly plots: readonly { readonly name: string; readonly svg: string; readonly png: Uint8Array }[];
}

/**
 * Draws a report. The same facts give the same bytes on each machine.
 *
 * @throws Error if the fonts or the libraries that draw are not installed.
 */
export async function drawReport(
  facts: ReportFacts,
  { title = 'Sluice: evaluation report' }: { readonly title?: string } = {},
): Promise<DrawnReport> {
  const sections = sectionsOf(facts);
  const plots = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block instanceof Markup || block.kind !== 'figure' || block.plot === null ? [] : [block.plot],
    ),
  );
  const drawn = await drawAll(plots);
  return {
    html: page(facts, title, sections, new Map(drawn.map((plot) => [plot.name, plot]))),
    plots: drawn.map(({ name, svg, png }) => ({ name, svg, png })),
  };
}

async function drawAll(plots: readonly Plot[]): Promise<DrawnPlot[]> {
  if (plots.length === 0) return [];
  const draw = await openPlotter();
  const drawn: DrawnPlot[] = [];
  for (const plot of plots) drawn.push(await draw(plot));
  return drawn;
}

function sectionsOf(facts: ReportFacts): Section[] {
  const models = namedModels(facts.models);
  const ofModels =
    models.length === 0
      ? []
      : [
          ratesSection(models),
          rankingSection(models),
          calibrationSection(models),
          baseModelsSection(models),
          slicesSection(models),
          obfuscationsSection(models),
          errorsSection(models),
          dataSection(models),
        ];
  return [summarySection(facts, models), ...ofModels, liveSection(facts.live), auditSection(facts.live)];
}

function page(
  facts: ReportFacts,
  title: string,
  sections: readonly Section[],
  drawn: ReadonlyMap<string, DrawnPlot>,
): string {
  const versions = facts.models.map(({ version }) => visibleLine(version, 60));
  const subject = versions.length === 0 ? 'A running system' : `Model ${versions.join(' and ')}`;
  const policy = `default-src 'none'; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(pageScript)}'; base-uri 'none'; form-action 'none'`;
  const body = html`<a class="skip" href="#content">Skip to the content</a>
<header><div><h1>${title}</h1><p>${subject}. Made at ${facts.generatedAt}.</p></div><button type="button" id="theme" hidden>Dark</button></header>
<nav aria-label="Contents"><ol>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main id="content" tabindex="-1">${sections.map((section) => sectionMarkup(section, drawn))}</main>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${html`<title>${title}: ${versions.length === 0 ? day(facts) : versions.join(', ')}</title>`.text}
<style>${pageStyle}</style>
</head>
<body>
${body.text}
<script>${pageScript}</script>
</body>
</html>
`;
}

function day({ generatedAt }: ReportFacts): string {
  return generatedAt.slice(0, 10);
}

/** As a Content-Security-Policy states what may run or style. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
