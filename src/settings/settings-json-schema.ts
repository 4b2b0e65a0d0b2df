import * as z from 'zod';
import { bare, factsOf } from './setting.ts';
import { settingsSchema } from './settings-schema.ts';

/**
 * A JSON Schema (draft 7, which the YAML editors know) of the settings file, for completion and checks while typing.
 * What must hold between settings is beyond it.
 */
export function settingsJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(settingsSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // Everything in the schema was built by zod's classic API.
      const schema = zodSchema as unknown as z.ZodType;
      const facts = factsOf(schema);
      if (facts !== undefined) {
        jsonSchema.description =
          facts.unit === undefined ? facts.description : `${facts.description} (${facts.unit})`;
        // Differs from machine to machine.
        if (facts.defaultText !== undefined) delete jsonSchema.default;
      }
      // "Nothing given" says nothing to somebody who writes a file.
      if (bare(schema) instanceof z.ZodObject || bare(schema) instanceof z.ZodRecord)
        delete jsonSchema.default;
    },
  });
  return { ...schema, title: 'Settings of Sluice' };
}
