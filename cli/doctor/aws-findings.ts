import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Surroundings } from '../surroundings.ts';
import { ok, type Finding } from './finding.ts';

/** The checkout: the CDK app is what it deploys, and the CDK's command line is installed in it. */
export const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** The pinned command line of the CDK. */
export const cdkProgram = join(checkout, 'node_modules/aws-cdk/bin/cdk');

/** Where credentials come from, in the order in which the SDK looks. That they work shows when they are used. */
const sources = [
  ['AWS_ACCESS_KEY_ID', 'keys in the environment'],
  ['AWS_PROFILE', "a profile of AWS's own settings"],
  ['AWS_WEB_IDENTITY_TOKEN_FILE', 'a web identity'],
  ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'the container'],
  ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'the container'],
] as const;

type World = Pick<Surroundings, 'environment'>;

/** What a deployment needs on this machine. `region` is the one that was asked for. */
export function awsFindings(region: string | undefined, world: World, program = cdkProgram): readonly Finding[] {
  return [cdkFinding(program), credentialsFinding(world), regionFinding(region, world)];
}

function cdkFinding(program: string): Finding {
  if (existsSync(program)) return ok('cdk', 'the CDK is installed');
  const fix = 'run `npm ci` in the checkout of Skein: the CDK comes with it';
  return { check: 'cdk', status: 'failed', message: 'the CDK is not installed', fix };
}

function credentialsFinding({ environment }: World): Finding {
  const check = 'credentials';
  const source = sources.find(([variable]) => environment[variable]);
  if (source) return ok(check, source[1]);
  if (settings(environment, 'credentials') !== undefined || settings(environment, 'config') !== undefined) {
    return ok(check, "AWS's own settings");
  }
  const fix = '`aws configure sso`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
  return { check, status: 'failed', message: 'there are no AWS credentials', fix };
}

function regionFinding(asked: string | undefined, { environment }: World): Finding {
  const region = regionOf(asked, environment);
  if (region !== undefined) return ok('region', region);
  const fix = 'name one: --region eu-central-1, or set AWS_REGION';
  return { check: 'region', status: 'failed', message: 'no AWS region is named', fix };
}

/** The region that will be deployed to; undefined: nobody says. */
export function regionOf(asked: string | undefined, environment: World['environment']): string | undefined {
  const named = asked ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (named !== undefined && named !== '') return named;
  const profile = environment['AWS_PROFILE'] ?? 'default';
  const section = profile === 'default' ? 'default' : `profile ${profile}`;
  let current = '';
  for (const line of (settings(environment, 'config') ?? '').split('\n')) {
    current = /^\s*\[(.+)\]/.exec(line)?.[1]?.trim() ?? current;
    const region = /^\s*region\s*=\s*(\S+)/.exec(line)?.[1];
    if (current === section && region !== undefined) return region;
  }
  return undefined;
}

function settings(environment: World['environment'], name: 'config' | 'credentials'): string | undefined {
  const own = environment[name === 'config' ? 'AWS_CONFIG_FILE' : 'AWS_SHARED_CREDENTIALS_FILE'];
  const path = own ?? join(environment['HOME'] ?? '/nonexistent', '.aws', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
