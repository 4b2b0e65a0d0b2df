import { dirname, join } from 'node:path';
import { makeFolder, replaceFile } from '../../adapters/file/replace-file.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ReportFacts } from '../../core/report-facts.ts';

/** Paths of what to write. */
export interface ReportTargets {
  /** Of the page. */
  readonly out?: string;
  /** A folder. */
  readonly plots?: string;
  readonly json?: string;
}

/**
 * Writes a report. Each file is written aside and renamed, so that a half-written one never counts. Returns the paths of what
 * was written. Throws `USAGE` where a file cannot be written.
 */
export async function writeReport(
  facts: ReportFacts,
  { out, plots: folder, json }: ReportTargets,
): Promise<readonly string[]> {
  const files: [string, string | Uint8Array][] = [];
  if (out !== undefined || folder !== undefined) {
    // The libraries that draw are loaded by those who want a plot.
    const { drawReport } = await import('../../report/draw-report.ts');
    const { html, plots } = await drawReport(facts);
    if (out !== undefined) files.push([out, html]);
    if (folder !== undefined)
      for (const { name, svg, png } of plots)
        files.push([join(folder, `${name}.svg`), svg], [join(folder, `${name}.png`), png]);
  }
  if (json !== undefined) files.push([json, `${JSON.stringify(facts, null, 1)}\n`]);
  for (const [path, content] of files) await write(path, content);
  return [out, folder, json].filter((path) => path !== undefined);
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await replaceFile(path, content);
  } catch (cause) {
    throw new SluiceError(
      'USAGE',
      `${path} cannot be written: ${describeError(cause)}. Name another file or correct the rights of its folder.`,
      { cause },
    );
  }
}
