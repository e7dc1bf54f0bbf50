import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './json.ts';

/** SHA-256 of the canonical form, 64 hexadecimal characters. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** SHA-256 of a text's UTF-8 bytes, 64 hexadecimal characters. */
export function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
