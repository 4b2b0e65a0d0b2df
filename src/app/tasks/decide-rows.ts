import type { Actor, RowLabel } from '../../core/decision.ts';
import { ReviewDesk } from '../../review/review-desk.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';

/** Decisions of one person about rows of the training table, as in the console: with activity, and undone there. */
export interface RowDecider {
  /** Returns the decision's id; null where every row had this label of a person. */
  decide(label: RowLabel, ids: readonly number[]): Promise<number | null>;
  undo(decision: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database when the first decision is made. Throws `STORE_FAILED`. */
export function rowDecider({ store }: Pick<Settings, 'store'>, by: string): RowDecider {
  // Who can read the settings of the daemon can write its database anyway.
  const actor: Actor = { name: by, role: 'lead' };
  let opening: ReturnType<typeof open> | undefined;
  const open = async () => {
    const { decisions, accounts } = await adapters.store[store.kind].openConsole(store);
    return {
      desk: new ReviewDesk(decisions),
      close: async () => {
        await decisions.close();
        await accounts.close();
      },
    };
  };
  const desk = async () => {
    opening ??= open();
    return (await opening).desk;
  };
  return {
    decide: async (label, ids) => {
      const { decision } = await (await desk()).relabel(actor, { label, ids: [...ids] });
      return decision?.id ?? null;
    },
    undo: async (decision) => void (await (await desk()).undo(actor, decision)),
    close: async () => {
      if (opening !== undefined) await (await opening).close();
    },
  };
}
