// JSON Schema 2020-12, and patterns that no text holds up; the only room that knows the libraries.
// Takes: a schema and a value. Gives: sentences about what does not hold, patterns in linear time. Never: throws for a user's value.
export { linearPattern, type LinearPattern } from './linear-pattern.ts';
export { schemaProblem, valueProblems, withDefaults } from './schema-check.ts';
export { schemaParts } from './schema-size.ts';
