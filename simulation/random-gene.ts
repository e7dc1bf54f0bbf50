import fc from 'fast-check';
import type { Json, JsonObject } from '../core/json/index.ts';
import { randomBehaviour } from './random-behaviour.ts';
import { randomWiring, type Wiring } from './random-wiring.ts';
import type { Behaviour, ForEachDocument, PolicyDocument } from './scenario.ts';

/*
 * A workflow is drawn as a list of genes, one for each task, and built from them by a plain function. Genes point
 * backwards by distance, so a shorter list or a smaller number is again a valid workflow, and a failing one shrinks to
 * few tasks that say little: the first member of every choice is the dullest, and cross-shrinking tries it.
 */

interface CommonGene {
  readonly dependencies: readonly { readonly back: number; readonly on: string }[];
  readonly join: string;
  readonly quorum: number;
  readonly wiring: Wiring;
  readonly continueOnFailure: boolean | undefined;
}

/** Items by where they come from; the bounds as the author writes them. */
export interface ForEachGene extends Omit<ForEachDocument, 'items'> {
  readonly items: { readonly form: number; readonly pick: number };
}

export interface AgentGene extends CommonGene {
  readonly kind: 'agent';
  readonly agent: number;
  readonly spread: 'parallel' | ForEachGene | undefined;
  readonly output: JsonObject | undefined;
  readonly timeout: number | string | undefined;
  readonly heartbeat: number | undefined;
  readonly policy: string | PolicyDocument | undefined;
  /** By row, then by attempt. */
  readonly behaviours: readonly (readonly Behaviour[])[];
}

export interface ChildGene extends CommonGene {
  readonly kind: 'child';
  readonly child: number;
  readonly forEach: ForEachGene | undefined;
  readonly output: JsonObject | undefined;
  readonly timeout: number | undefined;
}

export interface WaitGene extends CommonGene {
  readonly kind: 'wait';
  readonly form: number;
  readonly pick: number;
  readonly seconds: number;
}

export interface EmitGene extends CommonGene {
  readonly kind: 'emit';
  readonly type: number;
}

export interface LoopGene extends CommonGene {
  readonly kind: 'loop';
  readonly most: number;
  readonly until: { readonly form: number; readonly pick: number; readonly than: number } | undefined;
  readonly fails: boolean;
  readonly inner: readonly TaskGene[];
}

export interface GroupGene extends CommonGene {
  readonly kind: 'group';
  readonly maxParallel: number | undefined;
  readonly inner: readonly TaskGene[];
}

export type TaskGene = AgentGene | ChildGene | WaitGene | EmitGene | LoopGene | GroupGene;
export type TaskKind = TaskGene['kind'];

/** What tasks of a random workflow may be, and how often each is drawn. */
export type Mixture = Readonly<Record<TaskKind, number>> & { readonly forEach: number };

export const okSchema: JsonObject = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };

/** Mostly `first`; the others share the rest. */
export function mostly<T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  const rest = others.map((value) => ({ weight: 1, arbitrary: fc.constant(value) }));
  return fc.oneof({ withCrossShrink: true }, { weight: others.length * 2, arbitrary: fc.constant(first) }, ...rest);
}

/** Undefined, but for once in so many times. */
export const seldom = <T>(value: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );

const number = fc.nat(59);

const common = {
  dependencies: fc.array(
    fc.record({
      back: fc.oneof({ withCrossShrink: true }, fc.nat(3), fc.nat(29)),
      on: mostly('success', 'success', 'success', 'done', 'failure', 'skipped'),
    }),
    { maxLength: 4, size: 'max' },
  ),
  join: mostly('all_success', 'all_success', 'all_done', 'any_success', 'none_failed', 'quorum'),
  quorum: fc.nat(3),
  wiring: randomWiring,
  continueOnFailure: fc.constantFrom<(boolean | undefined)[]>(undefined, true, true, undefined, false),
};

const retryOn = fc.constantFrom(
  undefined,
  ['Flaky'],
  ['AttemptTimeout', 'HeartbeatTimeout', 'AgentCrashed', 'InvalidInput'],
);

/** Every member may be missing; without a jitter nothing is left to chance. */
export const ownPolicy: fc.Arbitrary<PolicyDocument> = fc.record({
  max_attempts: fc.constantFrom(2, 1, 3, 4, undefined),
  interval: fc.constantFrom<(number | string | undefined)[]>(1, 0, 2, 0.25, '1500ms', undefined),
  backoff_rate: fc.constantFrom(1, 2, 4, undefined),
  max_delay: fc.constantFrom<(number | string | undefined)[]>(60, 3, 2, '3s', undefined),
  jitter: mostly<'none' | 'full' | undefined>('none', 'none', 'none', 'full', undefined),
  retry_on: retryOn,
});

const policyChoice = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constantFrom('none', 'quick', 'careful', 'fixed') },
  { weight: 1, arbitrary: fc.constantFrom('exponential_backoff', undefined, undefined) },
  { weight: 2, arbitrary: ownPolicy },
);

const forEachGene: fc.Arbitrary<ForEachGene> = fc.record({
  items: fc.record({ form: number, pick: number }),
  max_items: fc.constantFrom(8, 8, 5, 3, 12),
  max_concurrency: fc.constantFrom(undefined, 1, 2, 3),
  batch: seldom(fc.integer({ min: 1, max: 3 }), 3),
  tolerate_failures: mostly<number | string | undefined>(undefined, 1, 2, '25%', '50%', '100%', 0),
});

const taskTimeout = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom<(number | string | undefined)[]>(undefined, '1m30s'),
  fc.integer({ min: 2, max: 6 }),
);

const agentGene = (forEach: number): fc.Arbitrary<AgentGene> =>
  fc.record({
    kind: fc.constant('agent' as const),
    ...common,
    agent: mostly(0, 0, 1, 2, 3),
    spread: fc.oneof(
      { withCrossShrink: true },
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constant('parallel' as const) },
      { weight: forEach, arbitrary: forEachGene },
    ),
    output: seldom(fc.constant(okSchema), 10),
    timeout: taskTimeout,
    heartbeat: seldom(fc.integer({ min: 1, max: 2 }), 12),
    policy: policyChoice,
    behaviours: fc.array(fc.array(randomBehaviour, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  });

const childGene = (forEach: number): fc.Arbitrary<ChildGene> =>
  fc.record({
    kind: fc.constant('child' as const),
    ...common,
    child: fc.nat(1),
    forEach: forEach === 0 ? fc.constant(undefined) : seldom(forEachGene, 3),
    output: seldom(fc.constantFrom<JsonObject[]>({ type: 'object' }, { type: 'object', required: ['o0'] }), 4),
    timeout: seldom(fc.integer({ min: 1, max: 5 }), 4),
  });

const waitGene: fc.Arbitrary<WaitGene> = fc.record({
  kind: fc.constant('wait' as const),
  ...common,
  form: number,
  pick: number,
  seconds: fc.constantFrom(1, 2, 0.75, 3),
});

const emitGene: fc.Arbitrary<EmitGene> = fc.record({ kind: fc.constant('emit' as const), ...common, type: fc.nat(1) });

const loopGene = (inner: fc.Arbitrary<TaskGene>): fc.Arbitrary<LoopGene> =>
  fc.record({
    kind: fc.constant('loop' as const),
    ...common,
    most: fc.integer({ min: 1, max: 4 }),
    until: fc.option(fc.record({ form: number, pick: number, than: fc.nat(9) }), { nil: undefined, freq: 6 }),
    fails: fc.nat(3).map((draw) => draw === 3),
    inner: fc.array(inner, { minLength: 1, maxLength: 4, size: 'max' }),
  });

const groupGene = (inner: fc.Arbitrary<TaskGene>): fc.Arbitrary<GroupGene> =>
  fc.record({
    kind: fc.constant('group' as const),
    ...common,
    maxParallel: seldom(fc.integer({ min: 1, max: 2 }), 2),
    inner: fc.array(inner, { minLength: 1, maxLength: 4, size: 'max' }),
  });

/** Containers so many levels deep. */
export function taskGene(mixture: Mixture, depth: number): fc.Arbitrary<TaskGene> {
  const { forEach } = mixture;
  const inner = depth === 0 ? undefined : taskGene(mixture, depth - 1);
  const choices: readonly [TaskKind, fc.Arbitrary<TaskGene> | undefined][] = [
    ['agent', agentGene(forEach)],
    ['wait', waitGene],
    ['emit', emitGene],
    ['child', childGene(forEach)],
    ['group', inner && groupGene(inner)],
    ['loop', inner && loopGene(inner)],
  ];
  const drawn = choices.flatMap(([kind, arbitrary]) =>
    arbitrary && mixture[kind] > 0 ? [{ weight: mixture[kind], arbitrary }] : [],
  );
  return fc.oneof({ withCrossShrink: true }, ...drawn);
}

/** A list as `for_each` takes it, in the order of `ForEachGene.items.form`. */
export const literalItems: readonly (readonly Json[])[] = [
  [1, 2, 3],
  [],
  [{ n: 1, ok: true }, { n: 2 }, { n: 'three' }, null, { n: 5, ok: false }],
  ['a'],
  [4, 5, 6, 7, 8, 9],
];
