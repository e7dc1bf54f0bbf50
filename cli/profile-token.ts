import { InvalidRequestError, UnavailableError } from '../core/errors/index.ts';
import type { Profile } from './profiles.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The token that a profile shows; undefined for one without. It is never printed: not in errors either. Throws
 * InvalidRequestError (`token_missing`) and UnavailableError (`token_command_failed`).
 */
export async function tokenOf(
  name: string,
  profile: Profile,
  { environment, directory, runProgram }: Pick<Surroundings, 'environment' | 'directory' | 'runProgram'>,
): Promise<string | undefined> {
  const variable = profile.token_env ?? profile.api_key_env;
  if (variable !== undefined) return environment[variable]?.trim() || missing(name, variable);
  if (profile.token_command === undefined) return profile.token ?? profile.api_key;
  const command = { file: 'sh', args: ['-c', profile.token_command], directory, environment };
  const { code, out } = await runProgram(command);
  const token = out.trim();
  if (code === 0 && token !== '') return token;
  throw new UnavailableError({
    code: 'token_command_failed',
    message: `the token command of ${name} ${code === 0 ? 'printed nothing' : `ended with ${code ?? 'a signal'}`}`,
    hint: 'run it by itself to see why; what it prints is taken as the token',
    details: { place: `profile ${name}` },
  });
}

function missing(name: string, variable: string): never {
  throw new InvalidRequestError({
    code: 'token_missing',
    message: `the variable ${variable} is not set, which holds the token of ${name}`,
    hint: `set ${variable}, or change the profile with \`skein profile add ${name} …\``,
    details: { place: `profile ${name}` },
  });
}
