import type { Json } from '../../core/json/index.ts';

/** Bytes of JSON that a state may take or give: 256 KiB, Step Functions' quota for payloads. */
export const dataLimit = 262_144;

/** No JSON text spends more than six bytes on a UTF-16 unit: an escape like \u0000. */
const bytesPerUnit = 6;
const bytesPerScalar = 24;

/** An upper bound of the JSON text's bytes, in a walk that costs far less than writing the text. */
function atMostBytes(value: Json): number {
  if (typeof value === 'string') return value.length * bytesPerUnit + 2;
  if (typeof value !== 'object' || value === null) return bytesPerScalar;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) bytes += atMostBytes(item) + 1;
    return bytes;
  }
  for (const [key, member] of Object.entries(value)) bytes += key.length * bytesPerUnit + 4 + atMostBytes(member);
  return bytes;
}

export function exceedsDataLimit(value: Json): boolean {
  return atMostBytes(value) > dataLimit && Buffer.byteLength(JSON.stringify(value)) > dataLimit;
}
