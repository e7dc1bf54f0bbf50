import { describe, expect, it } from 'vitest';
import { bytesOf, bytesOfLinking } from '../../statemachines/bytes.ts';
import { eventsOfState, historyEvents } from '../../statemachines/history-events.ts';
import type { Branch, Machine, State } from '../../statemachines/index.ts';
import { largestPayload } from '../../statemachines/payload.ts';
import { routeThrough, type Stop } from '../../statemachines/routes.ts';

const machine = (States: Branch['States']): Machine => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0]!,
  States,
});
const call = (Resource: string, rest: object = {}): State => ({ Type: 'Task', Resource, End: true, ...rest });
const end: State = { Type: 'Succeed' };
const to = (Next: string): State => ({ Type: 'Pass', Next });
const around = (...branches: Branch['States'][]): State => ({
  Type: 'Parallel',
  Branches: branches.map((States) => ({ StartAt: Object.keys(States)[0]!, States })),
  End: true,
});
const goBack = (Next: string, bound: number, Default: string): State => ({
  Type: 'Choice',
  Choices: [{ Condition: `{% $round1 < ${bound} and $states.input.again = true %}`, Next }],
  Default,
});

describe('routeThrough', () => {
  /** As `name`, `name ×times`, with what is inside in brackets. */
  const written = (route: readonly Stop[]): string =>
    route
      .map(
        ({ name, times, weight, inside }) =>
          `${name}${times === 1 ? '' : ` ×${times}`} ${weight}${inside.length === 0 ? '' : ` [${written(inside)}]`}`,
      )
      .join(', ');
  const route = (states: Branch['States'], extreme: 'shortest' | 'longest'): string =>
    written(routeThrough(machine(states), extreme, () => 1));

  it.each<[what: string, states: Branch['States'], shortest: string, longest: string]>([
    ['a chain', { a: to('b'), b: to('c'), c: end }, 'a 1, b 1, c 1', 'a 1, b 1, c 1'],
    [
      'a way round',
      { a: call('r', { Next: 'c', End: undefined, Catch: [{ ErrorEquals: ['E'], Next: 'b' }] }), b: to('c'), c: end },
      'a 1, c 1',
      'a 1, b 1, c 1',
    ],
    ['an early end', { a: call('r', { Catch: [{ ErrorEquals: ['E'], Next: 'b' }] }), b: end }, 'a 1', 'a 1, b 1'],
    ['branches', { a: around({ b: to('c'), c: end }, { d: end }) }, 'a 4 [b 1, c 1, d 1]', 'a 4 [b 1, c 1, d 1]'],
    ['what nothing leads to', { a: end, b: end }, 'a 1', 'a 1'],
    [
      'a loop',
      { a: to('b'), b: to('c'), c: goBack('b', 2, 'd'), d: end },
      'a 1, a 2 [b 1, c 1], d 1',
      'a 1, a ×3 6 [b 1, c 1], d 1',
    ],
    [
      'a loop in a loop',
      { a: to('b'), b: to('c'), c: to('d'), d: goBack('c', 1, 'e'), e: goBack('b', 2, 'f'), f: end },
      'a 1, a 4 [b 1, b 2 [c 1, d 1], e 1], f 1',
      'a 1, a ×3 18 [b 1, b ×2 4 [c 1, d 1], e 1], f 1',
    ],
    [
      'a loop at the beginning',
      { b: to('c'), c: goBack('b', 1, 'd'), d: end },
      'c 2 [b 1, c 1], d 1',
      'c ×2 4 [b 1, c 1], d 1',
    ],
  ])('goes through %s', (_what, states, shortest, longest) => {
    expect(route(states, 'shortest')).toBe(shortest);
    expect(route(states, 'longest')).toBe(longest);
  });

  it('takes the first of ways that are equally long', () => {
    const states = { a: { ...goBack('b', 1, 'c') }, b: to('d'), c: to('d'), d: end };

    expect(route(states, 'shortest')).toBe('a 1, b 1, d 1');
    expect(route(states, 'longest')).toBe('a 1, b 1, d 1');
  });

  it.each([
    [9, 'loop'],
    [12, 'detour'],
  ])('weighs a loop with all its iterations against a detour of %d: the longest is the %s', (weight, longest) => {
    const states = {
      a: call('r', { Next: 'b', End: undefined, Catch: [{ ErrorEquals: ['E'], Next: 'x' }] }),
      b: to('c'),
      c: goBack('b', 4, 'd'),
      x: { ...to('d'), Comment: String(weight) },
      d: end,
    };
    const weigh = (state: State): number => Number(state.Comment ?? 1);
    const names = (extreme: 'shortest' | 'longest') =>
      routeThrough(machine(states), extreme, weigh).map(({ name, times }) => `${name} ×${times}`);

    expect(names('shortest')).toEqual(['a ×1', 'a ×1', 'd ×1']);
    expect(names('longest')).toEqual(['a ×1', longest === 'loop' ? 'a ×5' : 'x ×1', 'd ×1']);
  });

  it('refuses a state that does not exist, and a loop that nothing bounds', () => {
    expect(() => route({ a: to('b') }, 'longest')).toThrow(
      expect.objectContaining({ code: 'dangling_state', message: 'The machine has no state b.' }),
    );
    expect(() => route({ a: to('b'), b: to('a') }, 'longest')).toThrow(
      expect.objectContaining({ code: 'unbounded_loop', message: 'Nothing bounds the loop that b closes.' }),
    );
    const always: State = { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'a' }], Default: 'c' };
    expect(() => route({ a: to('b'), b: always, c: end }, 'shortest')).toThrow('the loop that b closes');
  });
});

describe('eventsOfState', () => {
  it.each<[state: State, events: number]>([
    [call('arn:aws:states:::lambda:invoke'), 5],
    [call('arn:aws:states:::lambda:invoke.waitForTaskToken'), 6],
    [call('arn:aws:states:::states:startExecution.sync'), 6],
    [call('arn:aws:states:::states:startExecution.sync:2'), 6],
    [call('arn:aws:states:::a.sync.invoke'), 5],
    [around(), 4],
    [goBack('a', 1, 'b'), 2],
    [to('a'), 2],
    [end, 2],
    [{ Type: 'Fail' }, 1],
  ])('of %j are %d', (state, events) => {
    expect(eventsOfState(state)).toBe(events);
  });

  it('stand between the start and the end of the execution', () => {
    expect(historyEvents(machine({ a: to('b'), b: end }), 'longest')).toBe(2 + 2 + 2);
  });
});

describe('largestPayload', () => {
  it.each<[what: string, states: Branch['States'], bytes: number, state: string]>([
    ['states that send nothing', { a: to('b'), b: end }, 0, ''],
    ['a call without arguments', { a: call('r') }, 2 + 80, 'a'],
    ['a call that waits for a token', { a: call('r.waitForTaskToken') }, 2 + 80 + 2_048, 'a'],
    ['a text of two bytes', { a: call('r', { Arguments: { x: 'ä' } }) }, 10 + 80, 'a'],
    ['the largest of several', { a: call('r'), b: call('r', { Arguments: { x: 1 } }), c: call('r') }, 7 + 80, 'b'],
    ['the first of the largest', { a: call('r'), b: call('r') }, 2 + 80, 'a'],
    ['what is in a branch', { a: around({ b: call('r') }, { c: to('d'), d: end }) }, 2 + 80, 'b'],
    [
      'the results of branches',
      { a: around(...Array.from({ length: 40 }, (_, n) => ({ [`b${n}`]: end }))) },
      40 * 23,
      'a',
    ],
  ])('of %s', (_what, states, bytes, state) => {
    expect(largestPayload(machine(states))).toEqual({ bytes, state });
  });
});

describe('bytesOfLinking', () => {
  const invoke = (FunctionName: string): State => call('r', { Arguments: { FunctionName, Payload: {} } });

  it.each<[what: string, states: Branch['States'], bytes: number]>([
    ['the first call', { a: invoke('skein:begin') }, 55 - 11],
    ['a task', { a: invoke('skein:dispatch') }, 55 - 14],
    ['the last call', { a: invoke('skein:conclude') }, 55 - 14],
    ['the start of a part', { a: call('r', { Arguments: { StateMachineArn: 'skein:part:7' } }) }, 132 - 12],
    [
      'branches',
      { a: around({ b: invoke('skein:begin') }, { c: invoke('skein:begin') }), d: invoke('skein:begin') },
      3 * 44,
    ],
    ['a machine that is linked', { a: invoke('arn:x'), b: call('r', { Arguments: { StateMachineArn: 'arn:y' } }) }, 0],
    ['what is no call', { a: call('r'), b: to('c'), c: end }, 0],
  ])('of %s is what its ARNs are longer by', (_what, states, bytes) => {
    expect(bytesOfLinking(machine(states))).toBe(bytes);
  });

  it('counts in bytes of UTF-8', () => {
    expect(bytesOf('aä😀')).toBe(7);
  });
});
