import { didYouMean } from '../../core/diagnostics/index.ts';
import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import { expressionFault, type Machine } from '../interpreter/index.ts';
import { placeOf, type MachineFault, type Path } from './machine-faults.ts';
import { shapeFaults } from './shape-faults.ts';

/** Levels of objects and lists: more is a mistake, or mischief. */
const deepest = 200;

/** The machine that a document holds, or all that keeps it from being one. */
export function readMachine(
  document: Json,
): { readonly machine: Machine } | { readonly faults: readonly MachineFault[] } {
  const faults = faultsOf(document);
  // The schema has every field that the interpreter reads.
  return faults.length === 0 ? { machine: document as unknown as Machine } : { faults };
}

/** One kind of fault at a time: a machine in JSONPath has none of the fields, and names are read when fields are right. */
function faultsOf(document: Json): MachineFault[] {
  if (!isJsonObject(document) || !isJsonObject(document['States']) || isDeeperThan(document, deepest)) {
    const hint = 'it takes the form { "QueryLanguage": "JSONata", "StartAt": …, "States": { … } }';
    return [{ code: 'no_machine', place: '/', message: 'this is no state machine', hint }];
  }
  for (const check of [languageFaults, shapeFaults, machineTargetFaults, expressionFaults]) {
    const faults = check(document);
    if (faults.length > 0) return faults;
  }
  return [];
}

const statesOf = (branch: Json | undefined): [string, JsonObject][] =>
  Object.entries((isJsonObject(branch) && isJsonObject(branch['States']) && branch['States']) || {}).filter(
    (entry): entry is [string, JsonObject] => isJsonObject(entry[1]),
  );

function branchesOf({ Branches, ItemProcessor }: JsonObject): [Path, JsonObject][] {
  const branches: [Path, Json][] = Array.isArray(Branches)
    ? (Branches as readonly Json[]).map((branch, index) => [['Branches', index], branch])
    : [];
  return [...branches, [['ItemProcessor'], ItemProcessor ?? null] satisfies [Path, Json]].filter(
    (entry): entry is [Path, JsonObject] => isJsonObject(entry[1]),
  );
}

/** States that the machine writes in JSONPath, which is the language of whatever names no other. */
function languageFaults(machine: JsonObject): MachineFault[] {
  const inBranch = (branch: JsonObject, path: Path): MachineFault[] =>
    statesOf(branch).flatMap(([name, state]) => {
      const place = [...path, 'States', name];
      const inner = branchesOf(state).flatMap(([way, within]) => inBranch(within, [...place, ...way]));
      if ((state['QueryLanguage'] ?? machine['QueryLanguage']) === 'JSONata') return inner;
      const message = 'this state is written in JSONPath, and only JSONata runs here';
      const hint = 'write it in JSONata, and "QueryLanguage": "JSONata" at the top of the machine';
      return [{ code: 'jsonpath', place: placeOf(place), message, hint }, ...inner];
    });
  return inBranch(machine, []);
}

/** Ways that lead nowhere: control cannot leave a branch other than by its end. */
function targetFaults(branch: JsonObject, path: Path): MachineFault[] {
  const states = statesOf(branch);
  const names = states.map(([name]) => name);
  const check = (target: Json | undefined, way: Path): MachineFault[] => {
    if (typeof target !== 'string' || names.includes(target)) return [];
    const near = didYouMean(target, names);
    const hint = near === undefined ? 'name a state of the same branch' : `did you mean ${near}?`;
    const message = `there is no state ${target} in this branch`;
    return [{ code: 'unknown_state', place: placeOf([...path, ...way]), message, hint }];
  };
  return [
    ...check(branch['StartAt'], ['StartAt']),
    ...states.flatMap(([name, state]) => {
      const place = ['States', name];
      const listed = (['Choices', 'Catch'] as const).flatMap((list) =>
        entriesOf(state[list]).flatMap(({ Next }, index) => check(Next, [...place, list, index, 'Next'])),
      );
      const own = (['Next', 'Default'] as const).flatMap((field) => check(state[field], [...place, field]));
      return [
        ...own,
        ...listed,
        ...branchesOf(state).flatMap(([way, inner]) => targetFaults(inner, [...path, ...place, ...way])),
      ];
    }),
  ];
}

const machineTargetFaults = (machine: JsonObject): MachineFault[] => targetFaults(machine, []);

const entriesOf = (list: Json | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : [];

/** JSONata that does not parse, wherever it stands. */
function expressionFaults(machine: JsonObject): MachineFault[] {
  const within = (value: Json, path: Path): MachineFault[] => {
    if (typeof value === 'string') {
      const message = path.at(-1) === 'Comment' ? undefined : expressionFault(value);
      if (message === undefined) return [];
      return [{ code: 'bad_expression', place: placeOf(path), message, hint: 'correct what stands between {% and %}' }];
    }
    if (Array.isArray(value))
      return (value as readonly Json[]).flatMap((item, index) => within(item, [...path, index]));
    return isJsonObject(value) ? Object.entries(value).flatMap(([key, member]) => within(member, [...path, key])) : [];
  };
  return within(machine, []);
}
