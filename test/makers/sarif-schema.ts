import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

/** The official schema is of draft 4; without that word, what it says means the same to ajv. */
export function sarifSchema(): ValidateFunction {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  delete schema['$schema'];
  delete schema['id'];
  const formats = { uri: true, 'uri-reference': true, 'date-time': true } as const;
  // One of its patterns is not a regular expression in unicode mode.
  return new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);
}
