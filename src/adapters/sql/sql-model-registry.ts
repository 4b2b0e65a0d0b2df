import type { Kysely } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type {
  ModelDecision,
  ModelFacts,
  ModelGate,
  ModelRefusal,
  ModelRegistry,
  RegisteredModel,
} from '../../ports/model-registry.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { inTransaction } from './in-transaction.ts';
import type { SqlFlavour } from './sql-flavour.ts';

export interface SqlModelRegistryParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: Pick<SqlFlavour, 'passOverExisting'>;
  /** For people. */
  readonly location: string;
  /** Called after a commit where that alone does not survive a power cut. */
  readonly makeDurable: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The table `models` of an open database; what is decided goes into `activity` too. Throws what the driver throws. */
export class SqlModelRegistry implements ModelRegistry {
  readonly #parts: SqlModelRegistryParts;

  constructor(parts: SqlModelRegistryParts) {
    this.#parts = parts;
  }

  get location(): string {
    return this.#parts.location;
  }

  async pushed(model: ModelFacts): Promise<void> {
    await inTransaction(this.#parts.database, (transaction) => this.#haveRow(transaction, model));
    await this.#parts.makeDurable();
  }

  async activated(model: ModelFacts, decision: ModelDecision): Promise<void> {
    const { database, makeDurable, now } = this.#parts;
    // In its own transaction: two writers that hold a new row each and read all rows would wait for each other.
    await this.pushed(model);
    const at = now();
    await inTransaction(database, async (transaction) => {
      // Changes nothing and holds all rows, so that of two who activate at once the second sees what the first has done.
      await transaction
        .updateTable('models')
        .set(({ ref }) => ({ status: ref('status') }))
        .execute();
      await transaction
        .updateTable('retrain_run')
        .set({ state: 'withdrawn', finished_at: at, note: `${model.version} was ${textOf(decision)}` })
        .where('state', '=', 'promoting')
        .where('challenger', '!=', model.version)
        .execute();
      const active = await transaction
        .selectFrom('models')
        .select('version')
        .where('status', '=', 'active')
        .execute();
      const before = active.map(({ version }) => version);
      if (before.length === 1 && before[0] === model.version) return;
      await transaction
        .updateTable('models')
        .set({ status: 'inactive', deactivated_at: at })
        .where('status', '=', 'active')
        .where('version', '!=', model.version)
        .execute();
      await transaction
        .updateTable('models')
        .set({ status: 'active', activated_at: at, decided: textOf(decision) })
        .where('version', '=', model.version)
        .execute();
      const { who, how, reason = null } = decision;
      const after = JSON.stringify({ model: model.version, how, reason });
      await transaction
        .insertInto('activity')
        .values({ who, what: 'model', before: JSON.stringify(before), after, when: at })
        .execute();
    });
    await makeDurable();
  }

  async refused(version: string, refusal: ModelRefusal): Promise<void> {
    const { database, makeDurable, now } = this.#parts;
    const { who, reason = null, why } = refusal;
    await inTransaction(database, async (transaction) => {
      await transaction
        .updateTable('models')
        .set({ status: 'refused', decided: `refused when ${who} wanted to activate it: ${why}` })
        .where('version', '=', version)
        .where('status', '!=', 'active')
        .execute();
      const after = JSON.stringify({ model: version, reason, why });
      await transaction
        .insertInto('activity')
        .values({ who, what: 'model refused', before: null, after, when: now() })
        .execute();
    });
    await makeDurable();
  }

  async compared(model: ModelFacts, { who, report }: ModelGate): Promise<void> {
    const { database, makeDurable, now } = this.#parts;
    const figures = JSON.stringify({ ...model.figures, gate: report });
    await inTransaction(database, async (transaction) => {
      await this.#haveRow(transaction, model);
      await transaction.updateTable('models').set({ figures }).where('version', '=', model.version).execute();
      if (report.promoted) return;
      await transaction
        .updateTable('models')
        .set({ status: 'refused', decided: `refused by the gate ${report.gate} (${who}): ${report.why}` })
        .where('version', '=', model.version)
        .where('status', '!=', 'active')
        .execute();
      const { champion, gate, why } = report;
      await transaction
        .insertInto('activity')
        .values({
          ...{ who, what: 'model refused', before: JSON.stringify(champion === null ? [] : [champion]) },
          ...{ after: JSON.stringify({ model: model.version, gate, why }), when: now() },
        })
        .execute();
    });
    await makeDurable();
  }

  async list(): Promise<readonly RegisteredModel[]> {
    const rows = await this.#parts.database
      .selectFrom('models')
      .selectAll()
      .orderBy('version', 'desc')
      .execute();
    return rows.map((row) => ({
      version: row.version,
      sha256: row.manifest_sha256,
      path: row.path,
      truePositiveRate: row.true_positive_rate,
      falsePositiveRate: row.false_positive_rate,
      figures: JSON.parse(row.figures) as Record<string, unknown>,
      status: row.status,
      decided: row.decided,
      createdAt: Number(row.created_at),
      activatedAt: numberOrNull(row.activated_at),
      deactivatedAt: numberOrNull(row.deactivated_at),
    }));
  }

  async sha256Of(version: string): Promise<string | undefined> {
    const row = await this.#parts.database
      .selectFrom('models')
      .select('manifest_sha256')
      .where('version', '=', version)
      .executeTakeFirst();
    return row?.manifest_sha256;
  }

  async #haveRow(transaction: Kysely<SluiceDatabase>, model: ModelFacts): Promise<void> {
    const { flavour, now } = this.#parts;
    await transaction
      .insertInto('models')
      .values({
        version: model.version,
        path: model.path,
        status: 'candidate',
        true_positive_rate: model.truePositiveRate,
        false_positive_rate: model.falsePositiveRate,
        manifest_sha256: model.sha256,
        figures: JSON.stringify(model.figures),
        decided: null,
        created_at: now(),
      })
      .modifyEnd(flavour.passOverExisting('status'))
      .execute();
    const { manifest_sha256: known } = await transaction
      .selectFrom('models')
      .select('manifest_sha256')
      .where('version', '=', model.version)
      .executeTakeFirstOrThrow();
    if (known !== model.sha256)
      throw new SluiceError(
        'MODEL_CORRUPT',
        `model ${model.version} is recorded in ${this.location} with another manifest (SHA-256 ${known}) than this one (${model.sha256}); find out which is right`,
      );
  }
}

function textOf({ who, how, reason }: ModelDecision): string {
  return `${how} by ${who}${reason === undefined ? '' : `: ${reason}`}`;
}

function numberOrNull(value: number | string | null): number | null {
  return value === null ? null : Number(value);
}
