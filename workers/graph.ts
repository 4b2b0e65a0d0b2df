import { InferenceSession, Tensor } from 'onnxruntime-node';
import { turnOffTelemetry } from '../src/scoring/no-telemetry.ts';

export interface GraphInput {
  readonly data: Int32Array | Float32Array;
  readonly dims: readonly number[];
}

/**
 * One ONNX graph. One thread per session: ONNX Runtime sizes its own pools to the machine, blind to cgroups, and the
 * threads here are Piscina's.
 */
export class Graph {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Of the bytes of a graph that takes nothing from other files. */
  static async load(content: Uint8Array): Promise<Graph> {
    turnOffTelemetry();
    const session = await InferenceSession.create(content, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    return new Graph(session);
  }

  /** Runs to its end; there is no way to abort it, since that would end the process. */
  async run(inputs: Readonly<Record<string, GraphInput>>, output: string): Promise<Float32Array> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, { data, dims }] of Object.entries(inputs)) {
      feeds[name] =
        data instanceof Int32Array ? new Tensor('int32', data, dims) : new Tensor('float32', data, dims);
    }
    const results = await this.#session.run(feeds, [output]);
    return results[output]!.data as Float32Array;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
