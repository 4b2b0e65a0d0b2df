import { endAtEarlySignals } from './early-signals.ts';

// Before anything else is loaded: what a static import loads would come before this.
endAtEarlySignals(process);

const { runMain } = await import('./run-main.ts');
await runMain();
