import { createRequire } from 'node:module';

type Validator = (definition: object) => { readonly errors: readonly object[] };

/** The package has no types; this is the part of it that is used. */
const validate = createRequire(import.meta.url)('asl-validator') as Validator;

/** What an independent reader of ASL finds wrong, as texts. It gets a copy, because it writes into what it is given. */
export function aslErrors(machine: object): string[] {
  return validate(structuredClone(machine)).errors.map((error) => JSON.stringify(error));
}
