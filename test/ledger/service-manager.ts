/** How long a unit with Restart= waits; `config/systemd/sluice.service` waits longer, on a machine of its own. */
export const RESTART_SECONDS = 1;

/** Of the exit codes that mean "try again": 69, a service is unavailable; 75, later. */
const mendable: ReadonlySet<number> = new Set([69, 75]);

/**
 * Whether an end that nobody asked for is one that a restart answers. Narrower than systemd's Restart=on-failure, which
 * starts a daemon again after a crash as well: a crash is what a ledger is to find.
 */
export function isRestarted(code: number | null): boolean {
  return code !== null && mendable.has(code);
}
