import type { Scenario } from '../../simulation/index.ts';
import type { State } from './state.ts';

// What a pause does: nothing begins, what has begun may end, and the clock of the execution stands still. Children share it.

export interface Command {
  readonly at: number;
  readonly kind: 'pause' | 'unpause';
}

/** The next thing that somebody says about pauses. */
export function nextCommand({ commands, setting }: State): Command | undefined {
  return commandsOf(setting.scenario)[commands];
}

function commandsOf({ pauses = [] }: Scenario): Command[] {
  return pauses.flatMap(({ at, until }): Command[] => [
    { at, kind: 'pause' },
    { at: until, kind: 'unpause' },
  ]);
}

export function obey(state: State, { kind }: Command): void {
  state.commands += 1;
  if (kind === 'pause') pauseExecution(state, '');
  else unpauseExecution(state, '');
}

/** One that stops, or has ended, is not paused any more. */
function pauseExecution(state: State, place: string): void {
  const { stop, endedAs, pausedAt } = state.execution(place);
  if (stop || endedAs !== undefined || pausedAt !== undefined) return;
  state.changeExecution(place, { pausedAt: state.now });
  for (const child of childrenOf(state, place)) pauseExecution(state, child);
}

export function unpauseExecution(state: State, place: string): void {
  const { pausedAt, deadline } = state.execution(place);
  if (pausedAt === undefined) return;
  state.changeExecution(place, { pausedAt: undefined, deadline: deadline + state.now - pausedAt });
  for (const child of childrenOf(state, place)) unpauseExecution(state, child);
}

function childrenOf(state: State, place: string): string[] {
  return state
    .live()
    .filter(({ frame, phase }) => frame.execution === place && phase === 'child')
    .map((entry) => entry.place);
}
