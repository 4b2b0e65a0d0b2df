import { fastifySwagger } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import * as z from 'zod';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';

type Schemas = Readonly<Record<string, unknown>>;

const descriptionSchema = z
  .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
  .meta({ description: 'An OpenAPI document.' });

/** Describes the routes that are added after it, and serves the description at `/openapi.json`. */
export async function describeApi(app: ApiApp, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        version,
        description: 'Scores messages that users send each other: ham, spam, or review by a person.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      // Who may call is decided by who can reach the listener.
      security: [],
      tags: [
        { name: 'verdicts', description: 'Score messages.' },
        { name: 'review', description: 'The review queue.' },
        { name: 'overview', description: 'How this process is, and how it is configured.' },
        { name: 'training', description: 'The data that models are trained on.' },
        { name: 'access', description: 'Sessions, accounts, invitations and API tokens.' },
        { name: 'models', description: 'The active model, and all versions.' },
        { name: 'dead letters', description: 'Messages that could not be read.' },
        { name: 'erasure', description: "Erase a person's text, with its proof." },
        { name: 'description', description: 'This document.' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const whole = jsonSchemaTransformObject(document) as {
        components: { schemas: Schemas };
        paths: unknown;
      };
      const schemas = referred(whole.components.schemas, whole.paths);
      return { ...whole, components: { ...whole.components, schemas } } as ReturnType<
        typeof jsonSchemaTransformObject
      >;
    },
  });
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'describe',
        summary: 'This API as an OpenAPI 3.1 document.',
        tags: ['description'],
        response: { 200: descriptionSchema, ...problemAnswers },
      },
    },
    async () => app.swagger() as unknown as z.infer<typeof descriptionSchema>,
  );
}

/** The schemas that the paths refer to, directly or through others. zod's registry also holds some of other uses. */
function referred(schemas: Schemas, paths: unknown): Schemas {
  const names = new Set<string>();
  const seek = (node: unknown): void => {
    for (const [, name] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || names.has(name)) continue;
      names.add(name);
      seek(schemas[name]);
    }
  };
  seek(paths);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)));
}
