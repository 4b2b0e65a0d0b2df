/** A function that is loaded when it is first called, so that `--help` loads no graph engine. */
export function lazily<Parameters extends readonly unknown[], Result>(
  load: () => Promise<(...parameters: Parameters) => Result | Promise<Result>>,
): (...parameters: Parameters) => Promise<Result> {
  return async (...parameters) => await (await load())(...parameters);
}

/** What several commands need of the application. */
export const appFunctions = {
  createLog: lazily(async () => (await import('../app/create-log.ts')).createLog),
};
