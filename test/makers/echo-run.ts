import { parseJson, type Json } from '../../core/json/index.ts';
import type { AgentCall } from '../../core/ports/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { createEmbeddedRuntime, type Stores } from '../../local/index.ts';
import { createSimulatedWorld } from './simulated-world.ts';
import { createWaitingStores } from './waiting-stores.ts';

export interface EchoRun {
  readonly status: string;
  readonly output: Json;
  readonly calls: readonly AgentCall[];
  /** As it was published: linked. */
  readonly machine: Json;
}

interface EchoRunOptions {
  readonly compiled: CompiledWorkflow;
  readonly children: readonly CompiledWorkflow[];
  readonly input: Json;
  readonly tenant: string;
  readonly stores: Stores;
}

/** Runs a workflow on a simulated clock; every agent answers with what it was given. */
export async function runWithEchoes({ compiled, children, input, tenant, ...given }: EchoRunOptions): Promise<EchoRun> {
  const { stores, isBusy } = createWaitingStores(given.stores);
  const calls: AgentCall[] = [];
  const errors: unknown[] = [];
  const world = createSimulatedWorld({
    isBusy,
    createAgents: (inWorld, answers) => ({
      async call(call) {
        calls.push(call);
        const answer = (): void =>
          void answers.complete(call.handle, call.input).catch((error: unknown) => errors.push(error));
        inWorld.schedule(inWorld.clock.now(), answer);
      },
      cancel: async () => undefined,
      capacity: () => undefined,
      outlivesEngine: () => false,
    }),
  });
  const runtime = createEmbeddedRuntime({ stores, world, tenant });
  for (const child of children) await runtime.publish(child);
  const { workflow, version } = await runtime.publish(compiled);
  const execution = await runtime.start({ workflow, version, input });
  let ended = false;
  const view = runtime.whenEnded(execution).finally(() => (ended = true));
  view.catch((error: unknown) => errors.push(error));
  await world.runUntil(() => ended || errors.length > 0);
  if (errors.length > 0) throw errors[0];
  const { status, output } = await view;
  const published = await stores.definitions.find(workflow, version);
  return { status, output: await load(stores, output), calls, machine: published?.machine ?? null };
}

async function load({ blobs }: Stores, stored: { inline: Json } | { blob: string } | undefined): Promise<Json> {
  if (!stored) return null;
  return 'inline' in stored ? stored.inline : parseJson(await blobs.get(stored.blob));
}
