import { Option } from 'commander';
import { type ErasureReport, type ErasureSubject, subjectOf } from '../core/erasure.ts';
import { SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { Expired } from '../ports/eraser.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface EraseOptions extends SettingsOptions {
  readonly sender?: string;
  readonly message?: string;
  readonly community?: string;
  readonly expired?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const own = {
  ...appFunctions,
  eraserOf: lazily(async () => (await import('../app/tasks/erase.ts')).eraserOf),
};

/** The account of the command in the activity log. */
const WHO = 'sluice erase';

/** `erase`. */
export function addEraseCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  const given = ['sender', 'message', 'expired'];
  withSettingsOptions(program.command('erase'))
    .description(
      "Erase a person's text from every store, and prove it by scanning the stores. Run it as the user of the daemon, on each machine with a daemon.",
    )
    .addOption(new Option('--sender <sender>', 'erase all messages of this sender').conflicts(given.slice(1)))
    .addOption(
      new Option(
        '--message <community/id>',
        'erase one message; /ID without a community, or ID alone with --community',
      ).conflicts('expired'),
    )
    .option('--community <community>', 'only in this community')
    .option('--expired', 'erase what is older than the settings retention.* allow')
    .option('--dry-run', 'only print how many records would be erased')
    .option('--yes', 'erase; without it, nothing is changed and the exit code is 2')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice erase --config config/embedded.yaml --sender 4711 --dry-run',
        'sluice erase --config config/embedded.yaml --sender 4711 --yes',
        'sluice erase --config config/embedded.yaml --message forum/18 --yes --json',
      ),
    )
    .action(async (options: EraseOptions) => answer(await eraseCommand(options, terminal, app)));
}

/** Erases, and prints the proof. 1 where something remains. */
export async function eraseCommand(
  options: EraseOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { dryRun = false, yes = false, json = false, expired = false } = options;
  const subject = expired ? undefined : subjectIn(options);
  if (!yes && !(dryRun && subject !== undefined))
    throw new SluiceError(
      'USAGE',
      'erased text cannot be brought back; give --yes to erase it, or for a subject --dry-run to count it',
    );
  const { settings } = await loadFor(options, terminal);
  const level = settings.log.level === 'info' ? 'warn' : settings.log.level;
  const log = await app.createLog({ level, format: settings.log.format, destination: 'stderr' });
  const eraser = await app.eraserOf(settings, log);
  if (subject === undefined) {
    const result = await eraser.expire({ who: WHO });
    await terminal.stdout.write(json ? `${JSON.stringify(result)}\n` : expiredText(result));
    return exitCodes.ok;
  }
  const report = await eraser.erase(subject, { dryRun, who: WHO });
  await terminal.stdout.write(json ? `${JSON.stringify(report)}\n` : printable(proofText(report)));
  return report.complete ? exitCodes.ok : exitCodes.no;
}

/** Throws `USAGE`. */
function subjectIn({ sender, message, community }: EraseOptions): ErasureSubject {
  if (sender !== undefined) return subjectOf('sender', sender, community);
  if (message !== undefined) return subjectOf('message', message, community);
  throw new SluiceError('USAGE', 'name what to erase: --sender, --message or --expired');
}

function expiredText({ decided_rows, dead_letters }: Expired): string {
  const line = (what: string, count: number | null) =>
    count === null ? `${what}: kept, no age is configured\n` : `${what}: ${count} erased\n`;
  return line('decided review rows', decided_rows) + line('dead letters', dead_letters);
}

function proofText(report: ErasureReport): string {
  const { stores, texts, too_short, unreachable, complete, dry_run } = report;
  const rows = stores.map(({ store, location, removed, bytes, found, note }) => {
    const proof = dry_run ? '' : `, ${bytes} bytes scanned, found ${found}`;
    const words = dry_run ? 'would be erased' : 'erased';
    return `${store} (${location}): ${removed} ${words}${proof}${note === undefined ? '' : `; ${note}`}\n`;
  });
  const outcome = dry_run
    ? 'nothing was changed\n'
    : complete
      ? `complete: none of ${texts} texts was found again\n`
      : 'NOT COMPLETE: see the lines above\n';
  const short =
    too_short > 0
      ? `${too_short} texts are too short to be found by their bytes; their records were counted\n`
      : '';
  const rest = unreachable.map(({ what, retention }) => `  ${what}: ${retention}\n`);
  return `${rows.join('')}${outcome}${short}not reached from here:\n${rest.join('')}`;
}
