import { describe, expect, it } from 'vitest';
import type { Attempt, ExecutionRecord, TaskRecord } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { explain, type Explanation } from '../../../core/projections/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

const live: Attempt = {
  number: 1,
  state: 'running',
  engine: 'engine-1',
  startedAt: midnight,
  deadline: midnight + 300_000,
  heartbeatAt: midnight,
};

type Records = Readonly<Record<string, Partial<TaskRecord>>>;

interface Asked {
  readonly settings?: PlanSettings;
  readonly execution?: Partial<ExecutionRecord>;
  readonly ask?: string;
}

function explained(tasks: SmallTasks, records: Records, { settings, execution, ask }: Asked = {}): Explanation {
  const input = {
    execution: anExecution(execution),
    plan: smallPlan(tasks, settings),
    tasks: Object.entries(records).map(([path, change]) => aTask({ path: taskPath(path), ...change })),
    now: midnight + 20_000,
    isAttended: true,
  };
  return explain(input, ask === undefined ? undefined : taskPath(ask));
}

const failed = (error: TaskRecord['error']): Partial<TaskRecord> => ({
  status: 'failed',
  attempts: 3,
  ...(error && { error }),
});

describe('the command that ends a wait for an event', () => {
  const wait = (event: string, match?: Json): SmallTasks => ({
    w: { wait: { kind: 'event', event, ...(match !== undefined && { match }) } },
  });
  const waiting = (event: string, input?: TaskRecord['input']): Records => ({
    w: { status: 'parked', cause: { kind: 'event', event }, ...(input && { input }) },
  });

  it.each<[string, Json, string]>([
    ['one of several values', { commit: ['abc', 'def'] }, `'{"commit":"abc"}'`],
    ['a value', { commit: 'abc', n: 1 }, `'{"commit":"abc","n":1}'`],
    ['members of members', { by: { team: ['core'] } }, `'{"by":{"team":"core"}}'`],
    ['a value out of none', { commit: [] }, `'{"commit":null}'`],
    ['anything', {}, `'{}'`],
    ['a quote', { say: "it's" }, String.raw`'{"say":"it'\''s"}'`],
  ])('has data that match a pattern of %s', (_what, pattern, data) => {
    const { next } = explained(wait('done', {}), waiting('done', { inline: pattern }), { ask: 'w' });

    expect(next?.command).toBe(`skein emit done --data ${data}`);
    expect(next?.what).toBe(
      `somebody must publish an event \`done\` with data that match \`${JSON.stringify(pattern)}\``,
    );
  });

  const long = (length: number): Json => ({ k: 'x'.repeat(length - '{"k":""}'.length) });

  it('leaves the data to the reader where the pattern is long, or not at hand', () => {
    const asked = (input?: TaskRecord['input']) => explained(wait('done', {}), waiting('done', input), { ask: 'w' });
    const unknown = {
      what: 'somebody must publish an event `done` that its `match` accepts',
      who: 'publisher',
      command: "skein emit done --data '…'",
    };

    expect(asked({ inline: long(200) }).next?.command).toContain('xxx');
    expect(asked({ inline: long(201) }).next).toEqual(unknown);
    expect(asked({ inline: 'done' }).next).toEqual(unknown);
    expect(asked({ blob: 'b'.repeat(64), bytes: 9 }).next).toEqual(unknown);
    expect(asked().next).toEqual(unknown);
  });

  it('has no data where any will do', () => {
    const { next } = explained(wait('done'), waiting('done', { inline: { a: 1 } }), { ask: 'w' });

    expect(next?.command).toBe('skein emit done');
    expect(next?.what).toBe('somebody must publish an event `done`');
  });

  it.each([
    ['build.finished', 'build.finished'],
    ['a/b:c-d_e', 'a/b:c-d_e'],
    ['build finished', "'build finished'"],
    ['$HOME', "'$HOME'"],
    ['done;', "'done;'"],
  ])('quotes the name %s for a shell', (event, word) => {
    expect(explained(wait(event), waiting(event), { ask: 'w' }).next?.command).toBe(`skein emit ${word}`);
  });
});

describe('what is said of an error', () => {
  const said = (message: string): string => {
    const { sentence } = explained({ a: {} }, { a: failed({ name: 'Broken', message }) }, { ask: 'a' });
    return sentence.slice(0, sentence.indexOf(' after 3 attempts'));
  };

  it.each<[string, string]>([
    ['', 'Task `a` failed with `Broken`'],
    ['  \n', 'Task `a` failed with `Broken`'],
    ['no such file.', 'Task `a` failed with `Broken` (no such file)'],
    ['v1.2 is gone', 'Task `a` failed with `Broken` (v1.2 is gone)'],
    ['\n first\nsecond', 'Task `a` failed with `Broken` (first)'],
    ['x'.repeat(200), `Task \`a\` failed with \`Broken\` (${'x'.repeat(200)})`],
    ['x'.repeat(201), `Task \`a\` failed with \`Broken\` (${'x'.repeat(200)}…)`],
  ])('takes of %j the beginning of the first line', (message, text) => {
    expect(said(message)).toBe(text);
  });

  it('is a plain failure where the ledger has lost it', () => {
    expect(explained({ a: {} }, { a: failed(undefined) }, { ask: 'a' }).sentence).toContain(
      'Task `a` failed with `AgentFailure` after 3 attempts',
    );
  });
});

describe('who holds what a task waits for', () => {
  const parked = (limit: string): Partial<TaskRecord> => ({
    status: 'parked',
    cause: { kind: 'concurrency', limit, size: 2 },
  });
  const works: Partial<TaskRecord> = { status: 'running', attempts: 1, attempt: live };

  it('names those of this execution that hold slots of a pool, or says that others do, and until when it waits', () => {
    const cause = { kind: 'pool', pool: 'shared', capacity: 2, position: 3 } as const;
    const waits: Partial<TaskRecord> = { status: 'parked', cause };
    const holder: Partial<TaskRecord> = {
      ...works,
      attempt: { ...live, holds: { pool: { pool: 'shared', slot: 0, token: 1 } } },
    };

    const own = explained({ a: {}, z: {} }, { a: waits, z: holder }, { ask: 'a' });
    expect(own.chain[0]?.sentence).toBe(
      'Task `a` waits for one of the 2 slots of pool `shared`: it came as number 3 of its queue, and of this execution `z` holds one.',
    );
    expect(own.chain[1]?.path).toBe('z');

    const others = explained({ a: {}, z: {} }, { a: waits, z: works }, { ask: 'a' });
    expect(others.chain[0]?.sentence).toContain('and other executions hold all of them');
    expect(others.next?.what).toBe('a task of another execution must give back a slot of `shared`');
  });

  it('says how often an agent may be called, and when it is the turn of a task that waits for that', () => {
    const cause = { kind: 'rate', agent: 'search_agent', calls: 60, per: 90, at: midnight + 32_000 } as const;

    const { chain, next } = explained({ a: {} }, { a: { status: 'parked', cause } }, { ask: 'a' });

    expect(chain[0]?.sentence).toBe(
      'Task `a` waits for its turn, because `search_agent` is called 60 times in 1 min 30 s at most.',
    );
    expect(next?.who).toBe('engine');
    expect(next?.what).toMatch(
      /^the engine calls `search_agent` for `a` at .*Z \(in 12 s\), unless tasks with more priority come before it$/,
    );
  });

  it('names those that have an attempt, in the order of the plan, and no child', () => {
    const tasks = { z: {}, sub: { workflow: 'child' }, b: { fanOut: 11 }, y: {}, a: {} };
    const { chain } = explained(
      tasks,
      {
        a: parked('max_parallel'),
        y: works,
        'b[10]': works,
        'b[2]': works,
        sub: { status: 'running', child: anExecution().id },
        z: works,
      },
      { ask: 'a' },
    );

    expect(chain[0]?.sentence).toBe(
      'Task `a` waits for one of the 2 places of `max_parallel`, held by `z`, `b[2]`, `b[10]` and 1 more.',
    );
    expect(chain[1]?.path).toBe('z');
  });

  it("names for a group's limit only those inside of it", () => {
    const tasks = { g: { group: { tasks: { x: {}, y: {} } } }, gg: {}, o: {} };
    const open = { g: { status: 'running' }, gg: works, o: works, 'g/y': parked('g.max_parallel') } as const;

    const inside = explained(tasks, { ...open, 'g/x': works }, { ask: 'g/y' });
    const nobody = explained(tasks, open, { ask: 'g/y' });

    expect(inside.chain[0]?.sentence).toContain('held by `g/x`.');
    expect(nobody.chain).toHaveLength(1);
    expect(nobody.chain[0]?.sentence).toContain('held by other executions.');
    expect(nobody.next).toEqual({
      what: 'the task of another execution that holds a place of `g.max_parallel` must settle',
      who: 'agent',
    });
  });
});

describe('what a failure took down', () => {
  const tasks: SmallTasks = {
    a: {},
    b: { after: ['a'] },
    c: { after: ['b'] },
    d: { after: ['a'], join: 'all_done' },
    e: {},
  };
  const down = { status: 'upstream_failed' } as const;

  it('is what could not run because of it, by way of others too, and nothing else', () => {
    const { sentence } = explained(
      tasks,
      { a: failed({ name: 'Broken', message: '' }), b: down, c: down, d: { status: 'succeeded' }, e: down },
      { ask: 'a' },
    );

    expect(sentence).toContain('Task `a` failed with `Broken` after 3 attempts, and took down `b` and `c`;');
  });

  it('is nothing for an item', () => {
    const { chain } = explained(
      { scan: { fanOut: 2 }, b: { after: ['scan'] } },
      { 'scan[0]': failed({ name: 'Broken', message: '' }), b: down },
      { ask: 'scan[0]' },
    );

    expect(chain[0]?.sentence).toBe('Task `scan[0]` failed with `Broken` after 3 attempts.');
  });
});

describe('which failure failed an execution', () => {
  const tasks = { a: {}, b: {}, g: { group: { tasks: { x: {} } } }, mild: { continueOnFailure: true } };
  const error = { name: 'Broken', message: '' };
  const records: Records = {
    a: { ...failed(error), lamport: 9 },
    b: { ...failed(error), lamport: 4 },
    g: { ...failed(error), lamport: 7 },
    'g/x': { ...failed(error), lamport: 6 },
    mild: { ...failed(error), lamport: 1 },
  };
  const firstOf = (stopping?: string): string | undefined =>
    explained(tasks, records, {
      execution: {
        status: 'failed',
        ...(stopping !== undefined && {
          stopping: { reason: 'failure', drain: false, at: midnight, task: taskPath(stopping) },
        }),
      },
    }).chain[0]?.sentence;

  it.each([
    [undefined, 'task `b` failed with `Broken` after 3 attempts; `g` and `a` failed too'],
    ['a', 'task `a` failed with `Broken` after 3 attempts; `b` and `g` failed too'],
    ['g/x', 'group `g` failed because its task `g/x` failed with `Broken` after 3 attempts; `b` and `a` failed too'],
  ])('is the one that stopped it (%s), or came first, and not one that may happen', (stopping, clause) => {
    expect(firstOf(stopping)).toBe(`Execution \`exec_1\` of \`review\` failed: ${clause} (4 failed).`);
  });
});
