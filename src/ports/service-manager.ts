/** Who started this process and watches over it. Telling never throws and never waits: the line comes first. */
export interface ServiceManager {
  /** It is to hear {@link alive} at least so often, or it starts the process anew; undefined where it does not watch. */
  readonly watchdogSeconds: number | undefined;
  /** The start, or a reloading, has ended. `status`: one line for people. */
  ready(status: string): void;
  status(text: string): void;
  /** Changed settings are being put in force, which {@link ready} ends. */
  reloading(): void;
  stopping(status: string): void;
  /** Work moves. */
  alive(status: string): void;
  /** Resolves when all that was told has been passed on, or given up. */
  flushed(): Promise<void>;
}
