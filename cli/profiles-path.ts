import { join, resolve } from 'node:path';
import type { Surroundings } from './surroundings.ts';

/** The name that stands for this machine and its database: no profile may have it. */
export const LOCAL = 'local';

/** `$SKEIN_CONFIG`, else `skein/profiles.json` where the user's settings are. */
export function profilesPath({ environment, directory }: Pick<Surroundings, 'environment' | 'directory'>): string {
  const { SKEIN_CONFIG: own, XDG_CONFIG_HOME: settings, HOME: home } = environment;
  if (own) return resolve(directory, own);
  return join(settings ? resolve(settings) : join(home ?? directory, '.config'), 'skein', 'profiles.json');
}
