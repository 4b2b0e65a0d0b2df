/** A settings source that may change while the daemon runs: ZooKeeper, or the embedded default's YAML file. */
export interface LiveSettings {
  /** The settings there now, nested as in the settings file. Throws `SETTINGS_UNREADABLE`. */
  read(): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Calls `changed` once at its beginning, since there may have been a change after the last `read`, and then at each change
   * until `signal` aborts; missing a change between two is allowed, the last is not.
   */
  watch(changed: () => void, signal: AbortSignal): Promise<void>;
}
