import { Argument } from 'commander';
import { ConflictError, InvalidRequestError } from '../../core/errors/index.ts';
import { LOCAL, profilesPath } from '../profiles-path.ts';
import {
  credentialKinds,
  credentialText,
  getProfile,
  readProfiles,
  writeProfiles,
  type Profile,
  type ProfilesFile,
} from '../profiles.ts';
import { alignColumns, cell } from '../render/columns.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

const actions = ['add', 'list', 'use', 'remove'] as const;
type Action = (typeof actions)[number];

interface Options {
  readonly url?: string;
  readonly token?: string;
  readonly tokenEnv?: string;
  readonly tokenCommand?: string;
  readonly apiKey?: string;
  readonly apiKeyEnv?: string;
  readonly insecure?: boolean;
  readonly json?: boolean;
}

export const profileVerb: Verb = {
  name: 'profile',
  summary: 'name deployments and say how to get in: add, list, use, remove',
  example: 'skein profile add prod --url https://skein.example.com --token-env SKEIN_TOKEN',
  declare: (command) =>
    command
      .addArgument(new Argument('<action>', 'what to do').choices(actions))
      .argument('[name]', 'of the profile; `use local` goes back to this machine')
      .option('--url <url>', 'of the deployment: what stands before /api/v1')
      .option('--token-env <variable>', 'the token is in this variable')
      .option('--token-command <command>', 'this command prints the token')
      .option('--token <token>', 'the token itself, which is kept in the file')
      .option('--api-key-env <variable>', 'an API key is in this variable')
      .option('--api-key <key>', 'an API key, which is kept in the file')
      .option('--insecure', 'send the token to an http:// URL of another machine')
      .option('--json', 'print the profiles as JSON, without their tokens'),

  async run(command, surroundings) {
    const [action, name] = command.processedArgs as [Action, string?];
    const file = readProfiles(surroundings);
    const next = action === 'list' ? file : changed(file, { action, name: named(name), options: command.opts() });
    if (next !== file) writeProfiles(next, surroundings);
    report(next, command.opts<Options>().json ?? false, surroundings);
    return exitCodes.ok;
  },
};

interface Change {
  readonly action: Exclude<Action, 'list'>;
  readonly name: string;
  readonly options: Options;
}

/** The file after the change. The first profile that is added is the one that is used. */
function changed(file: ProfilesFile, { action, name, options }: Change): ProfilesFile {
  const { current, profiles } = file;
  if (action === 'add') {
    const profile = newProfile(options);
    if (name === LOCAL) throw reserved();
    return { current: current ?? name, profiles: { ...profiles, [name]: profile } };
  }
  if (action === 'use') {
    if (name !== LOCAL) getProfile(file, name);
    return { ...file, current: name };
  }
  getProfile(file, name);
  const { [name]: _removed, ...rest } = profiles;
  return { ...(current !== undefined && current !== name && { current }), profiles: rest };
}

function newProfile({ url, ...options }: Options): Profile {
  if (url === undefined) return missing('--url');
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw wrongUrl(url, 'it is no http or https URL');
  const { protocol, hostname, username } = new URL(url);
  if (username !== '') throw wrongUrl(url.replace(/\/\/.*@/, '//…@'), 'it holds a user name');
  if (protocol === 'http:' && !isThisMachine(hostname) && !options.insecure) {
    throw wrongUrl(url, 'the token would be sent unencrypted; --insecure allows it');
  }
  const given = {
    token: options.token,
    token_env: options.tokenEnv,
    token_command: options.tokenCommand,
    api_key: options.apiKey,
    api_key_env: options.apiKeyEnv,
  };
  const kinds = credentialKinds.filter((kind) => given[kind] !== undefined);
  if (kinds.length > 1) {
    throw new ConflictError({
      code: 'more_than_one_token',
      message: `a profile gets its token in one way, and ${kinds.length} are given`,
      hint: 'give one of --token-env, --token-command, --token, --api-key-env and --api-key',
    });
  }
  return { url: url.replace(/\/+$/, ''), ...Object.fromEntries(kinds.map((kind) => [kind, given[kind]])) };
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function report(file: ProfilesFile, json: boolean, surroundings: Surroundings): void {
  const { out, environment } = surroundings;
  const rows = Object.entries(file.profiles).map(([name, profile]) => ({
    name,
    url: profile.url,
    token: credentialText(profile),
    isUsed: file.current === name,
  }));
  if (json) return out.write(`${JSON.stringify({ file: profilesPath(surroundings), profiles: rows }, null, 2)}\n`);
  if (rows.length === 0) return out.write('no profiles\n');
  const style = styleFor(out, environment);
  const cells = rows.map(({ name, url, token, isUsed }) => [
    cell(isUsed ? '*' : ' ', isUsed ? style('good', '*') : ' '),
    cell(name, style('heading', name)),
    cell(url),
    cell(token, style('quiet', token)),
  ]);
  out.write(`${alignColumns(cells).join('\n')}\n`);
}

function named(name: string | undefined): string {
  return name ?? missing('the name of the profile');
}

function missing(what: string): never {
  const hint = 'skein profile add prod --url https://skein.example.com --token-env SKEIN_TOKEN';
  throw new InvalidRequestError({ code: 'missing_argument', message: `${what} is missing`, hint });
}

function wrongUrl(place: string, message: string): InvalidRequestError {
  const hint = 'for example https://skein.example.com, or what `skein deploy` has printed';
  return new InvalidRequestError({ code: 'url_not_taken', message, hint, details: { place } });
}

function reserved(): InvalidRequestError {
  const hint = 'choose another name';
  return new InvalidRequestError({ code: 'name_reserved', message: `${LOCAL} stands for this machine`, hint });
}
