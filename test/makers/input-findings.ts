import type { Json, JsonObject } from '../../core/json/index.ts';
import { findingsOn, withCode } from './findings.ts';

/** `message hint` of what is wrong with a task's input; it may read those that stand before it. */
export const inputFindings = (
  schema: JsonObject,
  input: Json,
  { before = [], ...more }: { input?: JsonObject; before?: readonly { readonly id: string }[] } = {},
): readonly string[] => {
  const tasks = [...before, { id: 'a', agent: 'worker', depends_on: before.map(({ id }) => id), input }];
  return withCode(findingsOn({ ...more, tasks }, { type: { input: schema } }), 'VAL230').map(
    ({ message, hint }) =>
      `${message.replace('The input of `a` does not fit the agent type `worker`: ', '')}${hint === undefined ? '' : ` ${hint}`}`,
  );
};

/** The schema of an object. */
export const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
export const xOf = (schema: JsonObject): JsonObject => of({ x: schema });
