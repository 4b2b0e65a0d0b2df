import type { AskingSession } from '../app/tasks/label-learn.ts';
import { SluiceError } from '../core/errors.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { type AnswerKey, answersIn, keysOf } from './label-answers.ts';
import { answeredText, helpText, questionText, stateText } from './label-next-text.ts';
import { actorOf, openFor, rowsText, StepLine, withByOption } from './label-step-output.ts';
import { type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

const own = {
  ...appFunctions,
  withLabelSession: lazily(async () => (await import('../app/tasks/label-learn.ts')).withLabelSession),
};

/** Answers between two estimates of the model's quality. */
const ESTIMATE_EVERY = 10;

interface NextOptions extends SettingsOptions {
  readonly by?: string;
  readonly answers?: string;
  readonly withoutModel?: boolean;
  readonly json?: boolean;
}

/** What a session did: the JSON of `label next`. */
interface NextReport {
  readonly answers: number;
  /** Rows that were labeled, without those that were taken back. */
  readonly rows: number;
  readonly state: ReturnType<AskingSession['state']>;
}

/** `label next`. */
export function addLabelNextCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withByOption(withSettingsOptions(program.command('next')))
    .description(
      'Ask about the messages whose labels teach a model most, one after another; each answer is a decision.',
    )
    .option('--answers <file>', 'read answers from the lines of a file, - for stdin, instead of from keys')
    .option('--without-model', 'do not begin with what the active model takes for spam')
    .option('--json', 'print what was done as one JSON document')
    .addHelpText(
      'after',
      `\n${helpText}${examples('sluice label next --config config/embedded.yaml', 'echo s | sluice label next --config config/embedded.yaml --answers -')}`,
    )
    .action(async (options: NextOptions) => {
      if (options.answers === undefined && terminal.stdin.isTTY !== true)
        throw new SluiceError(
          'USAGE',
          '"label next" reads single keys from a terminal, and stdin is none; give the answers as lines with --answers FILE, or --answers - for stdin',
        );
      const { settings, log } = await openFor(options, terminal, app);
      const answers =
        options.answers === undefined ? keysOf(terminal.stdin) : answersIn(options.answers, terminal.stdin);
      const asked = { by: actorOf(options), withModel: options.withoutModel !== true };
      await app.withLabelSession(settings, log, asked, async (session) => {
        const report = await ask(session, answers, terminal);
        const text = `${report.answers} answers, ${rowsText(report.rows)} labeled\n`;
        await terminal.stdout.write(options.json ? `${JSON.stringify(report)}\n` : text);
      });
      answer(exitCodes.ok);
    });
}

async function ask(
  session: AskingSession,
  answers: AsyncIterable<AnswerKey>,
  terminal: Terminal,
): Promise<NextReport> {
  const line = new StepLine(terminal);
  const texts = await session.load((rows) => line.show(`${rowsText(rows)} read`)).finally(() => line.end());
  terminal.say(`${texts} different unlabeled messages to choose from.\n${helpText}`);
  const given: number[] = [];
  const report = (): NextReport => ({
    answers: given.length,
    rows: given.reduce((sum, rows) => sum + rows, 0),
    state: session.state(),
  });
  let shown = await session.next();
  if (shown !== undefined) terminal.say(questionText(shown));
  for await (const key of answers) {
    if (key === 'quit' || shown === undefined) break;
    if (key === 'help') terminal.say(helpText);
    else if (key === 'undo') {
      const isBack = await session.undo();
      if (isBack) given.pop();
      terminal.say(isBack ? 'Taken back.\n' : 'There is nothing to take back in this session.\n');
    } else {
      const rows = await session.answer(key);
      given.push(rows);
      terminal.say(answeredText(key, rows));
      if (given.length % ESTIMATE_EVERY === 0) terminal.say(stateText(session.state()));
    }
    shown = await session.next();
    if (shown === undefined) terminal.say('No unlabeled message is left to ask about.\n');
    else if (key !== 'help') terminal.say(questionText(shown));
    if (shown === undefined) break;
  }
  const last = report();
  terminal.say(stateText(last.state));
  return last;
}
