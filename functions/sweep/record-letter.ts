import * as z from 'zod';
import { timerMessage, type DeadLetter, type DeadLetterQueues } from '../../adapters/aws/index.ts';
import type { LetterSource } from '../../core/execution/index.ts';
import { executionId, handle, taskPath } from '../../core/ids/index.ts';
import { digestOfText, parseJson, type Json } from '../../core/json/index.ts';
import type { FoundLetter } from '../../engine/index.ts';
import { findIn } from '../read-message.ts';
import type { Runtime } from '../runtime.ts';

/** Whose incidents are that belong to no tenant: the stage's own, as its first key is. */
const OPERATOR = 'default';

/** What can be read of a letter: whose it is, and what it is about. */
interface Reading {
  readonly tenant?: string | undefined;
  readonly about?: string;
  readonly reason?: string | undefined;
  readonly execution?: string;
  readonly task?: string | undefined;
}

type Read = (runtime: Runtime, body: string) => Promise<Reading>;

const answered = z.object({
  requestPayload: z.object({
    handle: z.string(),
    task: z.object({ path: z.string() }),
    context: z.object({ execution: z.string() }),
  }),
});
const requested = z.object({ tenant: z.string(), workflow: z.string(), version: z.string() });
const ended = z.object({ detail: z.object({ name: z.string() }) });
const batch = z.object({
  requestContext: z.object({ condition: z.string() }),
  DDBStreamBatchInfo: z.object({ shardId: z.string(), startSequenceNumber: z.string() }),
});
const invoked = z.object({
  requestContext: z.object({ condition: z.string() }),
  responsePayload: z.object({ errorMessage: z.string() }).optional(),
});

async function readInvocation(_runtime: Runtime, body: string): Promise<Reading> {
  const found = findIn(invoked, body);
  const said = found?.responsePayload?.errorMessage ?? found?.requestContext.condition;
  return { reason: said };
}

const readers: { readonly [Source in LetterSource]?: Read } = {
  timers: async (_runtime, body) => {
    const found = findIn(timerMessage, body);
    if (!found) return {};
    const { tenant, timer } = found;
    const task = 'path' in timer ? timer.path : undefined;
    return { tenant, about: JSON.stringify(timer), execution: timer.execution, task };
  },
  answers: async (runtime, body) => {
    const found = findIn(answered, body)?.requestPayload;
    if (!found) return {};
    const tenant = await runtime.tenantOf(handle(found.handle));
    return { tenant, about: found.handle, execution: found.context.execution, task: found.task.path };
  },
  machines: async (_runtime, body) => {
    const found = findIn(requested, body);
    return found ? { tenant: found.tenant, about: `${found.workflow} ${found.version}` } : {};
  },
  endings: async (runtime, body) => {
    const execution = findIn(ended, body)?.detail.name;
    return execution === undefined ? {} : { tenant: await tenantWith(runtime, execution), about: execution, execution };
  },
  projections: async (_runtime, body) => {
    const found = findIn(batch, body);
    if (!found) return {};
    const { shardId, startSequenceNumber } = found.DDBStreamBatchInfo;
    return { about: `${shardId} ${startSequenceNumber}`, reason: found.requestContext.condition };
  },
  // Each call of theirs is like any other: many that fail are one incident.
  sweeps: async (...asked) => ({ about: 'sweep', ...(await readInvocation(...asked)) }),
  resources: readInvocation,
};

async function tenantWith(runtime: Runtime, execution: string): Promise<string | undefined> {
  for (const tenant of await runtime.listTenants()) {
    const { stores } = await runtime.forTenant(tenant);
    if (await stores.ledger.findExecution(executionId(execution))) return tenant;
  }
  return undefined;
}

/** Makes a letter that its queue has given up an incident of its tenant, or of the stage's own where nobody can say whose it is. */
export async function recordDeadLetter(runtime: Runtime, { source, id, body, reason }: DeadLetter): Promise<void> {
  const read = (await readers[source]?.(runtime, body)) ?? {};
  const { engine } = await runtime.forTenant(read.tenant ?? OPERATOR);
  const letter: FoundLetter = {
    source,
    copy: id,
    about: digestOfText(read.about ?? body),
    reason: reason ?? read.reason ?? usualReason(source, read.about !== undefined),
    body: jsonOf(body),
    ...(read.execution !== undefined && { execution: executionId(read.execution) }),
    ...(read.task !== undefined && { task: taskPath(read.task) }),
  };
  await engine.recordLetter(letter);
}

/** All that the queues have given up so far. Answers how many these were. */
export async function recordDeadLetters(runtime: Runtime, queues: DeadLetterQueues): Promise<number> {
  const { report } = runtime;
  const taken = await queues.takeEach(
    (letter) => recordDeadLetter(runtime, letter),
    (error, { source, id }) => report.error('a dead letter could not be recorded', error, { source, messageId: id }),
  );
  report.count('DeadLetters', taken);
  return taken;
}

/** SQS does not say why: the function that has failed of it does, in its log. */
function usualReason(source: LetterSource, isRead: boolean): string {
  return isRead
    ? `It failed each time that it was tried; the log of the function that takes ${source} says why.`
    : 'It cannot be read.';
}

function jsonOf(body: string): Json {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
