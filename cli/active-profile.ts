import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { LOCAL, profilesPath } from './profiles-path.ts';
import type { Profile } from './profiles.ts';
import type { Surroundings } from './surroundings.ts';

export interface ActiveProfile {
  readonly name: string;
  readonly profile: Profile;
}

/**
 * The deployment that the command is about; undefined: this machine. `--profile`, else `--database`, else `SKEIN_PROFILE`, else what
 * `skein profile use` has chosen. Throws NotFoundError (`profile_not_found`) and InvalidRequestError (`profiles_invalid`).
 */
export async function activeProfile(
  command: Command,
  surroundings: Pick<Surroundings, 'environment' | 'directory'>,
): Promise<ActiveProfile | undefined> {
  const { profile: asked } = command.opts<{ profile?: string }>();
  if (asked === undefined && command.getOptionValueSource('database') === 'cli') return undefined;
  const wanted = asked ?? (surroundings.environment['SKEIN_PROFILE'] || undefined);
  if (wanted === LOCAL || (wanted === undefined && !existsSync(profilesPath(surroundings)))) return undefined;
  // Loaded here: most commands are about this machine, and should not wait for it.
  const { getProfile, readProfiles } = await import('./profiles.ts');
  const file = readProfiles(surroundings);
  const name = wanted ?? file.current ?? LOCAL;
  return name === LOCAL ? undefined : { name, profile: getProfile(file, name) };
}
