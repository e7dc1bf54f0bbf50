import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { AnomalyName, Violation } from '../../core/projections/index.ts';
import { openShell, type Shell } from '../makers/shell.ts';
import { tamperWith, type TamperedDatabase } from './tampered-database.ts';

const workflow = `workflow:
  name: survey
  version: "1"
  concurrency: { max_parallel: 2 }
  budget: { usd: 100, calls: 100 }
  agents: { one: { type: answerer }, two: { type: answerer, count: 2 }, paced: { type: answerer, rate_limit: { calls: 1, per: 1ms } } }
  retry_policies: { quick: { max_attempts: 2, interval: 0, backoff_rate: 1, max_delay: 1, jitter: none } }
  tasks:
    - { id: clone, agent: one, input: { letters: 40000 } }
    - { id: scan, agent: two, parallel: true, depends_on: [clone] }
    - { id: stubborn, agent: one, input: { fails: true }, depends_on: [clone], retry_policy: quick }
    - { id: unneeded, agent: one, depends_on: [clone], when: "\${ false }" }
    - { id: report, agent: one, depends_on: [scan, stubborn, unneeded] }
    - { id: quality, group: { max_parallel: 1, tasks: [{ id: lint, agent: paced }, { id: rank, agent: paced, depends_on: [lint] }] } }
    - { id: refine, loop: { max_iterations: 2, tasks: [{ id: revise, agent: one }] } }
    - { id: sweep, agent: one, for_each: { items: [1, 2, 3], max_items: 3, max_concurrency: 1 } }
    - { id: cool, wait: { seconds: 0.01 } }
    - { id: tell, emit: { event: survey.told } }
    - { id: hear, wait: { event: survey.told } }
    - { id: deep, workflow: { name: deeper, version: "1" } }
`;

const deeper = `workflow:
  name: deeper
  version: "1"
  agents: { one: { type: answerer } }
  tasks: [{ id: look, agent: one }]
`;

const answerer = `export default ({ input }, { attempt }) => {
  if (input?.fails && attempt === 1) throw new Error('not yet');
  return 'x'.repeat(input?.letters ?? 1);
};
`;

const parked = { type: 'task.parked', data: { cause: { kind: 'dependency', tasks: [taskPath('scan')] } } } as const;

const undoing = { type: 'task.compensating', data: { agent: 'one' } } as const;

/** Written after the last of its path, with a clock above it. */
function append(database: TamperedDatabase, path: string, event: Pick<SkeinEvent, 'type' | 'data'>): void {
  const last = database.events(path).at(-1)!;
  // The body of an event is given by those who plant it: some of them are none that the engine would write.
  database.put({ ...last, ...event, n: last.n + 1, lamport: last.lamport + 1 } as SkeinEvent);
}

/** The last two events of a path change places. */
function swapLast(database: TamperedDatabase, path: string): void {
  const [before, last] = database.events(path).slice(-2);
  database.put({ ...last!, n: before!.n, lamport: before!.lamport });
  database.put({ ...before!, n: last!.n, lamport: last!.lamport });
}

/** One for each anomaly that the checker knows. */
const plants: Readonly<Record<AnomalyName, (database: TamperedDatabase) => void>> = {
  history_without_start: (database) => database.remove(database.event('', 'workflow.execution_started')),
  started_twice: (database) => {
    const { type, data } = database.event('', 'workflow.execution_started');
    append(database, '', { type, data });
  },
  ended_twice: (database) => {
    const { type, data } = database.event('', 'workflow.execution_completed');
    append(database, '', { type, data: { ...data, status: 'failed' } });
  },
  never_ended: (database) => database.remove(database.event('', 'workflow.execution_completed')),
  status_jump: (database) => {
    const event = database.event('', 'workflow.status_changed');
    database.put({ ...event, data: { from: 'stopping', to: 'running' } });
  },
  wrong_ending: (database) => {
    const event = database.event('report', 'task.completed');
    database.put({ ...event, type: 'task.failed', data: { attempts: 1, error: { name: 'Broken', message: 'no' } } });
  },
  event_after_end: (database) => {
    const { lamport } = database.event('', 'workflow.execution_completed');
    database.put({ ...database.event('report', 'task.completed'), lamport: lamport + 1 });
  },
  dispatched_while_paused: (database) => {
    const { lamport } = database.event('report', 'task.assigned');
    const begun = database.event('', 'workflow.status_changed');
    const data = { checkpoint: 'chk_1', by: 'ann', snapshot: { inline: { tasks: [] } }, settled: 0 };
    database.put({ ...begun, type: 'workflow.checkpoint_created', lamport: lamport - 1, data } as never);
  },

  forward_while_undoing: (database) => {
    const event = database.event('', 'workflow.status_changed');
    database.put({ ...event, data: { from: 'running', to: 'compensating' } });
  },
  undone_early: (database) => {
    append(database, 'clone', undoing);
    append(database, 'report', undoing);
  },
  undone_wrongly: (database) => append(database, 'report', undoing),

  settled_twice: (database) => append(database, 'report', database.event('report', 'task.completed')),
  event_after_settlement: (database) => append(database, 'report', database.event('report', 'task.started')),
  never_settled: (database) => database.remove(database.event('report', 'task.completed')),
  attempt_out_of_order: (database) =>
    database.put({ ...database.event('report', 'task.assigned'), data: { attempt: 2, agent: 'one' } }),
  two_attempts_alive: (database) => {
    const event = database.event('stubborn', 'task.retried');
    database.put({ ...event, type: 'task.assigned', data: { attempt: 2, agent: 'one' } });
  },
  started_without_assignment: (database) =>
    database.put({ ...database.event('report', 'task.started'), data: { attempt: 2 } }),
  retried_without_attempt: (database) => {
    const event = database.event('report', 'task.started');
    database.put({ ...event, type: 'task.retried', data: { attempt: 2, error: { name: 'Broken', message: 'no' } } });
  },
  answered_without_attempt: (database) => {
    database.put({ ...database.event('report', 'task.assigned'), ...parked });
    database.put({ ...database.event('report', 'task.started'), ...parked });
  },
  parked_while_running: (database) => database.put({ ...database.event('report', 'task.started'), ...parked }),
  cached_while_running: (database) => {
    const event = database.event('report', 'task.completed');
    const cached = { execution: event.execution, task: taskPath('scan'), at: 0 };
    database.put({ ...event, data: { ...event.data, cached } });
  },
  cancelled_while_running: (database) => {
    const event = database.event('report', 'task.completed');
    database.put({ ...event, type: 'task.cancelled', data: { status: 'cancelled', attempts: 1 } });
  },
  unknown_without_attempt: (database) => {
    const event = database.event('unneeded', 'task.skipped');
    database.put({ ...event, type: 'task.cancelled', data: { status: 'unknown', attempts: 0 } });
  },
  opened_twice: (database) => {
    const { type, data } = database.event('quality', 'task.opened');
    append(database, 'quality', { type, data });
    swapLast(database, 'quality');
  },
  child_started_twice: (database) => {
    const { type, data } = database.event('deep', 'task.started');
    append(database, 'deep', { type, data });
    swapLast(database, 'deep');
  },
  child_differs: (database) => {
    const event = database.event('deep', 'task.started');
    database.put({ ...event, data: { attempt: 0, child: executionId('exec_other') } });
  },
  wrong_event: (database) => {
    const event = database.event('tell', 'task.completed');
    database.put({ ...event, data: { attempts: 0, output: { inline: { id: 'another' } } } });
  },
  emitted_unpublished: (database) => database.sql.exec('DELETE FROM bus_events'),
  published_unemitted: (database) => {
    const event = database.event('tell', 'task.completed');
    database.put({ ...event, type: 'task.skipped', data: { status: 'skipped', why: 'planted' } });
  },
  attempts_miscounted: (database) => {
    const event = database.event('stubborn', 'task.completed');
    database.put({ ...event, data: { ...event.data, attempts: 1 } });
  },
  intervened_in_vain: (database) => {
    const event = database.event('report', 'task.started');
    database.put({ ...event, type: 'task.intervened', data: { action: 'skip', by: 'ann', request: 'one' } });
  },
  skipped_after_attempt: (database) => {
    const event = database.event('report', 'task.completed');
    database.put({ ...event, type: 'task.skipped', data: { status: 'skipped', why: 'planted' } });
  },

  view_differs: (database) => database.editView((view) => ({ ...view, status: 'running' })),
  record_differs: (database) => database.editTask('report', (task) => ({ ...task, status: 'failed' })),

  missing_event: (database) => database.remove(database.event('report', 'task.started')),
  duplicate_event: (database) => {
    const event = database.event('report', 'task.started');
    database.sql
      .prepare('INSERT INTO events (execution, path, n, lamport, record) VALUES (?, ?, 99, ?, ?)')
      .run(event.execution, event.path, event.lamport, JSON.stringify(event));
  },
  foreign_event: (database) =>
    database.sql.exec(`UPDATE events SET record = json_set(record, '$.execution', 'exec_other') WHERE path = 'scan'`),

  wrong_kind: (database) => database.put({ ...database.event('cool', 'task.parked'), type: 'task.opened', data: {} }),

  attempt_leaked: (database) =>
    database.editTask('report', (task) => ({
      ...task,
      attempt: { number: 1, state: 'running', engine: 'eng_dead', startedAt: 0, deadline: 0, heartbeatAt: 0 },
    })),
  limit_leaked: (database) => database.editLimit((limit) => ({ ...limit, holders: [taskPath('scan[1]')] })),
  limit_exceeded: (database) => {
    const { time } = database.event('quality/lint', 'task.started');
    database.put({ ...database.event('quality/rank', 'task.started'), time });
    // Quick as they are, both were running for more than no time.
    const end = database.event('quality/rank', 'task.completed').time + 1;
    database.put({ ...database.event('quality/lint', 'task.completed'), time: end });
  },
  rate_exceeded: (database) => {
    const { time } = database.event('quality/lint', 'task.assigned');
    database.put({ ...database.event('quality/rank', 'task.assigned'), time });
  },
  // A call whose report was lost in between counts as all that was reserved for it.
  budget_exceeded: (database) => {
    const assigned = database.event('report', 'task.assigned');
    const reserved = { microUsd: 100_000_001, tokens: 0 };
    database.put({ ...assigned, data: { ...assigned.data, reserved } });
  },
  budget_miscounted: (database) =>
    database.sql.exec(`UPDATE limits SET record = json_set(record, '$.budget.calls', 1) WHERE name = 'budget'`),
  parking_leaked: (database) =>
    database.sql.exec(`INSERT INTO parked SELECT 'limit#' || id || '#max_parallel', 1, 'scan[0]', id FROM executions`),
  watch_leaked: (database) => database.sql.exec(`INSERT INTO watches SELECT id, 'scan', 'report' FROM executions`),

  waited_too_short: (database) => {
    const event = database.event('cool', 'task.completed');
    database.put({ ...event, time: event.time - 60_000 });
  },

  clock_not_increasing: (database) => {
    const [assigned, started] = [database.event('report', 'task.assigned'), database.event('report', 'task.started')];
    database.put({ ...assigned, lamport: started.lamport });
    database.put({ ...started, lamport: assigned.lamport });
  },
  started_early: (database) => {
    const { lamport } = database.event('report', 'task.assigned');
    database.put({ ...database.event('stubborn', 'task.completed'), lamport: lamport + 1 });
  },
  ended_without_cause: (database) => {
    const event = database.event('unneeded', 'task.skipped');
    database.put({ ...event, data: { status: 'upstream_failed', why: 'planted' } });
  },
  collected_early: (database) => {
    const { lamport } = database.event('scan', 'task.completed');
    database.put({ ...database.event('scan[1]', 'task.completed'), lamport: lamport + 1 });
  },
  collected_wrongly: (database) => {
    const event = database.event('quality', 'task.completed');
    database.put({ ...event, type: 'task.failed', data: { attempts: 0, error: { name: 'Broken', message: 'no' } } });
  },
  settled_unopened: (database) => database.put({ ...database.event('quality', 'task.opened'), ...parked }),
  acted_before_opening: (database) => {
    const { lamport } = database.event('quality/lint', 'task.completed');
    database.put({ ...database.event('quality', 'task.opened'), lamport });
  },
  round_out_of_order: (database) => {
    database.put({ ...database.events('refine').at(-2)!, type: 'task.opened', data: { round: 0 } });
  },
  round_early: (database) => {
    const { lamport } = database.events('refine').at(-2)!;
    database.put({ ...database.event('refine[0]/revise', 'task.completed'), lamport });
  },
  too_many_rounds: (database) => {
    database.put({ ...database.events('refine').at(-2)!, type: 'task.opened', data: { round: 2 } });
  },
  calls_miscounted: (database) =>
    database.put({ ...database.event('sweep', 'task.opened'), data: { items: 3, calls: 2 } }),
  too_many_calls: (database) =>
    database.put({ ...database.event('sweep', 'task.opened'), data: { items: 4, calls: 4 } }),
  calls_at_once: (database) => {
    const [[first], [second]] = [database.events('sweep[0]'), database.events('sweep[1]')];
    database.put({ ...second!, time: first!.time });
  },
  child_outlived: (database) => database.editChild((child) => ({ ...child, status: 'running' })),

  record_missing: (database) => database.sql.exec(`DELETE FROM tasks WHERE path = 'report'`),
  value_missing: (database) => database.sql.exec('DELETE FROM blobs'),
};

describe('skein verify-history', () => {
  let shell: Shell;
  let execution: string;

  const original = () => join(shell.directory, '.skein/skein.db');
  const verify = (database: string, ...more: readonly string[]) =>
    shell.skein('verify-history', execution, '--database', database, ...more);

  beforeAll(async () => {
    shell = openShell();
    const agents = 'agent_types: { answerer: { runtime: local, module: ./answerer.mjs } }\n';
    shell.write({ 'workflow.yaml': workflow, 'deeper.yaml': deeper, 'agents.yaml': agents, 'answerer.mjs': answerer });
    const { out, exitCode } = await shell.skein('run', 'workflow.yaml', '--json');
    expect(exitCode).toBe(0);
    ({ execution } = JSON.parse(out) as { execution: string });
  });

  afterAll(() => shell[Symbol.dispose]());

  it('finds nothing in a database as the engine left it', async () => {
    const copy = join(shell.directory, 'clean.db');
    tamperWith(original(), copy, execution)[Symbol.dispose]();

    const text = await verify(copy);
    const json = await verify(copy, '--json');

    expect(text.exitCode).toBe(0);
    expect(text.out).toMatch(/^every promise holds over \d+ events of exec_\w+\n$/);
    expect(JSON.parse(json.out)).toMatchObject({ execution, violations: [] });
  });

  it.each(Object.entries(plants))('finds %s where it was planted', async (name, plant) => {
    const copy = join(shell.directory, `${name}.db`);
    {
      using database = tamperWith(original(), copy, execution);
      plant(database);
    }

    const text = await verify(copy);
    const json = await verify(copy, '--json');

    const { violations } = JSON.parse(json.out) as { violations: readonly Violation[] };
    const found = violations.find((violation) => violation.name === name);
    expect([text.exitCode, json.exitCode]).toEqual([1, 1]);
    expect(violations.map((violation) => violation.name)).toContain(name);
    expect(text.out).toMatch(new RegExp(`^promise ${found?.promise ?? 0} +${name} .*\\.$`, 'm'));
  });
});
