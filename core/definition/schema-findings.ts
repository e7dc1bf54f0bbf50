import { canonicalJson, type JsonObject } from '../json/index.ts';
import { schemaParts, schemaProblem } from '../schemas/index.ts';
import type { Path } from './definition.ts';
import type { Finding } from './finding.ts';

/** Mappings in all different schemas of a document. Compiling costs 0.1 ms for each; 10,000 tasks may share one schema, and do not need 10,000. */
const MOST_PARTS = 10_000;

/** VAL216 and VAL236: what describes inputs and outputs is JSON Schema, and not more of it than can be checked in good time. */
export function* schemaFindings(
  schemas: Iterable<{ readonly schema: JsonObject | undefined; readonly path: Path }>,
): Generator<Finding> {
  const known = new Map<string, string | undefined>();
  let parts = 0;
  for (const { schema, path } of schemas) {
    if (!schema) continue;
    const text = canonicalJson(schema);
    if (!known.has(text)) {
      parts += schemaParts(schema);
      if (parts > MOST_PARTS) {
        const message = `The schemas up to this one have more than ${MOST_PARTS} parts: those that follow were not looked at.`;
        yield { code: 'VAL236', message, path, part: 'key' };
        return;
      }
      known.set(text, schemaProblem(schema));
    }
    const problem = known.get(text);
    if (problem !== undefined)
      yield { code: 'VAL216', message: `\`${String(path.at(-1))}\` is no JSON Schema: ${problem}.`, path, part: 'key' };
  }
}
