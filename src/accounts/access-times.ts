/** How long what lets somebody in stays good, in seconds. */
export interface AccessTimes {
  /** A session that is not used for so long has ended. */
  readonly sessionIdle: number;
  /** And after so long in any case. */
  readonly session: number;
  readonly invitation: number;
  readonly firstAdminLink: number;
}

const HOUR = 3600;

export const defaultAccessTimes: AccessTimes = {
  sessionIdle: 12 * HOUR,
  session: 7 * 24 * HOUR,
  invitation: 7 * 24 * HOUR,
  firstAdminLink: 12 * HOUR,
};
