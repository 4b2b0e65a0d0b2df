import { Option } from 'commander';
import { printable } from '../core/printable.ts';
import { type Role, roles } from '../core/roles.ts';
import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';

const own = {
  listAccounts: lazily(async () => (await import('../app/tasks/accounts.ts')).listAccounts),
  inviteAccount: lazily(async () => (await import('../app/tasks/accounts.ts')).inviteAccount),
  disableAccount: lazily(async () => (await import('../app/tasks/accounts.ts')).disableAccount),
  endSessions: lazily(async () => (await import('../app/tasks/accounts.ts')).endSessions),
};

interface JsonOptions extends SettingsOptions {
  readonly json?: boolean;
}

/** `account list`, `invite`, `disable`, `enable` and `sessions end`: who may use the review console. */
export function addAccountCommands({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  const account = program
    .command('account')
    .description('List and invite the people who use the review console, and take their access back.');
  withSettingsOptions(account.command('list'))
    .description('Print the accounts with their roles.')
    .option('--json', 'print one JSON document')
    .action(async (options: JsonOptions) => {
      const { settings } = await loadFor(options, terminal);
      const accounts = await app.listAccounts(settings);
      const lines = accounts.map(({ name, role, disabled_at, hasPassword, identity }) => {
        const way = identity !== null ? '  by OpenID Connect' : hasPassword ? '' : '  without a password';
        const state = disabled_at !== null ? '  disabled' : way;
        return `${role.padEnd(9)}  ${name}${state}\n`;
      });
      await terminal.stdout.write(options.json ? `${JSON.stringify(accounts)}\n` : printable(lines.join('')));
      answer(exitCodes.ok);
    });
  withSettingsOptions(account.command('invite'))
    .description('Print a link that lets one person choose a name and a password, once, within seven days.')
    .addOption(new Option('--role <role>', 'what the person may do').choices(roles).makeOptionMandatory())
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice account invite --role moderator --config config/embedded.yaml'))
    .action(async ({ role, ...options }: JsonOptions & { readonly role: Role }) => {
      const { settings } = await loadFor(options, terminal);
      const made = await app.inviteAccount(settings, role);
      await terminal.stdout.write(options.json ? `${JSON.stringify(made)}\n` : `${made.path}\n`);
      terminal.say('Put it behind the address of the console. It is shown this once.\n');
      answer(exitCodes.ok);
    });
  for (const verb of ['disable', 'enable'] as const)
    withSettingsOptions(account.command(`${verb} <name>`))
      .description(
        verb === 'disable'
          ? 'Take the access of an account away: its sessions, API tokens and invitations end.'
          : 'Let a disabled account log in again.',
      )
      .action(async (name: string, options: SettingsOptions) => {
        const { settings } = await loadFor(options, terminal);
        await app.disableAccount(settings, name, verb === 'disable');
        terminal.say(printable(`${name} is ${verb}d\n`));
        answer(exitCodes.ok);
      });
  const sessions = account.command('sessions').description('End the sessions of an account.');
  withSettingsOptions(sessions.command('end <name>'))
    .description('End all sessions of an account; it may log in again.')
    .action(async (name: string, options: SettingsOptions) => {
      const { settings } = await loadFor(options, terminal);
      const ended = await app.endSessions(settings, name);
      terminal.say(printable(`${ended} sessions of ${name} ended\n`));
      answer(exitCodes.ok);
    });
}
