import type { Actor } from '../core/decision.ts';
import type { Thresholds } from '../core/decision-policy.ts';

export interface CurrentThresholds {
  readonly thresholds: Thresholds;
  /** For people: where they would be saved; null where there is nothing to save to. */
  readonly location: string | null;
}

export type SavedThresholds =
  | {
      readonly kind: 'done';
      readonly location: string;
      /** False where they were so already. */
      readonly changed: boolean;
      /** False where the activity log lacks it. */
      readonly recorded: boolean;
    }
  /** Somebody was faster; these are the current ones. */
  | { readonly kind: 'overtaken'; readonly now: Thresholds }
  /** The settings would not be valid, are overridden, or cannot be written. For people. */
  | { readonly kind: 'refused'; readonly why: string };

/** The thresholds of all communities without their own, where the settings are. */
export interface ThresholdKeeper {
  /** As they are at their source now. */
  current(): Promise<CurrentThresholds>;
  /** Throws `ROLE_REFUSED` for all but leads, and `SETTINGS_AWAY` where the source does not answer; then nothing was changed. */
  save(
    actor: Actor,
    request: { readonly thresholds: Thresholds; readonly seen: Thresholds; readonly why: string },
  ): Promise<SavedThresholds>;
}
