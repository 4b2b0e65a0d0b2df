import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Activations } from '../../core/activations.ts';
import type { Actor } from '../../core/decision.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import { readManifest } from '../../core/read-manifest.ts';
import { requireRole } from '../../core/require-role.ts';
import type { Log } from '../../ports/log.ts';
import type {
  ModelDesk,
  ModelOutcome,
  ModelRequest,
  ModelVersion,
  ModelVersions,
} from '../../ports/model-desk.ts';
import type { ModelRegistry, RegisteredModel } from '../../ports/model-registry.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { ActivationRequest, ModelManager } from './manage-models.ts';
import { modelFacts } from './model-facts.ts';

export interface ModelDeskParts {
  readonly manager: Pick<ModelManager, 'list' | 'registered' | 'active' | 'activate' | 'rollback'>;
  readonly registry: Pick<ModelRegistry, 'refused'>;
  /** Runs the admission check. Throws `MODEL_REFUSED`. */
  readonly admit: (model: LocalModel) => Promise<void>;
  /** Folder of models on this machine. */
  readonly localPath: string;
  /** The setting that daemons obey instead of what is activated. */
  readonly pinned: () => string | undefined;
  /** What this daemon scores with; left out in a process that is none. */
  readonly scoresWith?: () => string | undefined;
  readonly log: Log;
}

/** What is known of a version by its own files, which never change. */
interface KnownByFiles extends Pick<ModelVersion, 'truePositiveRate' | 'falsePositiveRate' | 'figures'> {
  readonly facts: NonNullable<ModelVersion['facts']>;
}

/** What somebody else activated since the person looked. */
class Overtaken extends Error {
  readonly now: Activations | undefined;

  constructor(now: Activations | undefined) {
    super('another model was activated');
    this.now = now;
  }
}

const MOST_VERSIONS = 200;
const MOST_WHY = 1000;

/** Models for people: the list, activation and rollback as `sluice model` has them, with an admission check before and one at a time. */
export class ManagedModelDesk implements ModelDesk {
  readonly #parts: ModelDeskParts;
  readonly #files = new Map<string, KnownByFiles>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ModelDeskParts) {
    this.#parts = parts;
  }

  async list(): Promise<ModelVersions> {
    const { manager, scoresWith, pinned } = this.#parts;
    const [stored, activations, registered] = await Promise.all([
      manager.list(),
      manager.active(),
      manager.registered(),
    ]);
    const known = new Map((registered ?? []).map((model) => [model.version, model]));
    const names = [...new Set([...stored, ...known.keys()])].sort().reverse().slice(0, MOST_VERSIONS);
    // Where nothing was activated, a daemon has the version that was the newest when it started.
    const active = activations?.active.version ?? scoresWith?.() ?? stored[0];
    const isStored = new Set(stored);
    const versions: ModelVersion[] = [];
    for (const version of names)
      versions.push(
        await this.#version(version, known.get(version), {
          isActive: version === active,
          isStored: isStored.has(version),
        }),
      );
    return {
      versions,
      activated: activations?.active.version ?? null,
      previous: activations?.before[0]?.version ?? null,
      scoresWith: scoresWith?.() ?? null,
      isDaemon: scoresWith !== undefined,
      pinned: pinned() ?? null,
      isRecordRead: registered !== undefined,
    };
  }

  async activate(actor: Actor, version: string, request: ModelRequest): Promise<ModelOutcome> {
    requireRole(actor, 'lead', 'activating a model');
    return await this.#change(actor, request, version, async (seen, asked) => {
      const isActive = seen === version;
      const activations = await this.#parts.manager.activate(version, {
        ...asked,
        // The one that is active was checked before, and has to be there again after a record was lost.
        ...(isActive ? {} : { admit: this.#parts.admit }),
        confirm: (now) => {
          const current = now?.active.version ?? null;
          if (current !== seen && current !== version) throw new Overtaken(now);
        },
      });
      return { activations, changed: !isActive };
    });
  }

  async rollback(actor: Actor, request: ModelRequest): Promise<ModelOutcome> {
    requireRole(actor, 'lead', 'rolling a model back');
    return await this.#change(actor, request, undefined, async (seen, asked) => {
      const confirm = (now: Activations | undefined) => {
        if ((now?.active.version ?? null) !== seen) throw new Overtaken(now);
      };
      confirm(await this.#parts.manager.active());
      const activations = await this.#parts.manager.rollback({ ...asked, admit: this.#parts.admit, confirm });
      return activations && { activations, changed: true };
    });
  }

  /** `seen` is read when the request arrives, and the change waits for its turn: of two people at once the second is overtaken. */
  async #change(
    actor: Actor,
    { reason, activated }: ModelRequest,
    wanted: string | undefined,
    make: (
      seen: string | null,
      asked: ActivationRequest,
    ) => Promise<{ readonly activations: Activations; readonly changed: boolean } | undefined>,
  ): Promise<ModelOutcome> {
    const { manager, pinned, log } = this.#parts;
    const version = pinned();
    if (version !== undefined) return { kind: 'pinned', version };
    const seen = activated === undefined ? ((await manager.active())?.active.version ?? null) : activated;
    return await this.#inTurn(async () => {
      let recorded = true;
      const onUnrecorded = () => {
        recorded = false;
      };
      try {
        const made = await make(seen, { who: actor.name, reason, onUnrecorded });
        if (made === undefined) return { kind: 'no-previous' };
        const { version: now } = made.activations.active;
        const { changed } = made;
        log.info({ model: now, by: actor.name, changed }, 'a model was activated in the console');
        return { kind: 'done', version: now, before: seen, changed, recorded };
      } catch (error) {
        return await this.#refusal(error, actor, reason, wanted);
      }
    });
  }

  /** The answer for a person who could not change the model. Throws what is no answer for a person. */
  async #refusal(
    error: unknown,
    { name: who }: Actor,
    reason: string,
    wanted: string | undefined,
  ): Promise<ModelOutcome> {
    const { manager, registry, log } = this.#parts;
    if (error instanceof Overtaken) {
      const activated = error.now?.active.version ?? null;
      const row = (await manager.registered())?.find(({ version }) => version === activated);
      return { kind: 'overtaken', activated, decided: row?.decided ?? null };
    }
    if (!(error instanceof SluiceError)) throw error;
    const { code, retriable } = error;
    const version = wanted ?? (await manager.active().catch(() => undefined))?.before[0]?.version ?? null;
    if (code === 'MODEL_STORE_FAILED' && !retriable) {
      log.warn({ model: version, error: error.message }, 'a model could not be activated in the console');
      return { kind: 'not-writable', version };
    }
    if (version === null) throw error;
    if (code === 'MODEL_MISSING') return { kind: 'missing', version };
    if (code !== 'MODEL_REFUSED' && code !== 'MODEL_CORRUPT') throw error;
    const why = whyOf(error);
    log.warn({ model: version, by: who, error: error.message }, 'a model was refused in the console');
    const how = wanted === undefined ? 'rolled back to' : 'activated';
    await registry.refused(version, { who, how, reason, why }).catch((failed: unknown) => {
      log.warn({ model: version, error: describeError(failed) }, 'the refusal could not be recorded');
    });
    return { kind: 'refused', version, why };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #version(
    version: string,
    row: RegisteredModel | undefined,
    { isActive, isStored }: { readonly isActive: boolean; readonly isStored: boolean },
  ): Promise<ModelVersion> {
    const files = await this.#knownByFiles(version);
    // The activation decides; the table may not have been written when it changed.
    const recorded = row?.status === 'active' ? 'inactive' : (row?.status ?? 'candidate');
    return {
      ...{ version, isStored, status: isActive ? 'active' : recorded },
      trainedAt: timeOf(version),
      activatedAt: row?.activatedAt ?? null,
      deactivatedAt: isActive ? null : (row?.deactivatedAt ?? null),
      decided: row?.decided ?? null,
      truePositiveRate: row?.truePositiveRate ?? files?.truePositiveRate ?? null,
      falsePositiveRate: row?.falsePositiveRate ?? files?.falsePositiveRate ?? null,
      figures: row?.figures ?? files?.figures ?? {},
      facts: files?.facts ?? null,
    };
  }

  /** Undefined where this machine has no copy, or one that cannot be read. */
  async #knownByFiles(version: string): Promise<KnownByFiles | undefined> {
    const before = this.#files.get(version);
    if (before !== undefined || !modelVersionPattern.test(version)) return before;
    const path = join(this.#parts.localPath, version);
    try {
      const { manifest, sha256 } = readManifest(await readFile(join(path, 'manifest.json')), version);
      const measured = await modelFacts({ version, path, sha256 }, path);
      const { languages, files, data } = manifest;
      const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
      const known: KnownByFiles = {
        ...measured,
        facts: { ...{ languages, bytes, profile: data.profile }, ...{ spam: data.spam, ham: data.ham } },
      };
      this.#files.set(version, known);
      return known;
    } catch {
      return undefined;
    }
  }
}

/** Versions begin with the time of their training. */
function timeOf(version: string): number | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(version) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}

/** The part of the error that differs from model to model. */
function whyOf({ message }: SluiceError): string {
  return (/^model \S+ is (?:refused|not whole): (.*); /s.exec(message)?.[1] ?? message).slice(0, MOST_WHY);
}
