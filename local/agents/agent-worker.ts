import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

export interface AgentWorkerOptions {
  /**
   * Of the heap's old generation. Node calls this best effort: buffers are outside of it, and a tight loop of built-in calls that
   * fills one huge array or Map can abort the whole process (nodejs/node#47224). The ledger survives that, and `resume` goes on;
   * only a process for each agent would contain it, at the price of its start and memory.
   */
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
  readonly onMessage: (message: FromWorker) => void;
  /** Once, when the thread has ended, for whatever reason. */
  readonly onEnd: (why: string) => void;
}

/** One thread. It keeps the process alive only while it is `busy`. */
export interface AgentWorker {
  send(message: ToWorker): void;
  setBusy(busy: boolean): void;
  /** Ends it, even in the middle of a loop. A synchronous child process inside cannot be interrupted: it is waited for. */
  terminate(): Promise<void>;
}

export function startAgentWorker({ memoryMb, maxAnswerBytes, onMessage, onEnd }: AgentWorkerOptions): AgentWorker {
  const thread = new Worker(new URL('./worker-bootstrap.ts', import.meta.url), {
    name: 'skein-agent',
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    workerData: { maxAnswerBytes },
    // Prints of native code; all others come as messages. Unread they would go to our own stdout.
    stdout: true,
    stderr: true,
  });
  let error: unknown;
  thread.on('message', onMessage);
  thread.on('error', (thrown) => {
    error = thrown;
  });
  thread.on('exit', (code) => onEnd(endOf(code, error, memoryMb)));

  return {
    send: (message) => thread.postMessage(message),
    setBusy: (busy) => (busy ? thread.ref() : thread.unref()),
    async terminate() {
      await thread.terminate();
    },
  };
}

function endOf(code: number, error: unknown, memoryMb: number): string {
  if (error instanceof Error) {
    const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    return isOutOfMemory ? `out of memory: more than ${memoryMb} MB` : `${error.name}: ${error.message}`;
  }
  return `the worker's process.exit was called, with ${code}`;
}
