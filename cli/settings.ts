import { planDefaultsOf } from '../compiler/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import type { PlanDefaults } from '../core/plan/index.ts';
import { readSettings, type Settings } from '../core/settings/index.ts';
import type { Surroundings } from './surroundings.ts';

/** The variables that a deployment is set by, as they are set here. Throws InvalidRequestError (`settings_invalid`). */
export function settingsOf({ environment }: Pick<Surroundings, 'environment'>): Settings {
  const { settings, faults } = readSettings(environment);
  if (faults.length === 0) return settings;
  throw new InvalidRequestError({
    code: 'settings_invalid',
    message: `the environment is wrong: ${faults.join('; ')}`,
    hint: 'they are whole numbers; unset them for the defaults',
  });
}

/** What definitions that say nothing get on this machine. */
export function planDefaults(surroundings: Pick<Surroundings, 'environment'>): PlanDefaults {
  return planDefaultsOf(settingsOf(surroundings));
}
