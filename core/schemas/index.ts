// JSON Schema 2020-12; the only room that knows the library.
// Takes: a schema and a value. Gives: sentences about what does not hold. Never: throws for a user's value.
export { schemaProblem, valueProblems, withDefaults } from './schema-check.ts';
export { schemaParts } from './schema-size.ts';
