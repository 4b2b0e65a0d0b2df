import { createRequire } from 'node:module';
import type { TopLevelSpec } from 'vega-lite';
import { escaped } from './html.ts';
import { colorOf } from './palette.ts';
import { textWidth } from './text-widths.ts';

/** What a plot shows, before it is drawn. */
export interface Plot {
  /** Of its files, and of its place in the page: `roc`, `slices-language`. Unique in a report. */
  readonly name: string;
  readonly title: string;
  /** What a reader who cannot see it learns in its place: its figures in words. */
  readonly description: string;
  readonly spec: PlotSpec;
}

/** A Vega-Lite specification, without what all plots share. Its own types are unions of hundreds of members, which no compiler error explains. */
export type PlotSpec = Readonly<Record<string, unknown>>;

export interface DrawnPlot extends Plot {
  /** A file of its own, on white. */
  readonly svg: string;
  /** For a page: without background, its colors those of the attributes `fill` and `stroke`. */
  readonly inline: string;
  readonly png: Uint8Array;
}

/** Of vega-scenegraph, which vega exports but does not declare. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number }, text: unknown) => number;
}

/** A picture is one thing to a screen reader, with one description. */
const ownRoles = / (?:role="graphics-[\w-]+"|aria-[\w]+="[^"]*")/g;
/** Installed with the program, so that a picture is the same on each machine. */
const FONT = '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf';
/** Where a browser has no Arimo: fonts of the same widths first. */
const FAMILIES = 'Arimo, Arial, Helvetica, Liberation Sans, sans-serif';
const PIXELS_PER_UNIT = 2;
const FONT_SIZE = 12;

/** Loads the libraries, which no other part of the program needs: a second of CPU time. */
export async function openPlotter(): Promise<(plot: Plot) => Promise<DrawnPlot>> {
  const [vega, { compile }, { Resvg }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('@resvg/resvg-js'),
  ]);
  // Without a canvas, which npm packages beside this one may bring, since widths would then depend on the machine.
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  textMetrics.width = (item, text) => textWidth(String(text), item.fontSize ?? FONT_SIZE);
  const font = {
    loadSystemFonts: false,
    fontFiles: [createRequire(import.meta.url).resolve(FONT)],
    defaultFontFamily: 'Arimo',
  };
  const quiet = silentLogger();
  return async (plot) => {
    const { spec } = compile(plot.spec as unknown as TopLevelSpec, { config: sharedConfig, logger: quiet });
    const view = new vega.View(vega.parse(spec), { renderer: 'none' }).logger(quiet);
    const drawn = withOwnIds((await view.toSVG()).replace(ownRoles, ''), plot.name);
    view.finalize();
    const svg = asFile(drawn, plot);
    const picture = new Resvg(svg, { font, fitTo: { mode: 'zoom', value: PIXELS_PER_UNIT } });
    return { ...plot, svg, inline: asPart(drawn, plot), png: new Uint8Array(picture.render().asPng()) };
  };
}

/** Identifiers of this plot alone: vega numbers them through all drawings of a process, and a page has several. */
function withOwnIds(drawn: string, name: string): string {
  const ids = new Map<string, string>();
  return drawn.replace(/(id="|url\(#)(\w+)/g, (_, before: string, id: string) => {
    if (!ids.has(id)) ids.set(id, `${name}-${ids.size + 1}`);
    return before + ids.get(id)!;
  });
}

function asFile(drawn: string, { title, description }: Plot): string {
  const [start, width, height] = startOf(drawn);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `aria-label="${escaped(description)}"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>` +
    `<rect width="${width}" height="${height}" fill="${colorOf('paper')}"/>${drawn.slice(start)}`
  );
}

function asPart(drawn: string, { description }: Plot): string {
  const [start, width, height] = startOf(drawn);
  return (
    `<svg class="plot" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `aria-label="${escaped(description)}">${drawn.slice(start)}`
  );
}

/** Where the content starts after the opening tag; width and height. */
function startOf(drawn: string): [number, number, number] {
  const tag = /^<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>/.exec(drawn);
  if (tag === null) throw new Error('the drawing does not begin with an <svg> of known size');
  return [tag[0].length, Number(tag[1]), Number(tag[2])];
}

/** Extents of nothing and the like are warnings; a plot without data is never drawn. */
function silentLogger() {
  const logger = {
    level: () => logger,
    error: () => logger,
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger as typeof logger & { level(): number };
}

const sharedConfig = {
  background: 'transparent',
  aria: false,
  padding: 6,
  font: FAMILIES,
  view: { stroke: null },
  axis: {
    labelColor: colorOf('muted'),
    titleColor: colorOf('ink'),
    gridColor: colorOf('grid'),
    domainColor: colorOf('muted'),
    tickColor: colorOf('muted'),
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelLimit: 190,
  },
  header: {
    labelColor: colorOf('ink'),
    titleColor: colorOf('ink'),
    labelFontSize: FONT_SIZE,
    labelFontWeight: 'normal',
    labelAnchor: 'start',
    labelPadding: 4,
  },
  legend: {
    labelColor: colorOf('ink'),
    titleColor: colorOf('ink'),
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    orient: 'top',
    direction: 'horizontal',
    labelLimit: 260,
    symbolSize: 90,
    symbolStrokeWidth: 2,
    columnPadding: 14,
  },
  text: { color: colorOf('ink'), fontSize: FONT_SIZE },
  line: { strokeWidth: 2 },
} as const;
