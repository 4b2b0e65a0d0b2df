import { allowedText } from './allowed-text.ts';
import { type Origin, originText } from './layer.ts';
import type { LoadedSettings } from './load-settings.ts';
import { valueAt } from './resolve-layers.ts';
import { anyName, type Setting, settingsOf } from './setting.ts';
import { environmentNameOf, nameOf } from './setting-name.ts';
import { settingsSchema } from './settings-schema.ts';

/** One current value, and where it comes from. */
export interface ExplainedSetting {
  readonly name: string;
  /** Null where a secret is hidden, and where nothing is set. */
  readonly value: unknown;
  readonly origin: Origin['kind'];
  /** The origin in words: a file's path, a variable's name. */
  readonly from: string;
  readonly description: string;
  readonly unit: string | null;
  /** What may be given, in words. */
  readonly allowed: string;
  readonly live: boolean;
  readonly secret: boolean;
  /** Null inside sections of chosen names, which the environment cannot spell. */
  readonly environment: string | null;
}

/** Every current setting, in the order of the schema; a community's settings only where it has its own. */
export function explainSettings(loaded: LoadedSettings): readonly ExplainedSetting[] {
  return settingsOf(settingsSchema).flatMap((setting) =>
    currentPaths(setting, loaded).map((path) => explain(setting, path, loaded)),
  );
}

function currentPaths({ path }: Setting, { settings }: LoadedSettings): readonly (readonly string[])[] {
  const at = path.indexOf(anyName);
  if (at === -1) return [path];
  const names = Object.keys((valueAt(settings, path.slice(0, at)) as object | undefined) ?? {});
  return names.map((name) => path.with(at, name)).filter((chosen) => valueAt(settings, chosen) !== undefined);
}

function explain(
  { path: general, schema, facts }: Setting,
  path: readonly string[],
  loaded: LoadedSettings,
): ExplainedSetting {
  const origin: Origin = loaded.origins.get(nameOf(path)) ?? { kind: 'default' };
  const secret = facts.secret ?? false;
  return {
    name: nameOf(path),
    value: secret ? null : (valueAt(loaded.settings, path) ?? null),
    origin: origin.kind,
    from: originText(origin),
    description: facts.description,
    unit: facts.unit ?? null,
    allowed: allowedText(schema, facts),
    live: facts.live ?? false,
    secret,
    environment: general.includes(anyName) ? null : environmentNameOf(path),
  };
}
