import { readHandle, type HandleScope } from '../../core/agents/index.ts';
import { ConflictError } from '../../core/errors/index.ts';
import { isSettled, isTerminal, type SkeinEvent, type TaskRecord } from '../../core/execution/index.ts';
import type { CheckpointId, ExecutionId, Handle } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentAnswers, AgentCall } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { MemoryDisk } from '../makers/memory-disk.ts';

/** Those outside of the engine's processes: what they are asked and told has to be durable by then, and to stay. */
export interface OutsideWorld {
  /** An agent is called. */
  called(call: AgentCall): void;
  /** It is told to stop, with these words. */
  stopped(handle: Handle, why: string): void;
  /** Answers that agents give, which wait for being told what became of them. */
  watch(answers: AgentAnswers): AgentAnswers;
  /** Whoever has started, cancelled, looked at or listened to an execution, or has published an event. */
  readonly told: {
    started(id: ExecutionId): void;
    cancelled(id: ExecutionId): void;
    published(event: string): void;
    paused(id: ExecutionId, checkpoint: CheckpointId): void;
    status(tasks: readonly TaskRecord[]): void;
    happened(events: readonly SkeinEvent[]): void;
    ended(view: ExecutionView): void;
  };
  /** What they have seen and must not have, and what of it does not hold any more. */
  objections(): readonly string[];
}

/** Something that somebody relies on. */
interface Claim {
  readonly what: string;
  readonly holds: () => boolean;
}

export function createOutsideWorld({ now }: MemoryDisk, secret: string): OutsideWorld {
  const objections: string[] = [];
  const claims: Claim[] = [];
  const said = new Set<string>();
  const rely = (what: string, holds: () => boolean): void => {
    claims.push({ what, holds });
    if (!holds()) objections.push(`${what}, and the disk does not know it`);
  };
  const answered = new Set<Handle>();

  const taken = (handle: Handle, output?: Json): void => {
    answered.add(handle);
    const scope = readHandle(secret, handle);
    if (!scope) return;
    rely(`${nameOf(scope)} was told that its answer is taken`, () => {
      const record = now.task(scope.execution, scope.path);
      if (!record || record.attempt?.number === scope.attempt) return false;
      const stored = record.output;
      const isInline = output !== undefined && stored !== undefined && 'inline' in stored;
      return !isInline || JSON.stringify(stored.inline) === JSON.stringify(output);
    });
  };
  const refused = (handle: Handle): void => {
    const scope = readHandle(secret, handle);
    if (!scope) return;
    rely(`${nameOf(scope)} was told that its answer comes too late`, () => {
      const record = now.task(scope.execution, scope.path);
      return record !== undefined && record.attempt?.number !== scope.attempt;
    });
  };
  const answer = async (handle: Handle, giving: Promise<void>, output?: Json): Promise<void> => {
    try {
      await giving;
      taken(handle, output);
    } catch (error) {
      if (error instanceof ConflictError) refused(handle);
      throw error;
    }
  };

  return {
    called: ({ execution, path, attempt, handle }) => {
      const name = nameOf({ execution, path, attempt });
      if (answered.has(handle)) objections.push(`${name} was called again after its answer was taken`);
      rely(`${name} was called`, () => (now.task(execution, path)?.attempts ?? 0) >= attempt);
    },
    stopped: (handle, why) => {
      const scope = readHandle(secret, handle);
      if (!scope || !why.startsWith('the execution is stopping')) return;
      rely(`${nameOf(scope)} was told to stop with its execution`, () => {
        const status = now.execution(scope.execution)?.status;
        return status !== undefined && (status === 'stopping' || isTerminal(status));
      });
    },
    watch: (answers) => ({
      ...answers,
      complete: (handle, output) => answer(handle, answers.complete(handle, output), output),
      fail: (handle, error) => answer(handle, answers.fail(handle, error)),
    }),
    told: {
      started: (id) => rely(`${id} was started`, () => now.execution(id) !== undefined),
      cancelled: (id) =>
        rely(`${id} was cancelled`, () => ['stopping', 'cancelled'].includes(now.execution(id)?.status ?? '')),
      paused: (id, checkpoint) => rely(`${id} was paused with ${checkpoint}`, () => now.hasCheckpoint(id, checkpoint)),
      published: (event) => rely(`${event} was published`, () => now.hasBusEvent(event)),
      status: (tasks) => {
        for (const { execution, path, status, output } of tasks.filter((task) => isSettled(task.status))) {
          // Said once, it stays said.
          const shown = `${execution} ${path} ${status}`;
          if (said.has(shown)) continue;
          said.add(shown);
          rely(`${path} was shown as ${status}`, () => {
            const record = now.task(execution, path);
            return record?.status === status && JSON.stringify(record.output) === JSON.stringify(output);
          });
        }
      },
      happened: (events) => {
        for (const event of events) rely(`${event.path} was told to have had ${event.type}`, () => now.hasEvent(event));
      },
      ended: ({ execution, status }) => {
        if (isTerminal(status))
          rely(`${execution} was told to be ${status}`, () => now.execution(execution)?.status === status);
      },
    },
    objections: () => [
      ...objections,
      ...claims.filter(({ holds }) => !holds()).map(({ what }) => `${what}, and in the end it is not so`),
    ],
  };
}

function nameOf({ path, attempt }: Pick<HandleScope, 'execution' | 'path' | 'attempt'>): string {
  return `${path}#${attempt}`;
}
