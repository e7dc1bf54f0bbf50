import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { AgentType } from '../../core/agents/index.ts';
import { BUDGET, budgetApprovalIdOf, type Decision } from '../../core/execution/index.ts';
import { approvalId, type ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { Budget, ChildTask } from '../../core/plan/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { explain, verifyHistory } from '../../core/projections/index.ts';
import { findBudgetUse } from '../../engine/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);
const worker: AgentType = {
  name: 'worker',
  runtime: 'local',
  module: '/worker.ts',
  capabilities: [],
  cost: { usd: 0.5, tokens: 100 },
};

/** Independent tasks of an agent that may cost half a dollar and 100 tokens, which fail alone. */
const asking = async (tasks: number, budget: Omit<Budget, 'onExceeded'>, options: { ledger?: LedgerStore } = {}) => {
  const harness = await createEngineHarness(
    {
      tasks: idsOf(tasks).map((id) => ({ id, continueOnFailure: true })),
      budget: { ...budget, onExceeded: 'ask' },
    },
    { agentTypes: { worker }, ...options },
  );
  const execution = await harness.begin();
  const dispatch = async (...paths: readonly string[]) => {
    for (const path of paths) await harness.dispatch(execution, path);
  };
  const complete = async (path: string, usd?: number) => {
    const usage = usd === undefined ? undefined : { usd };
    await harness.engine.answers.complete(harness.handle(execution, path), {}, usage);
    await harness.quiet();
  };
  return { ...harness, execution, dispatch, complete };
};

const question = (execution: ExecutionId, number = 1, budget: 'usd' | 'tokens' | 'calls' = 'usd') =>
  budgetApprovalIdOf({ execution, budget, number });
const raise = (by: Json, person = 'ann'): Decision => ({ kind: 'approve', output: { raise: by }, by: person });
const refuse = { kind: 'reject', by: 'bob', reason: 'too dear' } as const;
const account = async ({ ledger }: EngineHarness, execution: ExecutionId) =>
  (await ledger.findLimit(execution, BUDGET))?.budget;
const statuses = async ({ ledger }: EngineHarness, execution: ExecutionId) =>
  Object.fromEntries((await ledger.listTasks(execution)).map(({ path, status }) => [path, status]));
const budgetEvents = ({ events }: EngineHarness) =>
  events.filter(({ type }) => type.startsWith('budget.')).map(({ type, path }) => `${type} ${path}`.trim());

describe('a budget that asks', () => {
  it('parks what does not fit, and asks one question however many wait', async () => {
    const harness = await asking(3, { usd: 0.6 });
    const { engine, execution, clock } = harness;
    await harness.dispatch('t0');
    await harness.complete('t0', 0.4);

    await harness.dispatch('t1', 't2');

    const cause = { kind: 'budget', budget: 'usd', of: execution, limit: 0.6, needs: 0.5 };
    for (const path of ['t1', 't2'])
      expect(await harness.task(execution, path)).toMatchObject({
        status: 'parked',
        cause: { ...cause, approval: question(execution) },
      });
    expect(budgetEvents(harness)).toEqual(['budget.asked t1']);
    expect(await engine.listApprovals()).toEqual([
      {
        id: question(execution),
        about: 'budget',
        execution,
        path: 't1',
        workflow: 'sketch',
        version: '1',
        description:
          'The budget usd is used up: $0.40 of $0.60 are used, and a call may need $0.50. By how much is it raised?',
        input: { budget: 'usd', limit: 0.6, used: 0.4, needs: 0.5, execution, task: 't1' },
        form: {
          type: 'object',
          required: ['raise'],
          additionalProperties: false,
          properties: { raise: { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000_000 } },
        },
        requestedAt: clock.now(),
        deadline: (await harness.ledger.findExecution(execution))!.deadline,
      },
    ]);
  });

  it('goes on when somebody raises it, and asks again when that is not enough for all', async () => {
    const harness = await asking(3, { usd: 0.6 });
    const { engine, execution } = harness;
    await harness.dispatch('t0');
    await harness.complete('t0', 0.4);
    await harness.dispatch('t1', 't2');

    await engine.decide(question(execution), raise(0.4));
    await harness.quiet();

    expect(await statuses(harness, execution)).toEqual({ t0: 'succeeded', t1: 'running', t2: 'parked' });
    expect(await account(harness, execution)).toMatchObject({ raised: { usd: 0.4 }, reserved: { microUsd: 500_000 } });
    expect(harness.events.find(({ type }) => type === 'budget.decided')).toMatchObject({
      path: '',
      data: { approval: question(execution), budget: 'usd', verdict: 'raised', by: 'ann', raise: 0.4, limit: 1 },
    });

    await harness.complete('t1', 0.5);

    expect((await engine.listApprovals()).map(({ id, input }) => ({ id, input }))).toMatchObject([
      { id: question(execution, 2), input: { limit: 1, used: 0.9, needs: 0.5, task: 't2' } },
    ]);

    await engine.decide(question(execution, 2), raise(0.4));
    await harness.quiet();
    await harness.complete('t2', 0.5);

    expect(await statuses(harness, execution)).toEqual({ t0: 'succeeded', t1: 'succeeded', t2: 'succeeded' });
    expect(await engine.listApprovals()).toEqual([]);
  });

  it('fails who waits and whoever comes after a refusal, and asks nobody again', async () => {
    const harness = await asking(3, { calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');

    await engine.decide(question(execution, 1, 'calls'), refuse);
    await harness.quiet();
    await harness.dispatch('t2');

    for (const path of ['t1', 't2'])
      expect(await harness.task(execution, path)).toMatchObject({
        status: 'failed',
        attempts: 0,
        error: { name: 'BudgetExceeded' },
      });
    expect(await engine.listApprovals()).toEqual([]);
    expect(budgetEvents(harness)).toEqual([
      'budget.warned t0',
      'budget.asked t1',
      'budget.decided',
      'budget.exceeded t1',
      'budget.exceeded t2',
    ]);
    expect(harness.events.find(({ type }) => type === 'budget.decided')?.data).toEqual({
      approval: question(execution, 1, 'calls'),
      budget: 'calls',
      verdict: 'refused',
      by: 'bob',
      limit: 1,
      reason: 'too dear',
    });
  });

  it('asks of each part by itself', async () => {
    const harness = await asking(2, { usd: 0.5, tokens: 100, calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0');
    await harness.complete('t0');
    await harness.dispatch('t1');

    for (const part of ['calls', 'usd', 'tokens'] as const) {
      const [open] = await engine.listApprovals();
      expect(open?.id).toBe(question(execution, 1, part));
      await engine.decide(open!.id, raise(part === 'usd' ? 0.5 : 100));
      await harness.quiet();
    }

    expect(await harness.task(execution, 't1')).toMatchObject({ status: 'running' });
  });

  it('does not ask for wall time or depth, which nobody can give back', async () => {
    const harness = await asking(1, { wallTime: 60 });
    await harness.pass(60_000);

    await harness.dispatch('t0');

    expect(await harness.task(harness.execution, 't0')).toMatchObject({ error: { name: 'BudgetExceeded' } });
  });

  it('still waits without a question for what others have reserved', async () => {
    const harness = await asking(2, { usd: 0.5 });
    await harness.dispatch('t0', 't1');

    expect(await harness.engine.listApprovals()).toEqual([]);
    await harness.complete('t0', 0);
    expect(await harness.task(harness.execution, 't1')).toMatchObject({ status: 'running' });
  });

  it('can be raised during a pause: what waits goes on after it', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');
    await engine.pause(execution, { by: 'ann' });

    await engine.decide(question(execution, 1, 'calls'), raise(1));
    await harness.quiet();
    const whilePaused = harness.calls.length;
    await engine.unpause(execution, { by: 'ann' });
    await harness.quiet();

    expect(whilePaused).toBe(1);
    expect(harness.calls.map(({ path }) => path)).toEqual(['t0', 't1']);
  });

  it('wakes who waits, also where only the sweeper is left to do it', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution, ledger } = harness;
    await harness.dispatch('t0', 't1');
    const held = await ledger.findLimit(execution, BUDGET);
    const budget = { ...held!.budget!, raised: { calls: 1 } };
    await ledger.commit([{ kind: 'limit', record: { ...held!, budget, revision: held!.revision + 1 } }]);

    await engine.sweep(execution, { grace: 1, every: 1 });

    expect(await harness.task(execution, 't1')).toMatchObject({ status: 'running' });
  });

  it('refuses answers that fit no question', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');
    const id = question(execution, 1, 'calls');

    for (const wrong of [0, -1, 1.5, '3', null, 2e9])
      await expect(engine.decide(id, raise(wrong))).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(engine.decide(question(execution, 2, 'calls'), raise(1))).rejects.toMatchObject({
      code: 'approval_not_found',
    });
    await expect(engine.decide(question(execution), raise(1))).rejects.toMatchObject({ code: 'approval_not_found' });
    const foreign = approvalId(`apr_${Buffer.from(`${execution}$depth#1`).toString('base64url')}`);
    await expect(engine.decide(foreign, raise(1))).rejects.toMatchObject({ code: 'approval_not_found' });
    await engine.cancel(execution, 'ann');
    await expect(engine.decide(id, raise(1))).rejects.toMatchObject({ code: 'attempt_not_live' });
    expect(await engine.listApprovals()).toEqual([]);
  });

  it('is explained with the command that raises it', async () => {
    const harness = await asking(2, { usd: 0.5 });
    const { execution, ledger } = harness;
    await harness.dispatch('t0');
    await harness.complete('t0');
    await harness.dispatch('t1');
    const record = (await ledger.findExecution(execution))!;

    const said = explain(
      {
        execution: record,
        plan: harness.plan,
        tasks: await ledger.listTasks(execution),
        now: harness.clock.now(),
        isAttended: true,
      },
      undefined,
    );

    expect(said.next).toEqual({
      what: 'somebody must say by how much the budget `usd` is raised, or reject it: then what waits fails with `BudgetExceeded`',
      who: 'person',
      command: `skein approve ${question(execution)} --output raise=0.5`,
    });
  });

  it('keeps its promises: no more is given than was allowed and added', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution, ledger } = harness;
    await harness.dispatch('t0', 't1');
    await engine.decide(question(execution, 1, 'calls'), raise(1));
    await harness.quiet();
    await harness.complete('t0');
    await harness.complete('t1');
    await engine.conclude(execution, 'conclude');
    const events = await ledger.listEvents(execution);
    const withoutAnswer = events.filter(({ type }) => type !== 'budget.decided');

    expect(verifyHistory({ events, plan: harness.plan })).toEqual([]);
    expect(verifyHistory({ events: withoutAnswer, plan: harness.plan }).map(({ name }) => name)).toContain(
      'budget_exceeded',
    );
  });
});

describe('two who decide at once', () => {
  it('have one winner, and the other one hears of it', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');
    const id = question(execution, 1, 'calls');

    const said = await Promise.allSettled(
      [raise(1, 'ann'), refuse, raise(5, 'cid'), raise(7, 'dan')].map((decision) => engine.decide(id, decision)),
    );
    await harness.quiet();

    expect(said.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(said.flatMap((it) => (it.status === 'rejected' ? [(it.reason as { code: string }).code] : []))).toEqual(
      Array.from({ length: 3 }, () => 'attempt_not_live'),
    );
    expect(budgetEvents(harness).filter((it) => it === 'budget.decided')).toHaveLength(1);
  });

  it('may repeat what they have said, and hear who was first when they say anything else', async () => {
    const harness = await asking(2, { calls: 1 });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');
    const id = question(execution, 1, 'calls');

    await engine.decide(id, raise(1, 'ann'));
    await engine.decide(id, raise(1, 'ann'));
    await engine.confirmDecision(id, raise(1, 'ann'));

    const late = { code: 'attempt_not_live', details: { by: 'ann', verdict: 'raised', raise: 1 } };
    for (const decision of [raise(2, 'ann'), raise(1, 'bob'), { ...refuse, by: 'ann' }]) {
      await expect(engine.decide(id, decision)).rejects.toMatchObject(late);
      await expect(engine.confirmDecision(id, decision)).rejects.toMatchObject(late);
    }
    const never = question(execution, 2, 'calls');
    await expect(engine.confirmDecision(never, raise(1))).rejects.toMatchObject({ code: 'approval_not_found' });
    expect((await account(harness, execution))?.raised).toEqual({ calls: 1 });
  });

  it('would both win, were account and execution no conditions of the commit', async () => {
    const harness = await asking(2, { calls: 1 }, { ledger: unconditional(createMemoryLedgerStore()) });
    const { engine, execution } = harness;
    await harness.dispatch('t0', 't1');
    const id = question(execution, 1, 'calls');

    const said = await Promise.allSettled([raise(1, 'ann'), refuse].map((decision) => engine.decide(id, decision)));

    expect(said.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(1);
  });

  it('does not forget what a call has used that ends at the same time', async () => {
    const used = async (under: LedgerStore) => {
      const ledger = interrupted(under);
      const harness = await asking(2, { usd: 0.5 }, { ledger });
      const { engine, execution } = harness;
      await harness.dispatch('t0');
      const reserved = (await ledger.findLimit(execution, BUDGET))!;
      const { budget: before } = reserved;
      const questions = { usd: { number: 1, at: 0, execution, task: 't1', limit: 0.5, used: 0.5 } };
      const asked = { ...reserved, budget: { ...before!, questions }, revision: reserved.revision + 1 };
      await ledger.commit([{ kind: 'limit', record: asked }]);
      ledger.afterNextLook(() => harness.complete('t0', 0.3));

      await engine.decide(question(execution), raise(1));

      return (await account(harness, execution))?.used.microUsd;
    };

    expect(await used(createMemoryLedgerStore())).toBe(300_000);
    expect(await used(withoutRevisions(createMemoryLedgerStore(), 'limit'))).toBe(0);
  });
});

/** Starts another workflow. */
const sub: ChildTask = {
  id: 'sub',
  kind: 'workflow',
  workflow: { name: 'sketch', version: '1' },
  input: '${ {"levels": 1} }',
  dependsOn: [],
  join: 'all_success',
  continueOnFailure: true,
};

describe('a child that draws on the budget of its parent', () => {
  const family = async (budget: Budget) => {
    const plan: PlanSketch = { tasks: [sub, { id: 'leaf', continueOnFailure: true }], budget };
    const harness = await createEngineHarness(plan, { agentTypes: { worker } });
    const parent = await harness.begin();
    await harness.dispatch(parent, 'sub');
    const child = harness.started.at(-1)!;
    await harness.engine.begin({ execution: child, workflow: 'sketch', version: '1', input: {} });
    return { harness, parent, child };
  };

  it("counts money and tokens of its calls in the root's account, and nothing stays reserved there", async () => {
    const { harness, parent, child } = await family({ usd: 1, tokens: 500, onExceeded: 'fail' });
    await harness.dispatch(child, 'leaf');
    const during = await account(harness, parent);

    await harness.engine.answers.complete(harness.handle(child, 'leaf'), {}, { usd: 0.25, tokens: 70 });
    await harness.quiet();

    expect(during).toMatchObject({ calls: 1, reserved: { microUsd: 500_000, tokens: 100 } });
    for (const execution of [parent, child])
      expect(await account(harness, execution)).toEqual({
        calls: 1,
        used: { microUsd: 250_000, tokens: 70 },
        reserved: { microUsd: 0, tokens: 0 },
      });
    const record = (await harness.ledger.findExecution(parent))!;
    expect(await findBudgetUse(harness, record, harness.plan)).toEqual([
      { budget: 'usd', limit: 1, used: 0.25, reserved: 0 },
      { budget: 'tokens', limit: 500, used: 70, reserved: 0 },
    ]);
  });

  it('asks in the name of the parent, and goes on when that is raised', async () => {
    const { harness, parent, child } = await family({ calls: 1, onExceeded: 'ask' });
    await harness.dispatch(parent, 'leaf');
    await harness.dispatch(child, 'leaf');

    const [open] = await harness.engine.listApprovals();
    expect(open).toMatchObject({ execution: parent, path: 'leaf', input: { execution: child, task: 'leaf' } });
    await harness.engine.decide(open!.id, raise(1));
    await harness.quiet();

    expect(await harness.task(child, 'leaf')).toMatchObject({ status: 'running' });
  });
});

/** Takes every commit of an answer, whatever has been written since it looked. */
function unconditional(ledger: LedgerStore): LedgerStore {
  const isAnswer = (write: LedgerWrite) => write.kind === 'event' && write.event.type === 'budget.decided';
  const commit: LedgerStore['commit'] = async (writes) => {
    const result = await ledger.commit(writes);
    if (result !== 'conflict' || !writes.some(isAnswer)) return result;
    const later = writes.map((write): LedgerWrite => {
      if (write.kind === 'event') return { ...write, event: { ...write.event, n: write.event.n + 1 } };
      if (write.kind === 'execution' || write.kind === 'limit')
        return { ...write, record: { ...write.record, revision: write.record.revision + 1 } } as LedgerWrite;
      return write;
    });
    return commit(later);
  };
  return { ...ledger, commit };
}

/** Something happens right after somebody has looked at a limit, once. */
function interrupted(ledger: LedgerStore): LedgerStore & { afterNextLook(happen: () => Promise<void>): void } {
  let next: (() => Promise<void>) | undefined;
  return {
    ...ledger,
    afterNextLook: (happen) => {
      next = happen;
    },
    findLimit: async (...place) => {
      const found = await ledger.findLimit(...place);
      const happen = next;
      next = undefined;
      await happen?.();
      return found;
    },
  };
}
