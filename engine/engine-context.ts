import type { AgentType } from '../core/agents/index.ts';
import { InvariantError, NotFoundError } from '../core/errors/index.ts';
import {
  indexPlan,
  type ExecutionRecord,
  type PlanIndex,
  type Redrive,
  type StoredValue,
} from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { parseJson, type Json } from '../core/json/index.ts';
import type {
  AgentRuntime,
  BlobStore,
  Clock,
  DefinitionStore,
  EventBus,
  Ids,
  LedgerStore,
  LedgerWrite,
  MachineRunner,
  PublishedWorkflow,
  TaskTokens,
  Timers,
} from '../core/ports/index.ts';
import { createCalls, type Calls } from './calls.ts';
import { storeValue } from './stored-value.ts';

export interface EngineDeps {
  readonly tenant: string;
  /**
   * Who shares the fate of an agent's call: this process, and no earlier or later one, or all of a deployment where calls outlive processes.
   * An attempt that another one made is called again.
   */
  readonly engineId: string;
  /** Signs the handles of agents; the same for all processes on one ledger. */
  readonly handleSecret: string;
  readonly ledger: LedgerStore;
  readonly blobs: BlobStore;
  readonly definitions: DefinitionStore;
  readonly agents: AgentRuntime;
  readonly machines: MachineRunner;
  readonly tokens: TaskTokens;
  readonly timers: Timers;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Where a POST resumes a paused execution; absent where there is no server. */
  readonly resumeUrl?: (execution: ExecutionId) => string;
  /** Runs what may have become needless in a moment; at once where a moment later there is no process. */
  readonly later: (run: () => void) => void;
  /** Hears of what goes on after a call has resolved: whoever is frozen between calls waits for it. Absent: nobody has to. */
  readonly aside?: (work: Promise<void>) => void;
  /** A follow-up of an acknowledged answer failed: nothing is lost, but somebody has to resume the execution. */
  readonly onError: (error: unknown) => void;
  /** Sends on its way again what was given up. Absent: nothing can be. */
  readonly redrive?: Redrive;
}

/** A published workflow with its look-ups. */
export interface LoadedWorkflow {
  readonly published: PublishedWorkflow;
  readonly index: PlanIndex;
}

export interface EngineContext extends EngineDeps {
  readonly aside: (work: Promise<void>) => void;
  readonly calls: Calls;
  /** True when accepted; the events among the writes are published once they are durable. False: read again and decide again. */
  commit(writes: readonly LedgerWrite[]): Promise<boolean>;
  /** To be waited for before anybody outside is told or asked anything: what it rests on might be lost with the process. */
  durable(): Promise<void>;
  /** Throws NotFoundError (`execution_not_found`). */
  getExecution(id: ExecutionId): Promise<ExecutionRecord>;
  /** Throws NotFoundError (`workflow_not_found`). */
  getWorkflow(execution: Pick<ExecutionRecord, 'workflow' | 'version'>): Promise<LoadedWorkflow>;
  getAgentType(workflow: LoadedWorkflow, name: string): AgentType;
  store(value: Json): Promise<StoredValue>;
  load(value: StoredValue): Promise<Json>;
}

/** Workflows kept in memory; an engine serves few at a time, and a plan of 1,000 tasks takes about 1 MB. */
const WORKFLOWS_KEPT = 64;

/** Large values kept in memory: each call of a `for_each` reads the whole list for its item. */
const BLOBS_KEPT = 8;

export function createEngineContext(deps: EngineDeps): EngineContext {
  const workflows = new Map<string, LoadedWorkflow>();
  const blobs = new Map<string, Json>();
  const { aside = () => undefined } = deps;

  return {
    ...deps,
    aside,
    calls: createCalls(),
    async commit(writes) {
      if ((await deps.ledger.commit(writes)) === 'conflict') return false;
      const events = writes.flatMap((write) => (write.kind === 'event' ? [write.event] : []));
      if (events.length > 0) aside(deps.ledger.durable().then(() => deps.bus.publish(events), deps.onError));
      return true;
    },
    durable: () => deps.ledger.durable(),
    async getExecution(id) {
      const record = await deps.ledger.findExecution(id);
      if (record) return record;
      throw new NotFoundError({
        code: 'execution_not_found',
        message: `There is no execution ${id}.`,
        hint: 'See `skein list` for those there are.',
      });
    },
    async getWorkflow({ workflow, version }) {
      const key = `${workflow}\n${version}`;
      const known = workflows.get(key);
      if (known) return known;
      const published = await deps.definitions.find(workflow, version);
      if (!published) throw missingWorkflow(workflow, version);
      const loaded = { published, index: indexPlan(published.plan) };
      if (workflows.size >= WORKFLOWS_KEPT) workflows.delete(workflows.keys().next().value ?? key);
      workflows.set(key, loaded);
      return loaded;
    },
    getAgentType(workflow, name) {
      const agentType = workflow.published.agentTypes[name];
      if (agentType) return agentType;
      throw new InvariantError({
        code: 'agent_type_missing',
        message: `The published workflow lacks agent type ${name}.`,
      });
    },
    store: (value) => storeValue(deps.blobs, value),
    async load(value) {
      if ('inline' in value) return value.inline;
      const known = blobs.get(value.blob);
      if (known !== undefined) return known;
      // A blob holds what `store` wrote: JSON text.
      const loaded = parseJson(await deps.blobs.get(value.blob));
      if (blobs.size >= BLOBS_KEPT) blobs.delete(blobs.keys().next().value ?? value.blob);
      blobs.set(value.blob, loaded);
      return loaded;
    },
  };
}

function missingWorkflow(name: string, version: string): NotFoundError {
  return new NotFoundError({
    code: 'workflow_not_found',
    message: `Workflow ${name} has no published version ${version}.`,
    hint: 'Publish it, or run it from its file with `skein run <file>`.',
  });
}
