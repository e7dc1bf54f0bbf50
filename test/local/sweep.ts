import type { ExecutionView } from '../../core/projections/index.ts';
import type { Death } from '../makers/mortality.ts';
import type { Scenario } from '../../simulation/index.ts';
import { liveAndDie, type Dying, type Ending } from './mortal-process.ts';

const results = ({ execution, status, output, tasks }: ExecutionView): unknown => {
  const all = {
    status,
    output,
    tasks: tasks.map(({ path, status, attempts, output }) => ({ path, status, attempts, output })),
  };
  all.tasks.sort((a, b) => (a.path < b.path ? -1 : 1));
  // An execution whose very start is lost is another one when it is started again; when the event came, nobody has promised.
  const text = JSON.stringify(all).replaceAll(execution, 'this execution');
  return JSON.parse(text.replaceAll(/"time":"[^"]*"/g, '"time":""'));
};

/** Each moment, and where commits hang in the air, each thing that may become of them. Answers what `judge` finds wrong. */
export async function sweep(
  scenario: Scenario,
  { deathsAfter = () => [], ...dying }: Dying & { readonly deathsAfter?: (at: number) => readonly Death[] },
  judge: (ending: Ending, undisturbed: Ending) => unknown,
) {
  const undisturbed = await liveAndDie(scenario, dying);
  const moments = undisturbed.lives[0]?.moments ?? [];
  const faults: unknown[] = [];
  const play = async (at: number, keeps: Death['keeps']): Promise<number> => {
    const death = { at, keeps, moment: moments[at - 1] };
    try {
      const ending = await liveAndDie(scenario, { ...dying, deaths: [death, ...deathsAfter(at)] });
      const fault = judge(ending, undisturbed);
      if (fault !== undefined) faults.push({ death, fault });
      return ending.lives[0]?.loose ?? 0;
    } catch (error) {
      faults.push({ death, error });
      return 0;
    }
  };
  for (let at = 1; at <= moments.length; at += 1) {
    const loose = await play(at, 'none');
    if (loose > 0) await play(at, 'all');
    if (loose > 1) await play(at, 'half');
  }
  return { undisturbed, moments, faults };
}

/** What is otherwise than it would have been; undefined: nothing. */
export function isAsUndisturbed(ending: Ending, undisturbed: Ending): unknown {
  const [is, was] = [results(ending.view), results(undisturbed.view)];
  const { violations } = ending;
  return violations.length === 0 && JSON.stringify(is) === JSON.stringify(was) ? undefined : { violations, is };
}
