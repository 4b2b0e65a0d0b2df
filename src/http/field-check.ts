import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { ZodType } from 'zod';
import { type FieldError, jsonPointer } from './problem.ts';

/** A request whose body or parameters do not match the schema of its route. */
export class FieldsError extends Error {
  override readonly name = 'FieldsError';
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('the request does not match its schema');
    this.errors = errors;
  }
}

/** Checks parts of a request against zod schemas; zod's messages name types and limits and never quote a value. */
export const checkFields: FastifySchemaCompiler<ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) =>
    checked(schema, data, httpPart === 'body' ? 'body' : 'parameters');

/**
 * Like {@link checkFields}, for a route whose body may have one of several shapes: `choose` picks the schema by looking
 * at the body, so that the errors are those of one shape. The body passes on as it came.
 */
export function checkBodyAs(choose: (body: unknown) => ZodType): FastifySchemaCompiler<unknown> {
  return (route) =>
    route.httpPart === 'body'
      ? (data: unknown) => {
          const result = checked(choose(data), data, 'body');
          return 'error' in result ? result : { value: data };
        }
      : checkFields({ ...route, schema: route.schema as ZodType });
}

function checked(
  schema: ZodType,
  data: unknown,
  part: 'body' | 'parameters',
): { value: unknown } | { error: Error } {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data };
  const errors = result.error.issues.map(({ path, message }) =>
    part === 'body'
      ? { pointer: jsonPointer(path), detail: message }
      : { parameter: path.map(String).join('.'), detail: message },
  );
  return { error: new FieldsError(errors) };
}

/** Path of the route as it was registered; the address itself may hold text that has no place in a log. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(none)';
}
