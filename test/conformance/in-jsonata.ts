// A recorded definition as a machine that the interpreter runs, or why it is none.
import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { Machine } from '../local/interpreter/machine-stage.ts';
import {
  expression,
  insertion,
  membersOf,
  objectsIn,
  reference,
  template,
  term,
  Unsupported,
  type Members,
} from './jsonpath-terms.ts';

/** Fields of JSONata states that the interpreter reads, and some that have no bearing on a replay. */
const supported: { readonly [type: string]: readonly string[] } = {
  Pass: [],
  Succeed: [],
  Wait: ['Seconds', 'Timestamp'],
  Choice: ['Choices', 'Default'],
  Fail: ['Error', 'Cause'],
  Task: ['Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds', 'Retry', 'Catch', 'Credentials'],
  Parallel: ['Branches', 'Arguments', 'Retry', 'Catch'],
  Map: [
    ...['ItemProcessor', 'Items', 'ItemSelector', 'MaxConcurrency', 'Retry', 'Catch'],
    ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
  ],
};
const everywhere = ['Type', 'Comment', 'Next', 'End', 'Output', 'Assign'];

/** A text is the reason why there is no machine. */
export function inJsonata(definition: Json): Machine | string {
  if (!isJsonObject(definition)) return 'a definition that is no JSON object';
  try {
    const { TimeoutSeconds } = definition;
    const branch = branchOf(definition, definition['QueryLanguage'] ?? 'JSONPath');
    // Built of the definition's own members; the interpreter says what else is wrong with it.
    return { ...branch, ...(TimeoutSeconds !== undefined && { TimeoutSeconds }) } as unknown as Machine;
  } catch (error) {
    if (error instanceof Unsupported) return error.message;
    throw error;
  }
}

function branchOf({ StartAt, States }: JsonObject, language: Json): JsonObject {
  const states = Object.entries(membersOf(States)).map(([name, state]): [string, Json] => {
    const { QueryLanguage = language, ...members } = membersOf(state);
    const isPath = QueryLanguage !== 'JSONata';
    return [name, checked(withBranches(isPath ? translated(members) : members, language))];
  });
  return { StartAt: StartAt ?? null, States: Object.fromEntries(states) };
}

function withBranches(state: Members, language: Json): Members {
  const { Branches, ItemProcessor } = state;
  if (Branches !== undefined)
    return { ...state, Branches: objectsIn(Branches).map((inner) => branchOf(inner, language)) };
  if (ItemProcessor === undefined) return state;
  const { ProcessorConfig, ...processor } = membersOf(ItemProcessor);
  if (membersOf(ProcessorConfig)['Mode'] === 'DISTRIBUTED') throw new Unsupported('a distributed Map');
  return { ...state, ItemProcessor: branchOf(processor, language) };
}

function checked(state: Members): Members {
  const type = typeof state['Type'] === 'string' ? state['Type'] : '';
  const known = supported[type];
  if (!known) throw new Unsupported(`states of type ${type}`);
  const odd = Object.keys(state).find((field) => !known.includes(field) && !everywhere.includes(field));
  if (odd !== undefined) throw new Unsupported(`the field ${odd} of a ${type}`);
  return state;
}

/** `SecondsPath: $.n` is `Seconds: {% $states.input.n %}`. */
const pathFields = [
  ...['Seconds', 'Timestamp', 'TimeoutSeconds', 'HeartbeatSeconds', 'MaxConcurrency', 'Error', 'Cause'],
  ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
];

/** A JSONPath state whose fields are plain references, with what JSONata calls them. */
function translated(state: Members): Members {
  const { InputPath, OutputPath, ResultPath, ResultSelector, Parameters, Result, ...more } = state;
  const { ItemsPath: _items, Iterator: _iterator, Assign, Catch, ...rest } = more;
  if (rest['Choices'] !== undefined) throw new Unsupported('the rules of a JSONPath Choice');
  const input = InputPath === null ? '{}' : reference(InputPath ?? '$', '$states.input');
  for (const field of pathFields) {
    const { [`${field}Path`]: path } = rest;
    if (path === undefined) continue;
    rest[field] = expression(reference(path, input));
    Reflect.deleteProperty(rest, `${field}Path`);
  }
  const given = Parameters === undefined ? input : term(Parameters, input);
  const isPass = rest['Type'] === 'Pass';
  const raw = !isPass ? resultOf(rest['Type'], input) : Result === undefined ? given : term(Result, '');
  const result = ResultSelector === undefined ? raw : term(ResultSelector, raw);
  const placed = insertion(ResultPath, result, '$states.input');
  const output = OutputPath === null ? '{}' : OutputPath === undefined ? placed : reference(OutputPath, `(${placed})`);
  const isPlain = output === resultOf(rest['Type'], '$states.input');
  return {
    ...rest,
    ...(rest['Type'] === 'Task' && argumentsOf(InputPath, Parameters, input)),
    ...(rest['Type'] === 'Parallel' && InputPath !== undefined && { Arguments: expression(input) }),
    ...(rest['Type'] === 'Map' && itemsOf(state, input)),
    ...(!isPlain && rest['Type'] !== 'Fail' && { Output: expression(output) }),
    ...(Assign !== undefined && { Assign: template(Assign, result) }),
    ...(Catch !== undefined && { Catch: objectsIn(Catch).map(translatedCatcher) }),
  };
}

const resultOf = (type: Json | undefined, input: string): string =>
  type === 'Task' || type === 'Parallel' || type === 'Map' ? '$states.result' : input;

function argumentsOf(InputPath: Json | undefined, Parameters: Json | undefined, input: string): JsonObject {
  if (Parameters !== undefined) return { Arguments: template(Parameters, input) };
  return InputPath === undefined ? {} : { Arguments: expression(input) };
}

function itemsOf({ InputPath, ItemsPath, ItemSelector, Parameters, Iterator, ItemProcessor }: Members, input: string) {
  const selector = ItemSelector ?? Parameters;
  const items = ItemsPath === undefined ? input : reference(ItemsPath, input);
  const isOwn = InputPath !== undefined || ItemsPath !== undefined;
  return {
    ...(isOwn && { Items: expression(items) }),
    ...(selector !== undefined && { ItemSelector: template(selector, input) }),
    ItemProcessor: ItemProcessor ?? Iterator ?? null,
  };
}

function translatedCatcher({ ResultPath, Assign, ...catcher }: JsonObject): JsonObject {
  return {
    ...catcher,
    ...(ResultPath !== undefined && {
      Output: expression(insertion(ResultPath, '$states.errorOutput', '$states.input')),
    }),
    ...(Assign !== undefined && { Assign: template(Assign, '$states.errorOutput') }),
  };
}
