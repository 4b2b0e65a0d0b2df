/**
 * `watching`: a new model and the one before score the same messages. `passed`: it was watched long enough, or was the first. `tripped`:
 * the guard holds its spam back for people. `confirmed`: a person has released it.
 */
export const guardStates = ['watching', 'passed', 'tripped', 'confirmed'] as const;
export type GuardState = (typeof guardStates)[number];

/** How two models differ that have scored the same messages: the new one, and the one before. */
export interface GuardCounts {
  readonly messages: number;
  /** The new one calls spam what the one before does not; and the other way round. */
  readonly spamMore: number;
  readonly spamFewer: number;
  readonly reviewMore: number;
  readonly reviewFewer: number;
}

export const noGuardCounts: GuardCounts = {
  messages: 0,
  spamMore: 0,
  spamFewer: 0,
  reviewMore: 0,
  reviewFewer: 0,
};

export function addGuardCounts(first: GuardCounts, second: GuardCounts): GuardCounts {
  return {
    messages: first.messages + second.messages,
    spamMore: first.spamMore + second.spamMore,
    spamFewer: first.spamFewer + second.spamFewer,
    reviewMore: first.reviewMore + second.reviewMore,
    reviewFewer: first.reviewFewer + second.reviewFewer,
  };
}
