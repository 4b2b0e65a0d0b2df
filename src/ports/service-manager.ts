/** The program that started this process and watches it. Notifying never throws and never waits: the pipeline comes first. */
export interface ServiceManager {
  /** It must hear {@link alive} at least so often, or it restarts the process; undefined if it does not watch. */
  readonly watchdogSeconds: number | undefined;
  /** The start, or a reloading, has ended. `status`: one line for people. */
  ready(status: string): void;
  status(text: string): void;
  /** Changed settings are being applied, which {@link ready} ends. */
  reloading(): void;
  stopping(status: string): void;
  /** Work moves. */
  alive(status: string): void;
  /** Resolves when all notifications have been passed on or given up. */
  flushed(): Promise<void>;
}
