import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import { parseJson } from '../core/json/index.ts';
import { fileError } from './file-error.ts';
import { profilesPath } from './profiles-path.ts';
import type { Surroundings } from './surroundings.ts';

const text = z.string().min(1);

/** How the token is had: at most one of them. All are shown as bearer tokens. */
const credentials = {
  token: text.optional(),
  token_env: text.optional(),
  token_command: text.optional(),
  api_key: text.optional(),
  api_key_env: text.optional(),
};
export const credentialKinds = Object.keys(credentials) as readonly (keyof typeof credentials)[];

const profileSchema = z
  .strictObject({ url: z.url({ protocol: /^https?$/ }), ...credentials })
  .refine((profile) => credentialKinds.filter((kind) => profile[kind] !== undefined).length <= 1, {
    error: `has more than one of ${credentialKinds.join(', ')}`,
  });

const fileSchema = z.strictObject({
  /** The profile that verbs use when nothing else is said. */
  current: text.optional(),
  profiles: z.record(z.string(), profileSchema),
});

/** A deployment, and how to get in. */
export type Profile = z.infer<typeof profileSchema>;
export type ProfilesFile = z.infer<typeof fileSchema>;

/** No profiles where there is no file. Throws InvalidRequestError (`profiles_invalid`). */
export function readProfiles(surroundings: Pick<Surroundings, 'environment' | 'directory'>): ProfilesFile {
  const path = profilesPath(surroundings);
  if (!existsSync(path)) return { profiles: {} };
  const parsed = fileSchema.safeParse(jsonOf(path));
  if (parsed.success) return parsed.data;
  // What zod says names keys and never their values: a token would not be printed.
  const said = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ');
  throw invalidFile(path, `the profiles do not fit: ${said}`);
}

/** Replaces the file as a whole, readable for its owner only: it may hold tokens. */
export function writeProfiles(file: ProfilesFile, surroundings: Pick<Surroundings, 'environment' | 'directory'>): void {
  const path = profilesPath(surroundings);
  const draft = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    throw fileError(error, path, 'SKEIN_CONFIG names another file');
  }
}

/** Throws NotFoundError (`profile_not_found`). */
export function getProfile({ profiles }: ProfilesFile, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile) return profile;
  const names = Object.keys(profiles);
  throw new NotFoundError({
    code: 'profile_not_found',
    message: `there is no profile ${name}`,
    hint: names.length === 0 ? 'add it with `skein profile add`' : `there are: ${names.join(', ')}`,
    details: { place: `--profile ${name}` },
  });
}

/** In words, without any secret. */
export function credentialText(profile: Profile): string {
  if (profile.token_env !== undefined) return `token in $${profile.token_env}`;
  if (profile.api_key_env !== undefined) return `API key in $${profile.api_key_env}`;
  if (profile.token_command !== undefined) return 'token by a command';
  if (profile.token !== undefined) return 'token in the file';
  return profile.api_key === undefined ? 'no token' : 'API key in the file';
}

function jsonOf(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, path, 'SKEIN_CONFIG names another file');
    throw invalidFile(path, 'the profiles are not JSON');
  }
}

function invalidFile(path: string, message: string): InvalidRequestError {
  const hint = 'correct it, or move it away and add the profiles anew with `skein profile add`';
  return new InvalidRequestError({ code: 'profiles_invalid', message, hint, details: { place: path } });
}
