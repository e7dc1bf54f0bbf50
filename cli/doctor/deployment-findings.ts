import { z } from 'zod';
import { parseJson } from '../../core/json/index.ts';
import type { ActiveProfile } from '../active-profile.ts';
import { profilesPath } from '../profiles-path.ts';
import { tokenOf } from '../profile-token.ts';
import { programVersion } from '../program-version.ts';
import type { Surroundings } from '../surroundings.ts';
import { failed, ok, type Finding } from './finding.ts';
import { tokenFinding } from './token-facts.ts';

type World = Pick<Surroundings, 'fetch' | 'now' | 'environment' | 'directory' | 'runProgram'>;

/** Until an answer has come, in milliseconds. */
const ANSWERED_WITHIN_MS = 10_000;
/** What issuers and the API bear, in seconds. */
const MOST_SKEW = 30;

const health = z.object({ status: z.literal('ok'), version: z.string() });
const readiness = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) });
const capacity = z.object({ available_capacity: z.int(), max_concurrent_workflows: z.int() });

/** Everything that can be found out about a deployment from outside. */
export async function deploymentFindings({ name, profile }: ActiveProfile, world: World): Promise<readonly Finding[]> {
  const url = profile.url.replace(/\/+$/, '');
  const found = [ok('profile', `${name} of ${profilesPath(world)}`)];
  let token: string | undefined;
  try {
    token = await tokenOf(name, profile, world);
    found.push(tokenFinding(name, token, world.now()));
  } catch (error) {
    found.push(failed('token', error));
  }
  const lives = await look(world, `${url}/health`);
  if ('fault' in lives) return [...found, unreachable(url, lives.fault)];
  found.push(healthFinding(url, lives), clockFinding(lives.date, world.now()));
  if (found.at(-2)?.status === 'failed') return found;
  found.push(readyFinding(await look(world, `${url}/ready`)));
  if (token !== undefined) found.push(accessFinding(await look(world, `${url}/workflow-capacity`, token), name));
  return found;
}

interface Seen {
  readonly status: number;
  readonly body: unknown;
  readonly date: string | null;
}

async function look(world: World, url: string, token?: string): Promise<Seen | { readonly fault: string }> {
  try {
    const response = await world.fetch(url, {
      headers: { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    });
    const text = await response.text();
    return { status: response.status, body: jsonOf(text), date: response.headers.get('date') };
  } catch (error) {
    // fetch hides the reason (ECONNREFUSED, …) in the cause.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { fault: cause instanceof Error ? cause.message || cause.name : String(cause) };
  }
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function unreachable(url: string, fault: string): Finding {
  const fix = 'check the URL, your network and proxies, and that the deployment is there (`skein deploy`, `skein dev`)';
  return { check: 'reachable', status: 'failed', message: `${url} does not answer: ${fault}`, fix };
}

function healthFinding(url: string, { status, body }: Seen): Finding {
  const check = 'reachable';
  const parsed = health.safeParse(body);
  if (!parsed.success) {
    const fix = 'the URL is what stands before /api/v1: of API Gateway it ends with the stage';
    return { check, status: 'failed', message: `${url}/health answers ${status}, and is no deployment of Skein`, fix };
  }
  const { version } = parsed.data;
  if (version === programVersion()) return ok(check, `${url} is there, version ${version}`);
  const message = `${url} has version ${version}, and this is ${programVersion()}`;
  return { check, status: 'warning', message, fix: 'deploy this version, or install that one' };
}

/** `date` of the Date header, which has whole seconds. */
function clockFinding(date: string | null, now: number): Finding {
  const check = 'clock';
  const theirs = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return ok(check, 'the deployment does not tell its time');
  const skew = Math.round((now - theirs) / 1000);
  const message = `this machine is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(skew) <= MOST_SKEW) return ok(check, message);
  return { check, status: 'failed', message, fix: 'set the clock (NTP): tokens are refused that are of another time' };
}

function readyFinding(seen: Seen | { readonly fault: string }): Finding {
  const check = 'ready';
  const parsed = 'fault' in seen ? undefined : readiness.safeParse(seen.body).data;
  if (parsed?.status === 'ready') return ok(check, `${Object.keys(parsed.checks).join(', ')} answer`);
  const silent = Object.entries(parsed?.checks ?? {}).flatMap(([name, result]) => (result === 'ok' ? [] : [name]));
  const message = silent.length === 0 ? '/ready does not say that it is' : `${silent.join(', ')} does not answer`;
  return { check, status: 'failed', message, fix: 'look into the log of the deployment’s api function' };
}

function accessFinding(seen: Seen | { readonly fault: string }, profile: string): Finding {
  const check = 'access';
  if ('fault' in seen) return { check, status: 'failed', message: seen.fault, fix: 'try again' };
  const room = capacity.safeParse(seen.body);
  if (seen.status === 200 && room.success) {
    const { available_capacity: free, max_concurrent_workflows: all } = room.data;
    return ok(check, `the token is taken; ${free} of ${all} executions may start`);
  }
  if (seen.status === 403) {
    const fix = 'enough for agents; for looking ask for workflow:read';
    return { check, status: 'warning', message: 'the token is taken, and lacks the scope workflow:read', fix };
  }
  const fix = `check the token of ${profile}: its issuer, audience and tenant are those of the deployment`;
  return { check, status: 'failed', message: `the deployment answers ${seen.status} to the token`, fix };
}
