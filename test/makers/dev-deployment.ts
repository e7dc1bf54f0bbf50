import { onTestFinished } from 'vitest';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { startDevServer, type DevServer } from '../../local/index.ts';
import { openShell, type Shell } from './shell.ts';

/** A real clock for commands that ask a server again and again. */
export function everyTick(perSecond: number, tick: () => void): () => void {
  const timer = setInterval(tick, 1_000 / perSecond);
  return () => clearInterval(timer);
}

/** A deployment on this machine, in memory, that knows the agent types of a catalogue. */
export async function startDeployment(catalogue: string, directory: string): Promise<DevServer> {
  const server = await startDevServer({ port: 0, directory, version: '0.0.0-test' });
  onTestFinished(() => server.close());
  const resolveModule = (module: string): string => new URL(module, `file://${directory}/`).pathname;
  const parsed = parseAgentCatalogue({ name: 'agents.yaml', text: catalogue, resolveModule });
  await server.register([...(parsed.catalogue?.values() ?? [])]);
  return server;
}

/** A command line whose profile `test` is this deployment, and which the environment tells to use it. */
export function shellAt({ url, token }: Pick<DevServer, 'url' | 'token'>): Shell {
  const shell = openShell({
    environment: { SKEIN_PROFILE: 'test', SKEIN_CONFIG: 'profiles.json', TEST_TOKEN: token },
    process: { onTick: everyTick },
  });
  const profiles = { test: { url, token_env: 'TEST_TOKEN' } };
  shell.write({ 'profiles.json': JSON.stringify({ profiles }) });
  return shell;
}
