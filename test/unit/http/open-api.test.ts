import { expect, test } from 'vitest';
import { accessRows } from '../../../src/http/route-access.ts';
import { api } from './fakes.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

async function document(): Promise<Document> {
  const { server } = await api();
  const made = server.openapi();
  const served = (await server.inject({ method: 'GET', url: '/openapi.json' })).json() as Document;
  await server.close();
  expect(served).toEqual(JSON.parse(JSON.stringify(made)));
  return served;
}

/** Every value under a key, anywhere in the document. */
function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

test('the API description is OpenAPI 3.1 and names every route', async () => {
  const { openapi, info, paths } = await document();
  expect(openapi).toBe('3.1.0');
  expect(info.version).toBe('0.1.0');
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const accesses = accessRows().map(
    ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
  );
  const unnamed = (route: string) => route.replace(/\{\w+\}/g, '{}');
  // A route without a row in the table of accesses does not start; those of the table are made one by one.
  expect(accesses.map(unnamed)).toEqual(expect.arrayContaining(routes.map(unnamed)));
  expect(routes).toEqual(
    expect.arrayContaining([
      'delete /api/v1/review/leases/{lease}',
      'get /api/v1/activity',
      'get /api/v1/decisions',
      'get /api/v1/models',
      'get /api/v1/review',
      'get /api/v1/review/stats',
      'get /api/v1/review/{id}',
      'get /api/v1/review/{id}/explanation',
      'get /api/v1/session',
      'get /openapi.json',
      'post /api/find_spam',
      'post /api/v1/decisions',
      'post /api/v1/decisions/{id}/undo',
      'post /api/v1/review/leases',
      'post /api/v1/score',
      'put /api/v1/review/leases/{lease}',
    ]),
  );
});

test('every operation in the API description has an id, a summary, a known tag, an answer, and problems for its errors', async () => {
  const { paths, tags } = await document();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const operation of operations) {
    expect(operation.summary).toMatch(/[.?]$/);
    for (const tag of operation.tags!) expect(tags.map(({ name }) => name)).toContain(tag);
    if (operation.responses['204'] === undefined)
      expect(
        (operation.responses['200'] ?? operation.responses['201'] ?? operation.responses['202'])!.content,
      ).toHaveProperty(['application/json']);
    for (const status of ['4XX', '5XX'])
      expect(operation.responses[status]!.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
  }
  expect(Object.keys(paths['/api/find_spam']!.post!.requestBody!.content)).toEqual([
    'application/json',
    'application/x-www-form-urlencoded',
  ]);
});

test('every reference in the API description resolves, and nothing of older versions of the standard is left', async () => {
  const whole = await document();
  const references = valuesOf('$ref', whole) as string[];
  expect(references.length).toBeGreaterThan(5);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\/[A-Za-z]+$/);
    expect(whole.components.schemas).toHaveProperty([reference.split('/').at(-1)!]);
  }
  expect(valuesOf('nullable', whole)).toEqual([]);
  expect(valuesOf('exclusiveMinimum', whole).filter((value) => typeof value === 'boolean')).toEqual([]);
  expect(valuesOf('$schema', whole)).toEqual([]);
});

test('the API description states that an id may be a whole number, and an optional field null', async () => {
  const { paths } = await document();
  const [id] = valuesOf('message_id', paths).filter((value) => 'anyOf' in (value as object));
  expect(id).toMatchObject({ anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] });
  const languages = valuesOf('language', paths).map((value) => (value as { type: unknown }).type);
  expect(languages).toContainEqual(['string', 'null']);
});
