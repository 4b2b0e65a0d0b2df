import { openData } from '../../src/app/open/open-data.ts';
import type { LabelledMessage } from '../../src/ports/labelled-messages.ts';
import { isForTesting } from '../../src/training/testing-part.ts';
import { type LoadedModel, loadModel } from '../../workers/loaded-model.ts';
import { type BenchOptions, newestModel } from '../harness/bench-options.ts';
import { scoreTexts, THRESHOLDS } from '../harness/score-texts.ts';
import type { BenchReport, Goal } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const LINKS = `
https://www.bbc.co.uk/news/uk-politics-61234567 https://stackoverflow.com/questions/7654321/why-is-my-loop-slow
https://en.wikipedia.org/wiki/Honeybee https://www.amazon.de/dp/B08XYZ1234 https://maps.google.com/?q=52.5,13.4
https://youtu.be/a1B2c3D4e5F https://www.spiegel.de/panorama/ein-artikel-a-12345.html https://github.com/nodejs/node/pull/17
https://docs.google.com/spreadsheets/d/1AbCdEfG/edit#gid=0 https://zoom.us/j/98765432101 https://www.nhs.uk/conditions/flu/
https://www.kleinanzeigen.de/s-anzeige/fahrrad/1234567 https://www.instagram.com/p/Cabc123/ https://lenta.ru/news/2024/01/02/x/
https://www.lemonde.fr/politique/article/2023/05/01/x_1.html https://www.hurriyet.com.tr/gundem/haber-42
https://www.tagesschau.de/inland/x-101.html https://www.dropbox.com/s/abc/photos.zip?dl=0 https://www.irs.gov/refunds
https://www.rightmove.co.uk/properties/123 https://www.reddit.com/r/aww/comments/x1/y/ https://www.bahn.de/buchung/start`
  .trim()
  .split(/\s+/);
const AROUND = [
  'LINK',
  'check LINK',
  'look at this LINK',
  'hier: LINK',
  'schau mal LINK',
  'lol LINK',
  'read this: LINK',
];

const ADDITIONS: Readonly<Record<string, string>> = {
  document: 'https://docs.google.com/document/d/1a2b3cXy/edit',
  news: 'https://www.bbc.com/news/world-66123456',
  video: 'https://youtu.be/a1B2c3D4e5F',
  number: 'my number is 07700 900461',
  price: '25 €',
  address: 'Hauptstr. 12, 69115 Heidelberg',
  time: '14:30',
};
/** With a link or a number of its own, a message would not show what the addition does. */
const HAS_ITS_OWN = /https?:|www\.|\d{3}/;
/** Fewer messages of a language show nothing. */
const FEWEST = 15;
/** Words of ham that are put behind spam. */
const PADDING = [10, 50, 200];

/**
 * What the shipped model takes honest messages for that have a link, a number or a price, by language, and what is left of the recall when
 * spam is padded with ham. On testing parts.
 */
export async function contentBench(options: BenchOptions): Promise<BenchReport> {
  const sets = await openData(options.data.length === 0 ? ['corpus:own'] : options.data);
  const local = await newestModel(options.models);
  const model = await loadModel(local);
  const ham = new Map<string, string[]>();
  const chat: string[] = [];
  const spam: string[] = [];
  for (const set of sets) {
    for await (const message of set.read()) {
      if (!isForTesting(message)) continue;
      if (message.label === 'spam') spam.push(message.text);
      else {
        chat.push(message.text);
        add(ham, `${set.name}, ${languageOf(message)}`, message.text);
      }
    }
    options.say(`${set.name} read\n`);
  }
  const links = await scoreTexts(
    model,
    LINKS.flatMap((link) => AROUND.map((around) => around.replace('LINK', link))),
  );
  const additions = await additionRows(model, ham);
  const padding = await paddingRows(model, spam, chat);
  return {
    name: 'content',
    configuration: {
      model: local.version,
      messages: `testing parts; ham with a link or a number of its own is left out; above ${THRESHOLDS.rejectMin} / above ${THRESHOLDS.rejectMax}`,
    },
    tables: [
      {
        title: 'Short messages with a link to a well-known site',
        columns: ['messages', 'above'],
        rows: [[count(links.length), shares(links)]],
      },
      {
        title: 'Ham with a harmless addition',
        columns: ['ham', 'messages', 'plain', ...Object.keys(ADDITIONS)],
        rows: additions,
      },
      { title: 'Spam with words of ham behind it', columns: ['words', 'messages', 'found'], rows: padding },
    ],
    goals: [linkGoal(links)],
    verdictsChanged: false,
    figures: { additions, padding, links: shares(links) },
  };
}

async function additionRows(
  model: LoadedModel,
  ham: ReadonlyMap<string, readonly string[]>,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, texts] of ham) {
    const plain = texts.filter((text) => !HAS_ITS_OWN.test(text));
    if (plain.length < FEWEST) continue;
    const row = [name, count(plain.length), shares(await scoreTexts(model, plain))];
    for (const addition of Object.values(ADDITIONS))
      row.push(
        shares(
          await scoreTexts(
            model,
            plain.map((text) => `${text} ${addition}`),
          ),
        ),
      );
    rows.push(row);
  }
  return rows;
}

async function paddingRows(
  model: LoadedModel,
  spam: readonly string[],
  chat: readonly string[],
): Promise<string[][]> {
  const words = chat.join(' ').split(/\s+/);
  const rows = [['none', count(spam.length), shares(await scoreTexts(model, spam))]];
  for (const size of PADDING) {
    const padded = spam.map((text, at) => {
      const from = (at * 37) % Math.max(1, words.length - size);
      return `${text} ${words.slice(from, from + size).join(' ')}`;
    });
    rows.push([String(size), count(padded.length), shares(await scoreTexts(model, padded))]);
  }
  return rows;
}

function shares(probabilities: readonly (number | null)[]): string {
  const { rejectMin, rejectMax } = THRESHOLDS;
  return `${percent(above(probabilities, rejectMin), 1)} / ${percent(above(probabilities, rejectMax), 1)}`;
}

function above(probabilities: readonly (number | null)[], limit: number): number {
  return probabilities.filter((p) => p !== null && p > limit).length / Math.max(1, probabilities.length);
}

function linkGoal(links: readonly (number | null)[]): Goal {
  const { rejectMin, rejectMax } = THRESHOLDS;
  return {
    goal: 'short messages with a link to a well-known site: at most 10 % above rejectMin, 2 % above rejectMax',
    measured: shares(links),
    met: above(links, rejectMin) <= 0.1 && above(links, rejectMax) <= 0.02,
  };
}

function languageOf(message: LabelledMessage): string {
  return message.language ?? '?';
}

function add(lists: Map<string, string[]>, key: string, text: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [text]);
  else list.push(text);
}
