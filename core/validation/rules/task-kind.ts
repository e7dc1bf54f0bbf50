import { pathTo } from '../region.ts';
import { forEachTask } from '../rule.ts';
import { kindOf, taskKinds, type TaskKind } from '../task-kind.ts';

/** VAL217: a task does one thing. */
export const oneKind = forEachTask(function* (placed) {
  const { task } = placed;
  const [first, second] = taskKinds.filter((kind) => task[kind] !== undefined);
  if (first === undefined) {
    yield {
      code: 'VAL217',
      message: `The task \`${task.id}\` says nothing that it does.`,
      path: placed.path,
      hint: 'name its `agent`',
    };
  } else if (second !== undefined) {
    yield {
      code: 'VAL217',
      message: `The task \`${task.id}\` has \`${first}\` and \`${second}\`: it can do one of them.`,
      path: pathTo(placed, second),
      part: 'key',
      related: [{ message: 'the other one', path: pathTo(placed, first) }],
    };
  }
});

const ofEveryKind = [
  'id',
  'description',
  'depends_on',
  'join',
  'when',
  'continue_on_failure',
  'allow_skip',
  'checkpoint_after',
];

/** What each kind reads beside that; agents read every key. */
const ofKind: Readonly<Record<Exclude<TaskKind, 'agent' | 'requires'>, readonly string[]>> = {
  workflow: ['for_each', 'output', 'timeout', 'effect'],
  wait: [],
  emit: ['effect'],
  loop: [],
  group: [],
};

/** VAL219: every key means something on its kind of task. */
export const meaningfulKeys = forEachTask(function* (placed) {
  const kind = kindOf(placed.task);
  if (kind === undefined || kind === 'agent' || kind === 'requires') return;
  const known = [...ofEveryKind, ...ofKind[kind], kind];
  for (const key of Object.keys(placed.task)) {
    if (known.includes(key)) continue;
    yield {
      code: 'VAL219',
      message: `\`${placed.task.id}\` is ${kind === 'emit' ? 'an' : 'a'} \`${kind}\` task, and \`${key}\` means nothing there.`,
      path: pathTo(placed, key),
      part: 'key',
      hint: hintFor(placed.task.wait?.event === undefined ? kind : 'event', key),
    };
  }
});

/** The kinds of task that a key means something on. */
export function kindsThatRead(key: string): readonly TaskKind[] {
  if (ofEveryKind.includes(key)) return taskKinds;
  const own = taskKinds.find((kind) => kind === key);
  if (own !== undefined) return [own];
  return taskKinds.filter((kind) => kind === 'agent' || kind === 'requires' || ofKind[kind].includes(key));
}

/** Where the same thing is said for this kind. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['workflow input', '`workflow: { input: … }`'],
  ['emit input', '`emit: { data: … }`'],
  ['event timeout', '`wait: { event: …, timeout: … }`'],
  ['event input', '`wait: { event: …, match: … }`'],
]);

function hintFor(kind: TaskKind | 'event', key: string): string {
  const place = elsewhere.get(`${kind} ${key}`);
  if (place !== undefined) return `write ${place}`;
  return kind === 'loop' || kind === 'group' ? 'write it on the tasks inside' : 'remove it';
}
