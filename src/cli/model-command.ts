import type { ModelManager } from '../app/models/manage-models.ts';
import type { Activations } from '../core/activations.ts';
import type { RegisteredModel } from '../ports/model-registry.ts';
import { originText } from '../settings/layer.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { pinnedModel } from '../settings/pinned-model.ts';
import { lazily } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

/** What the commands of models need of the application. */
export const modelFunctions = {
  openModelManager: lazily(async () => (await import('../app/models/manage-models.ts')).openModelManager),
};

type ModelFunctions = typeof modelFunctions;

export interface ModelOptions extends SettingsOptions {
  readonly json?: boolean;
}

export interface ModelActivateOptions extends ModelOptions {
  readonly reason?: string;
}

export interface ModelPushOptions extends ModelOptions {
  readonly activate?: boolean;
}

interface Opened {
  readonly loaded: LoadedSettings;
  readonly models: ModelManager;
}

async function open(options: SettingsOptions, terminal: Terminal, app: ModelFunctions): Promise<Opened> {
  const loaded = await loadFor(options, terminal);
  const warn = (text: string) => terminal.say(`warning: ${text}\n`);
  return { loaded, models: await app.openModelManager(loaded.settings, warn) };
}

/**
 * Prints the versions that are whole, newest first, each with what the database states of it; the one that the settings choose
 * is marked. Answers 1 for none.
 */
export async function modelList(
  options: ModelOptions,
  terminal: Terminal,
  app: ModelFunctions,
): Promise<ExitCode> {
  const { models: manager } = await open(options, terminal, app);
  const versions = await manager.list();
  const chosen = versions.length === 0 ? undefined : await manager.chosen();
  const registered = await manager.registered();
  const known = new Map((registered ?? []).map((each) => [each.version, each]));
  const models = versions.map((version) => ({
    version,
    chosen: version === chosen,
    registered: known.get(version) ?? null,
  }));
  const rows = models.map(
    (model) => `${model.chosen ? '*' : ' '} ${model.version}${statusText(model.registered)}\n`,
  );
  await terminal.stdout.write(options.json ? `${JSON.stringify(models, null, 2)}\n` : rows.join(''));
  sayDisagreement((await manager.active())?.active.version, registered, manager, terminal);
  if (models.length > 0) return exitCodes.ok;
  terminal.say(`There is no model in ${manager.locations.models}.\n`);
  return exitCodes.no;
}

function statusText(model: RegisteredModel | null): string {
  if (model === null) return '';
  const { status, activatedAt, decided } = model;
  const when = activatedAt === null ? '' : ` since ${new Date(activatedAt).toISOString()}`;
  return status === 'active' ? `  active${when}${decided === null ? '' : `, ${decided}`}` : `  ${status}`;
}

/** Daemons follow the activation. The registry is for people, and is outdated after the database was unavailable. */
function sayDisagreement(
  active: string | undefined,
  registered: readonly RegisteredModel[] | undefined,
  { locations }: ModelManager,
  terminal: Terminal,
): void {
  const recorded = registered?.find(({ status }) => status === 'active')?.version;
  if (registered === undefined || active === recorded || active === undefined) return;
  terminal.say(
    `warning: ${active} is active by ${locations.active}, which daemons follow; ${locations.registry} has ${recorded ?? 'none'}. ` +
      `"sluice model activate ${active}" writes it down.\n`,
  );
}

/** Copies a model to the model store. */
export async function modelPush(
  model: string | undefined,
  options: ModelPushOptions,
  terminal: Terminal,
  app: ModelFunctions,
): Promise<ExitCode> {
  const { loaded, models } = await open(options, terminal, app);
  const { version, path } = await models.push(model);
  const activations = options.activate ? await models.activate(version) : undefined;
  const printed = {
    version,
    path,
    place: models.locations.models,
    active: activations?.active.version === version,
  };
  await print(printed, `${version} is in ${models.locations.models}.\n`, options, terminal);
  if (activations !== undefined) sayActive(activations, { loaded, models }, options, terminal);
  return exitCodes.ok;
}

/** Copies a model to this machine's disk, verified. */
export async function modelPull(
  version: string | undefined,
  options: ModelOptions,
  terminal: Terminal,
  app: ModelFunctions,
): Promise<ExitCode> {
  const { models } = await open(options, terminal, app);
  const pulled = await models.pull(version);
  await print(pulled, `${pulled.version} is in ${pulled.path}.\n`, options, terminal);
  return exitCodes.ok;
}

/** Makes a version the active one. */
export async function modelActivate(
  version: string,
  options: ModelActivateOptions,
  terminal: Terminal,
  app: ModelFunctions,
): Promise<ExitCode> {
  const opened = await open(options, terminal, app);
  const activations = await opened.models.activate(version, withReason(options));
  return await activatedAs(activations, opened, options, terminal);
}

/** Makes what was active before active again. Answers 1 where nothing was. */
export async function modelRollback(
  options: ModelActivateOptions,
  terminal: Terminal,
  app: ModelFunctions,
): Promise<ExitCode> {
  const opened = await open(options, terminal, app);
  const activations = await opened.models.rollback(withReason(options));
  if (activations !== undefined) return await activatedAs(activations, opened, options, terminal);
  terminal.say(`No other model was active before, by ${opened.models.locations.active}.\n`);
  return exitCodes.no;
}

function withReason({ reason }: ModelActivateOptions): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}

async function activatedAs(
  activations: Activations,
  opened: Opened,
  options: ModelOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { active, before } = activations;
  const printed = { ...active, before: before[0]?.version ?? null, place: opened.models.locations.active };
  await print(printed, `${active.version} is active.\n`, options, terminal);
  sayActive(activations, opened, options, terminal);
  return exitCodes.ok;
}

/** Prints where it was written, and whether the settings look there at all. */
function sayActive(
  { active }: Activations,
  { loaded, models }: Opened,
  options: ModelOptions,
  terminal: Terminal,
): void {
  if (!options.json) terminal.say(`Written to ${models.locations.active}; running daemons follow.\n`);
  const origin = loaded.origins.get('model.version') ?? { kind: 'default' };
  const pinned = pinnedModel(loaded.settings, origin);
  if (pinned !== undefined && pinned !== active.version)
    terminal.say(
      `warning: model.version is ${pinned} (${originText(origin)}), which a daemon with these settings obeys instead\n`,
    );
}

async function print(fields: object, text: string, options: ModelOptions, terminal: Terminal): Promise<void> {
  await terminal.stdout.write(options.json ? `${JSON.stringify(fields, null, 2)}\n` : text);
}
