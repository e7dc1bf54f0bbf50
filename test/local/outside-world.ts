import { readHandle } from '../../core/agents/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentCall } from '../../core/ports/index.ts';
import type { MemoryDisk } from '../makers/memory-disk.ts';

/** Those outside of an engine's process: what they are asked and told has to be durable by then. */
export interface OutsideWorld {
  /** An agent is called. */
  called(call: AgentCall): void;
  /** Answers that agents give, which wait for being told that they were taken. */
  watch(answers: AgentAnswers): AgentAnswers;
  /** What they have seen and must not have. */
  objections(): Promise<readonly string[]>;
}

export function createOutsideWorld(disk: MemoryDisk, secret: string): OutsideWorld {
  const objections: Promise<string | undefined>[] = [];
  const taken = async (handle: Handle): Promise<string | undefined> => {
    const scope = readHandle(secret, handle);
    const record = scope && (await disk.ledger.findTask(scope.execution, scope.path));
    if (!scope || record?.attempt?.number !== scope.attempt) return undefined;
    return `${scope.path}#${scope.attempt} was told that its answer is taken, and the disk does not know it`;
  };
  return {
    called: ({ execution, path, attempt }) => {
      const intended = disk.ledger.findTask(execution, path).then((record) => {
        if ((record?.attempts ?? 0) >= attempt) return undefined;
        return `${path}#${attempt} was called, and the disk does not know of it`;
      });
      objections.push(intended);
    },
    watch: (answers) => ({
      ...answers,
      complete: async (handle, output) => {
        await answers.complete(handle, output);
        objections.push(taken(handle));
      },
      fail: async (handle, error) => {
        await answers.fail(handle, error);
        objections.push(taken(handle));
      },
    }),
    objections: async () => (await Promise.all(objections)).filter((one) => one !== undefined),
  };
}
