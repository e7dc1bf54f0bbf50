import * as z from 'zod';
import type { JsonObject } from '../json/index.ts';
import { agentCatalogueFile } from './agent-schema.ts';
import { definitionFile } from './schema.ts';

/** The language as JSON Schema 2020-12, in the form that authors write: editors complete and check with it. */
export function workflowJsonSchema(): JsonObject {
  return jsonSchemaOf(definitionFile, 'Skein workflow definition');
}

/** The agent catalogue, likewise. */
export function agentCatalogueJsonSchema(): JsonObject {
  return jsonSchemaOf(agentCatalogueFile, 'Skein agent catalogue');
}

function jsonSchemaOf(file: z.ZodType, title: string): JsonObject {
  const schema = z.toJSONSchema(file, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      // zod leaves the default of whatever it transforms out: it could be of the type after. Ours are what an author would write.
      const { default: written } = z.globalRegistry.get(zodSchema) ?? {};
      if (written !== undefined) jsonSchema.default = written;
    },
  });
  // zod's own type for it allows for values that JSON has no form for; its output has none of them.
  return { title, ...(schema as unknown as JsonObject) };
}
