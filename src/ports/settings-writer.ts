/** One setting and its new value; a value of JSON. */
export interface SettingChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The settings of one source with some of them changed, before they are written. */
export interface ProposedSettings {
  /** All settings of the source as they would be, nested as in the settings file. */
  readonly nested: Readonly<Record<string, unknown>>;
  /**
   * Writes them as a whole: a reader, or a crash, sees the old or the new ones. Throws `SETTINGS_UNREADABLE` where the source cannot be
   * written, or is not as it was when it was read: then nothing was changed.
   */
  write(): Promise<void>;
}

/** A settings source that can be written. */
export interface SettingsWriter {
  /** For people: a path, or the address of ZooKeeper. */
  readonly location: string;
  /** Reads the source and changes the settings named; writes nothing yet. Throws `SETTINGS_UNREADABLE`, `SETTINGS_AWAY`. */
  propose(changes: readonly SettingChange[]): Promise<ProposedSettings>;
}
