/**
 * Does something at once and then every so many seconds, never twice at the same time: a turn that comes while one is under way is left
 * out. `work` never rejects. `stop` waits for what is under way.
 */
export function onATimer(work: () => Promise<void>, everySeconds: number): { stop(): Promise<void> } {
  let working: Promise<void> | undefined;
  const turn = () => {
    working ??= work().finally(() => {
      working = undefined;
    });
  };
  const timer = setInterval(turn, everySeconds * 1000);
  timer.unref();
  turn();
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
}
