import { spawn } from 'node:child_process';
import { SluiceError } from '../core/errors.ts';
import type { LocalModel } from '../ports/model-store.ts';
import { turnOffTelemetry } from './no-telemetry.ts';
import { residentBytes } from './resident-memory.ts';

export interface AdmissionLimits {
  /** Path of the built admission entry. */
  readonly entryFile: string;
  readonly seconds: number;
  /** Resident memory of the child. */
  readonly bytes: number;
}

/** What the child prints as its last line. */
export interface AdmissionReport {
  readonly admitted: boolean;
  readonly reason: string;
}

const WATCH_MILLISECONDS = 25;

/**
 * Checks a model in a throw-away child process: it must load, agree with its golden messages, score known messages sensibly, and
 * stay within time and memory. A graph of a few bytes can ask for gigabytes or loop for ever, and a crash of the runtime
 * takes its process along, so nothing of this may happen where messages are scored. Throws `MODEL_REFUSED`.
 */
export async function admitModel(model: LocalModel, limits: AdmissionLimits): Promise<void> {
  turnOffTelemetry();
  const child = spawn(process.execPath, [limits.entryFile, model.path, model.version, model.sha256], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let refusal: string | null = null;
  const stop = (reason: string) => {
    refusal ??= reason;
    child.kill('SIGKILL');
  };
  const deadline = setTimeout(
    () => stop(`it was not ready within ${limits.seconds} s`),
    limits.seconds * 1000,
  );
  const watch = setInterval(() => {
    void residentBytes(child.pid).then((bytes) => {
      if (bytes > limits.bytes) stop(`it took more than ${limits.bytes} bytes of memory`);
    });
  }, WATCH_MILLISECONDS);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 'unknown'));
  }).finally(() => {
    clearTimeout(deadline);
    clearInterval(watch);
  });
  refusal ??= refusalOf(Buffer.concat(output).toString(), code, Buffer.concat(errors).toString());
  if (refusal !== null)
    throw new SluiceError(
      'MODEL_REFUSED',
      `model ${model.version} is refused: ${refusal}; the model before stays active. Push a whole model, or name another version.`,
    );
}

function refusalOf(output: string, code: number | string, errors: string): string | null {
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    const report = JSON.parse(lastLine) as AdmissionReport;
    // ONNX Runtime ends its texts with a newline.
    return report.admitted ? null : report.reason.trim();
  } catch {
    const lastWords = errors.trim().split('\n').at(-1) ?? '';
    return `the process of the admission check ended with ${code} and without a report${lastWords === '' ? '' : `: ${lastWords}`}`;
  }
}
