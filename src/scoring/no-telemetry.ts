/**
 * Keeps ONNX Runtime from sending usage data: from version 1.30 on it does so on Linux by default, and keeps a device id and an
 * event queue below the home folder. It reads this variable when a process creates its first session. Of worker threads
 * only the main thread's variable counts, since each has a copy of its own that native code does not see; child
 * processes inherit it.
 */
export function turnOffTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}
