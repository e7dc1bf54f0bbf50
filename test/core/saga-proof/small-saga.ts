import fc from 'fast-check';

// Small sagas as data, from which both sides are made: the definition that is proven, and the model that plays it out.

export type On = 'success' | 'failure' | 'skipped' | 'done';
export type Join = 'all_success' | 'all_done' | 'any_success' | 'none_failed' | { readonly quorum: number };

export interface SmallTask {
  readonly id: string;
  readonly kind: 'agent' | 'pause' | 'event' | 'emit';
  readonly dependsOn: readonly { readonly task: string; readonly on: On }[];
  readonly join: Join;
  readonly optional: boolean;
  readonly tolerated: boolean;
  readonly writes: boolean;
  /** What its compensation reads: nothing, its own output, or that of a task before it. */
  readonly undo?: { readonly reads?: string; readonly onFailure: boolean };
  readonly pivot: boolean;
  readonly retried: boolean;
}

export interface SmallSaga {
  readonly tasks: readonly SmallTask[];
  readonly onFailure: 'fail_fast' | 'drain' | 'continue';
  readonly onSkip: 'satisfies' | 'propagates';
  readonly afterFailedUndo: 'hold' | 'continue';
  readonly rollback: boolean;
}

/** The keys of a workflow that says all this. */
export function definitionOf({ tasks, onFailure, onSkip, afterFailedUndo, rollback }: SmallSaga): object {
  return {
    on_skip: onSkip,
    tasks: tasks.map(taskOf),
    fault_tolerance: {
      on_failure: onFailure,
      saga_pattern: {
        compensation_enabled: true,
        on_compensation_failure: afterFailedUndo,
        ...(!rollback && { rollback_on_failure: false }),
      },
    },
  };
}

const doing = {
  agent: { agent: 'shop' },
  pause: { wait: { seconds: 1 } },
  event: { wait: { event: 'go', timeout: 60 } },
  emit: { emit: { event: 'gone' } },
};

function taskOf({ id, kind, dependsOn, join, optional, tolerated, writes, undo, pivot, retried }: SmallTask): object {
  const ofAgents = {
    ...(!writes && { effect: 'none' }),
    ...(undo && { compensate: { agent: 'shop', ...inputOf(undo.reads) } }),
    ...(undo?.onFailure && { compensate_on_failure: true }),
    ...(pivot && { pivot: true }),
    ...(!retried && { retry_policy: 'none' }),
  };
  return {
    id,
    ...doing[kind],
    depends_on: dependsOn,
    join,
    ...(optional && { when: '${ input.go }' }),
    ...(tolerated && { continue_on_failure: true }),
    ...(kind === 'agent' && ofAgents),
  };
}

function inputOf(reads: string | undefined): object {
  return reads === undefined ? {} : { input: { undo: `\${ tasks.${reads}.output.id }` } };
}

/** One in `outOf`, or so many of them. */
const chance = (outOf: number, hits = 1): fc.Arbitrary<boolean> => fc.nat(outOf - 1).map((drawn) => drawn < hits);

const on: fc.Arbitrary<On> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<On>('success') },
  { weight: 1, arbitrary: fc.constantFrom<On>('failure', 'skipped', 'done') },
);

/** Most are nearly sound: what is amiss is then amiss for one reason, which has to be found. */
export const smallSaga: fc.Arbitrary<SmallSaga> = fc.integer({ min: 2, max: 5 }).chain((count) =>
  fc.record({
    tasks: fc
      .tuple(...Array.from({ length: count }, (_, at) => smallTask(at)))
      .map((tasks) => tasks as readonly SmallTask[]),
    onFailure: fc.constantFrom('fail_fast' as const, 'fail_fast' as const, 'drain' as const, 'continue' as const),
    onSkip: chance(6).map((hit) => (hit ? 'propagates' : 'satisfies')),
    afterFailedUndo: chance(10).map((hit) => (hit ? 'continue' : 'hold')),
    rollback: chance(40).map((hit) => !hit),
  }),
);

function smallTask(at: number): fc.Arbitrary<SmallTask> {
  const [id = '', ...earlier] = Array.from({ length: at + 1 }, (_, back) => 'abcde'.charAt(at - back));
  return fc
    .record({
      kind: fc.oneof(
        { weight: 9, arbitrary: fc.constant('agent' as const) },
        { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'event' as const, 'emit' as const) },
      ),
      producers: fc.subarray(earlier),
      ons: fc.array(on, { minLength: at, maxLength: at }),
      join: fc.oneof(
        { weight: 4, arbitrary: fc.constant('all_success' as const) },
        { weight: 1, arbitrary: fc.constantFrom('all_done' as const, 'any_success' as const, 'none_failed' as const) },
      ),
      quorum: fc.nat(9),
      optional: chance(8),
      tolerated: chance(10),
      writes: chance(3, 2),
      hasUndo: chance(10, 9),
      reads: fc.nat(19),
      onFailure: chance(12, 11),
      pivot: chance(6),
      retried: chance(4, 3),
    })
    .map(({ producers, ons, quorum, join, reads, hasUndo, onFailure, ...rest }) => {
      const dependsOn = producers.map((task, place) => ({ task, on: ons[place] ?? ('success' as const) }));
      const isAgent = rest.kind === 'agent';
      const read = reads === 0 ? id : reads === 1 ? producers[0] : undefined;
      const undo = isAgent && hasUndo ? { onFailure, ...(read !== undefined && { reads: read }) } : undefined;
      return {
        ...rest,
        id,
        dependsOn,
        join: quorum === 0 && dependsOn.length > 1 ? { quorum: 2 } : join,
        writes: rest.kind === 'emit' || (isAgent && rest.writes),
        pivot: isAgent && rest.pivot,
        retried: isAgent && rest.retried,
        ...(undo && { undo }),
      };
    });
}
