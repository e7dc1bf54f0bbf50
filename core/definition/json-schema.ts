import { z } from 'zod';
import type { JsonObject } from '../json/index.ts';
import { definitionFile } from './schema.ts';

/** The language as JSON Schema 2020-12, in the form that authors write: editors complete and check with it. */
export function workflowJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(definitionFile, { io: 'input' });
  // zod's own type for it allows for values that JSON has no form for; its output has none of them.
  return { ...(schema as unknown as JsonObject), title: 'Skein workflow definition' };
}
