import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideJoin, type TaskStatus } from '../../../core/execution/index.ts';
import type { DependencyOn, Join } from '../../../core/plan/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

interface Task {
  readonly edges: readonly { readonly to: number; readonly on: DependencyOn }[];
  readonly join: Join;
  readonly when?: string;
  readonly continues: boolean;
}

interface Workflow {
  readonly tasks: readonly Task[];
  readonly onSkip: 'satisfies' | 'propagates';
  readonly onFailure: 'fail_fast' | 'continue';
}

const tasks: fc.Arbitrary<Task> = fc.record(
  {
    edges: fc.uniqueArray(
      fc.record({
        to: fc.nat(5),
        on: fc.constantFrom<DependencyOn>('success', 'success', 'failure', 'skipped', 'done'),
      }),
      { maxLength: 3, selector: ({ to }) => to },
    ),
    join: fc.constantFrom<Join>('all_success', 'all_success', 'none_failed', 'any_success', 'all_done', { quorum: 2 }),
    when: fc.constantFrom('${ 1 > 2 }', '${ input.x }', '${ 2 > 1 }'),
    continues: fc.boolean(),
  },
  { requiredKeys: ['edges', 'join', 'continues'] },
);

/** Tasks that depend on earlier ones. */
const workflows: fc.Arbitrary<Workflow> = fc.record({
  tasks: fc
    .array(tasks, { minLength: 2, maxLength: 6 })
    .map((all) => all.map((task, at) => ({ ...task, edges: task.edges.filter(({ to }) => to < at) }))),
  onSkip: fc.constantFrom('satisfies', 'propagates'),
  onFailure: fc.constantFrom('fail_fast', 'continue'),
});

const findingsOnWorkflow = ({ tasks: all, onSkip, onFailure }: Workflow) =>
  findingsOn({
    on_skip: onSkip,
    fault_tolerance: { on_failure: onFailure },
    tasks: all.map(({ edges, join, when, continues }, at) => ({
      id: `t${at}`,
      agent: 'worker',
      depends_on: edges.map(({ to, on }) => ({ task: `t${to}`, on })),
      join: typeof join === 'object' ? { quorum: Math.max(1, Math.min(2, edges.length)) } : join,
      ...(when !== undefined && { when }),
      continue_on_failure: continues,
    })),
  });

/** One execution, task by task; `chances` says what conditions and agents come to. What a stop cancels has no status. */
function execute({ tasks: all, onSkip, onFailure }: Workflow, chances: readonly boolean[]): readonly TaskStatus[] {
  const statuses: TaskStatus[] = [];
  let next = 0;
  const chance = (): boolean => chances[next++ % chances.length] ?? true;
  for (const { edges, join, when, continues } of all) {
    const quorum = { quorum: Math.max(1, Math.min(2, edges.length)) };
    const seen = edges.map(({ to, on }) => ({ task: `t${to}`, on, status: statuses[to] ?? 'pending' }));
    const decision = decideJoin(typeof join === 'object' ? quorum : join, seen, onSkip);
    const holds = when === undefined || when.includes('2 > 1') || (when.includes('input') && chance());
    if (decision.kind !== 'run') statuses.push(decision.kind === 'skipped' ? 'skipped' : 'upstream_failed');
    else if (!holds) statuses.push('skipped');
    else if (chance()) statuses.push('succeeded');
    else {
      if (!continues && onFailure === 'fail_fast') return statuses;
      statuses.push('failed');
    }
  }
  return statuses;
}

const manyChances = fc.array(fc.array(fc.boolean(), { minLength: 8, maxLength: 12 }), { minLength: 20, maxLength: 20 });

describe('reachability', () => {
  it('calls a task unreachable only if no execution ever runs it', () => {
    let flagged = 0;
    fc.assert(
      fc.property(workflows, manyChances, (workflow, chances) => {
        const found = withCode(findingsOnWorkflow(workflow), 'VAL215').map(({ path }) => Number(/\d+/.exec(path)?.[0]));
        flagged += found.length;

        for (const statuses of chances.map((one) => execute(workflow, one))) {
          for (const at of found) expect(['succeeded', 'failed']).not.toContain(statuses[at]);
        }
      }),
      { numRuns: 300 },
    );
    expect(flagged).toBeGreaterThan(50);
  });

  it('calls an edge dead only if no execution ever takes it', () => {
    let flagged = 0;
    fc.assert(
      fc.property(workflows, manyChances, (workflow, chances) => {
        const found = withCode(findingsOnWorkflow(workflow), 'LINT905').map(({ path }) =>
          path.match(/\d+/g)?.map(Number),
        );
        const dead = found.flatMap(([task = 0, edge = 0] = []) => workflow.tasks[task]?.edges[edge] ?? []);
        flagged += dead.length;

        for (const statuses of chances.map((one) => execute(workflow, one))) {
          for (const { to, on } of dead) {
            const taken = on === 'skipped' ? ['skipped'] : ['failed', 'upstream_failed'];
            expect(taken).not.toContain(statuses[to]);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(flagged).toBeGreaterThan(50);
  });
});
