/** A place whose settings may change while the daemon runs: ZooKeeper, or the embedded default's YAML file. */
export interface LiveSettings {
  /** The settings there now, nested as in the settings file. Throws `SETTINGS_UNREADABLE`. */
  read(): Promise<Readonly<Record<string, unknown>>>;
  /** Calls `changed` at each change until `signal` aborts; missing a change between two is allowed, the last is not. */
  watch(changed: () => void, signal: AbortSignal): Promise<void>;
}
