const numbers = { SIGTERM: 15, SIGINT: 2 } as const;

/**
 * Ends the process at SIGTERM and SIGINT for as long as nothing else listens to them. The kernel drops a signal without a
 * handler for the first process of a container, so a stop during start-up would be lost. Exits with 128 plus the signal's
 * number, as a shell reports it. Does nothing in any other process, which such a signal ends by itself.
 */
export function endAtEarlySignals(process: NodeJS.Process): void {
  if (process.pid !== 1) return;
  for (const [signal, number] of Object.entries(numbers))
    process.on(signal, () => {
      // A command that stops in an orderly way has a listener of its own.
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
}
