import { createRequire } from 'node:module';
import type * as Ajv from 'ajv/dist/2020.js';
import type * as Re2 from 're2js';

const load = createRequire(import.meta.url);

/**
 * The libraries of this room, each loaded when a schema or a pattern first asks for it: together they are a quarter of the code of
 * most functions, and who has neither should not wait for them. A bundler does not see what is loaded like this;
 * lib/constructs/function-code.ts lays it beside the bundle.
 */
export const libraries = {
  // Casting boundaries: `require` knows no types.
  ajv: () => load('ajv/dist/2020.js') as typeof Ajv,
  re2js: () => load('re2js') as typeof Re2,
};
