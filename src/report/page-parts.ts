import { noEvidence, segmentsOf } from '../display/segments.ts';
import type { DrawnPlot, Plot } from './draw-plot.ts';
import { type Content, html, Markup } from './html.ts';

/** A part of the page with an entry in its contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What the part shows, in one or two sentences. */
  readonly lead: string;
  readonly blocks: readonly Block[];
}

export type Block = Markup | Figure | Table;

/** A plot with how to read it, and its figures as tables. */
export interface Figure {
  readonly kind: 'figure';
  readonly title: string;
  /** Null where nothing is known; then `missing` has the reasons. */
  readonly plot: Plot | null;
  readonly reading: string;
  readonly missing: readonly string[];
  readonly tables: readonly Table[];
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of each is its heading. */
  readonly rows: readonly (readonly Content[])[];
  /** Of rows or figures that are not in it. */
  readonly note?: string;
}

/** Rows of a folded table that is printed; the JSON has longer ones. */
const MOST_PRINTED = 24;

/** Reasons in place of a figure; never nothing. */
export function missingNotes(reasons: readonly string[]): Markup {
  return html`${[...new Set(reasons)].map((reason) => html`<p class="missing"><strong>Not known.</strong> ${withCode(reason)}</p>`)}`;
}

/** What is between backticks is a name of a setting, a field or a command. */
function withCode(text: string): Content {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

export function sectionMarkup(
  { id, title, lead, blocks }: Section,
  drawn: ReadonlyMap<string, DrawnPlot>,
): Markup {
  const parts: Markup[] = [];
  let figures: Markup[] = [];
  const flush = () => {
    if (figures.length > 0) parts.push(html`<div class="figures">${figures}</div>`);
    figures = [];
  };
  for (const block of blocks) {
    if (!(block instanceof Markup) && block.kind === 'figure') figures.push(figureMarkup(block, drawn));
    else {
      flush();
      parts.push(block instanceof Markup ? block : tableMarkup(block));
    }
  }
  flush();
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="lead">${lead}</p>${parts}</section>`;
}

function figureMarkup(
  { title, plot, reading, missing, tables }: Figure,
  drawn: ReadonlyMap<string, DrawnPlot>,
): Markup {
  const picture = plot === null ? null : new Markup(drawn.get(plot.name)!.inline);
  return html`<figure><h3>${title}</h3>${picture}${missingNotes(missing)}${
    picture === null ? null : html`<figcaption>${reading}</figcaption>`
  }${
    tables.length === 0
      ? null
      : html`<details class="${tables.every(({ rows }) => rows.length <= MOST_PRINTED) ? 'brief' : ''}"><summary>${title}: figures as ${tables.length === 1 ? 'a table' : 'tables'}</summary>${tables.map(tableMarkup)}</details>`
  }</figure>`;
}

export function tableMarkup({ caption, head, rows, note }: Table): Markup {
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${head.map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first ?? ''}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>${note === undefined ? null : html`<p class="note">${note}</p>`}`;
}

const MOST_MESSAGE = 2_000;

/** A message as its reader should see it: what hides shows its name, and no address is one that a program would open. */
export function messageMarkup(message: string): Markup {
  const rest = message.length - MOST_MESSAGE;
  return html`<div class="message" dir="auto">${segmentsOf(message.slice(0, MOST_MESSAGE), noEvidence).map(
    ({ kind, text, title }) =>
      kind === 'hidden' || kind === 'marks'
        ? html`<bdi class="hidden" title="${title ?? ''}">${text}</bdi>`
        : text,
  )}${message === '' ? html`<em>no text</em>` : null}</div>${
    rest > 0 ? html`<p class="note">${rest} more characters are not shown.</p>` : null
  }`;
}

/** At most `most` of the rows, evenly spaced, the first and the last among them; and what to note if that is not all. */
export function thinned<T>(
  rows: readonly T[],
  most: number,
  noun: string,
): { readonly rows: readonly T[]; readonly note?: string } {
  if (rows.length <= most) return { rows };
  const step = (rows.length - 1) / (most - 1);
  return {
    rows: Array.from({ length: most }, (_, index) => rows[Math.round(index * step)]!),
    note: `${most} of ${rows.length} ${noun}, evenly spaced. The JSON of this report has all of them.`,
  };
}
