import { keyPart } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import {
  isConfirmed,
  isStanding,
  suspicionUselessFrom,
  type Sighting,
  type Suspicion,
} from '../core/resilience/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { controlOf } from './gates/index.ts';

const SUSPICIONS = 'suspicion';

/**
 * Says of what a look has shown whether an earlier one has shown the same: `confirmed`, and whoever looks may act. Otherwise it is written down,
 * and nothing is to be done before another look a round later: what is only slow will have gone on by then. `every`: milliseconds between
 * two looks.
 */
export async function suspect(
  { ledger, clock }: Pick<EngineDeps, 'ledger' | 'clock'>,
  execution: ExecutionId,
  { every, ...seen }: Sighting & { readonly every: number },
): Promise<'confirmed' | 'suspected'> {
  const key = `${SUSPICIONS}/${keyPart(execution)}`;
  const control = controlOf<Suspicion>(key, await ledger.findControl(key));
  const look = { every, now: clock.now() };
  if (isConfirmed(control.value, seen, look)) return 'confirmed';
  if (isStanding(control.value, seen, look)) return 'suspected';
  const suspicion = { ...seen, at: look.now };
  // A conflict: another sweeper has seen something too, and the next look goes by that.
  await ledger.commit([control.put(suspicion, suspicionUselessFrom(suspicion, every))]);
  return 'suspected';
}
