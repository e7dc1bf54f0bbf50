import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Attempt, ExecutionRecord, TaskRecord } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { explain, type Explanation } from '../../../core/projections/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { expectGolden, goldenCases, goldenFile } from '../../makers/golden.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type PlanSettings, type SmallTask } from '../../makers/small-plan.ts';

/** A case: the plan, the records, the moment and the question. Times are written `00:01:00`, on one day. */
interface Case {
  readonly tasks: Readonly<Record<string, SmallTask>>;
  readonly settings?: PlanSettings;
  readonly execution?: Partial<ExecutionRecord>;
  readonly records: Readonly<Record<string, RecordChange>>;
  readonly now: number;
  /** Default true. */
  readonly isAttended?: boolean;
  /** The task asked about; the execution when it is not there. */
  readonly ask?: string;
}

type RecordChange = Omit<Partial<TaskRecord>, 'attempt'> & { readonly attempt?: Partial<Attempt> };

function readCase(name: string): Case {
  const text = readFileSync(goldenFile('explain', name, 'case.json'), 'utf8');
  return JSON.parse(text, (_key, value: Json) => {
    const time = typeof value === 'string' && /^\d\d:\d\d:\d\d$/.test(value);
    return time ? Date.parse(`2026-11-21T${value}Z`) : value;
  }) as Case;
}

/** An attempt was called at midnight and has five minutes, unless the case says otherwise. */
function recordOf(path: string, { attempt, ...change }: RecordChange): TaskRecord {
  const live: Attempt = {
    number: 1,
    state: 'running',
    engine: 'engine-1',
    startedAt: midnight,
    deadline: midnight + 300_000,
    heartbeatAt: midnight,
    ...attempt,
  };
  return aTask({ path: taskPath(path), ...change, ...(attempt && { attempt: live }) });
}

function explained({ tasks, settings, execution, records, now, isAttended = true, ask }: Case): Explanation {
  const input = {
    execution: anExecution(execution),
    plan: smallPlan(tasks, settings),
    tasks: Object.entries(records).map(([path, change]) => recordOf(path, change)),
    now,
    isAttended,
  };
  return explain(input, ask === undefined ? undefined : taskPath(ask));
}

function printed({ sentence, chain, next }: Explanation): string {
  const links = chain.map((link) => `  ${link.kind}: ${link.sentence}\n`).join('');
  const who = next ? `${next.who}${next.command === undefined ? '' : `, ${next.command}`}` : 'nobody';
  return `${sentence}\n\n${links}\nnext: ${who}\n`;
}

describe('explain', () => {
  it.each(goldenCases('explain'))('%s', (name) => {
    expectGolden(goldenFile('explain', name, 'explanation.txt'), printed(explained(readCase(name))));
  });

  it('refuses a task that the plan does not have, and names those that it has', () => {
    const ask = () => explained({ tasks: { lint: {}, scan: {} }, records: {}, now: midnight, ask: 'lin' });

    expect(ask).toThrow(expect.objectContaining({ code: 'task_not_found', hint: 'Its tasks are `lint` and `scan`.' }));
  });

  const nested: Case = {
    tasks: {
      refine: {
        loop: {
          maxIterations: 3,
          tasks: { checks: { group: { tasks: { spell: {}, facts: { forEach: { maxItems: 4, batch: 2 } } } } } },
        },
      },
      research: { fanOut: 2 },
    },
    records: { refine: { status: 'running', round: 1 } },
    now: midnight,
  };

  it.each(['refine[0]/checks', 'refine[2]/checks/spell', 'refine[1]/checks/facts[1]', 'research[1]'])(
    'knows the place %s',
    (ask) => {
      expect(explained({ ...nested, ask }).chain[0]?.path).toBe(ask);
    },
  );

  it.each([
    ['spell', 'The path of `spell` is `refine[1]/checks/spell`.'],
    ['refine/checks', 'The path of `checks` is `refine[1]/checks`.'],
    ['refine[3]/checks', 'The path of `checks` is `refine[1]/checks`.'],
    ['refine[1]/checks[0]/spell', 'The path of `spell` is `refine[1]/checks/spell`.'],
    ['refine[1]/checks/facts[2]', 'The path of `facts` is `refine[1]/checks/facts`.'],
    ['checks/research', 'The path of `research` is `research`.'],
    ['research[2]', 'The path of `research` is `research`.'],
    ['lost/spell', 'The path of `spell` is `refine[1]/checks/spell`.'],
    [
      'refine[1]/nothing',
      'Its tasks are `refine`, `refine[1]/checks`, `refine[1]/checks/spell`, `refine[1]/checks/facts` and `research`.',
    ],
  ])('refuses the place %s, and names the right one', (ask, hint) => {
    expect(() => explained({ ...nested, ask })).toThrow(expect.objectContaining({ code: 'task_not_found', hint }));
  });

  it('finds the root of a chain of 10,000 tasks, waiting or lost', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `t${i}`);
    const tasks = Object.fromEntries(ids.map((id, i) => [id, { after: i === 0 ? [] : [`t${i - 1}`] }]));
    const lost = Object.fromEntries(ids.map((id) => [id, { status: 'upstream_failed' } as const]));
    const error = { name: 'ToolBroken', message: 'no such file' };

    const waiting = explained({ tasks, records: {}, now: midnight, ask: 't9999' });
    const failed = explained({
      tasks,
      records: { ...lost, t0: { status: 'failed', error, attempts: 3 } },
      now: midnight,
      ask: 't9999',
    });

    expect(waiting.chain).toHaveLength(10_000);
    expect(waiting.chain.at(-1)).toMatchObject({ path: 't0', kind: 'dispatch' });
    expect(failed.chain.at(-1)).toMatchObject({ path: 't0', kind: 'failed' });
  });
});

const roots = ['running', 'retry', 'dispatch', 'concurrency', 'stopping', 'failed'];

/** Executions in the middle of their work: any plan, some tasks settled, running, parked or untouched. */
const middles = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    plan: fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: count, maxLength: count }),
    joins: fc.array(fc.constantFrom('all_success', 'all_done', 'any_success', 'none_failed'), {
      minLength: count,
      maxLength: count,
    }),
    statuses: fc.array(fc.constantFrom('succeeded', 'failed', 'running', 'retry', 'limit', 'dependency', 'untouched'), {
      minLength: count,
      maxLength: count,
    }),
    stopping: fc.boolean(),
  }),
);

const records: Readonly<Record<string, RecordChange>> = {
  succeeded: { status: 'succeeded', attempts: 1 },
  failed: { status: 'failed', attempts: 3, error: { name: 'ToolBroken', message: '' } },
  running: { status: 'running', attempts: 1, attempt: {} },
  retry: { status: 'parked', cause: { kind: 'retry', attempt: 2, at: midnight, error: 'AgentThrottled' } },
  limit: { status: 'parked', cause: { kind: 'concurrency', limit: 'max_parallel', size: 2 } },
  dependency: { status: 'parked', cause: { kind: 'dependency', tasks: [] } },
};

describe('no task waits without a reason', () => {
  it('holds for every task of every execution in the middle of its work', () => {
    fc.assert(
      fc.property(middles, ({ plan, joins, statuses, stopping }) => {
        const tasks = Object.fromEntries(
          plan.map((above, i) => [
            `t${i}`,
            {
              after: [...new Set(above.map((it) => it % (i + 1)))].filter((it) => it < i).map((it) => `t${it}`),
              join: joins[i]!,
            },
          ]),
        );
        const known = statuses.flatMap((status, i) => (records[status] ? [[`t${i}`, records[status]] as const] : []));
        const execution: Partial<ExecutionRecord> = stopping
          ? { status: 'stopping', stopping: { reason: 'cancel', drain: false, at: midnight } }
          : {};

        for (const [i, status] of statuses.entries()) {
          if (status === 'succeeded' || status === 'failed') continue;
          const { sentence, chain, next } = explained({
            tasks,
            records: Object.fromEntries(known),
            execution,
            now: midnight + 12_000,
            ask: `t${i}`,
          });
          expect(sentence).toContain(`\`t${i}\``);
          expect(roots).toContain(chain.at(-1)?.kind);
          expect(next?.what).toBeTruthy();
        }
      }),
    );
  });
});
