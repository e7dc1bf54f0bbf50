import fc from 'fast-check';
import type { Json } from '../core/json/index.ts';
import type { Answer, Behaviour, ScriptedError } from './scenario.ts';

/** Milliseconds. Unbiased, so that two things seldom fall on the same one by accident, and often enough 0. */
const delay = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.noBias(fc.integer({ min: 1, max: 3_000 })) },
);

/** Beyond every timeout of a few seconds. */
const lateDelay = fc.noBias(fc.integer({ min: 7_000, max: 20_000 }));

/** Mostly what expressions ask for, sometimes what makes them fail. */
const value: fc.Arbitrary<Json> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 16,
    arbitrary: fc.record({ ok: fc.boolean(), n: fc.nat(9), label: fc.constantFrom('a', 'b', 'c') }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Json[]>(null, [], 'text', 7, { ok: 'yes' }, {}) },
);

const error: fc.Arbitrary<ScriptedError> = fc.record({
  name: fc.constantFrom('Flaky', 'AgentThrottled', 'AgentFailure', 'InvalidInput', 'PermissionDenied'),
  message: fc.constant('as the script says'),
  retryable: fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.boolean() },
  ),
  retryAfter: fc.oneof(
    { withCrossShrink: true },
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(1, 5) },
  ),
});

const success = fc.record({ after: delay, kind: fc.constant('succeed' as const), value });
const failure = fc.record({ after: delay, kind: fc.constant('fail' as const), error });
const crash = fc.record({ after: delay, kind: fc.constant('crash' as const) });
const late = fc.record({ after: lateDelay, kind: fc.constant('succeed' as const), value });

/** The agent answers, and then again. */
const twice = fc
  .tuple(fc.oneof(success, failure), fc.oneof(success, failure))
  .map(([first, second]): Answer[] => [first, { ...second, after: first.after + 1 + second.after }]);

const answers: fc.Arbitrary<readonly Answer[]> = fc.oneof(
  { withCrossShrink: true },
  { weight: 30, arbitrary: fc.tuple(success) },
  { weight: 5, arbitrary: fc.tuple(failure) },
  { weight: 1, arbitrary: fc.tuple(crash) },
  { weight: 1, arbitrary: fc.tuple(late) },
  { weight: 1, arbitrary: twice },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** What an agent does with one attempt. */
export const randomBehaviour: fc.Arbitrary<Behaviour> = fc.record({
  answers,
  // Never closer than a quarter of a `heartbeat` (2 s at most): the engine may overlook such signs of life to save writes.
  beats: fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({ every: fc.integer({ min: 300, max: 900 }), count: fc.integer({ min: 1, max: 20 }) }),
    },
  ),
  obeysStop: fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});
