import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

export interface AgentWorkerOptions {
  /** Of the worker's heap; buffers are outside of it. */
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
  readonly onMessage: (message: FromWorker) => void;
  /** Once, when the process has ended, for whatever reason. */
  readonly onEnd: (why: string) => void;
}

/** One child process. It keeps this process alive only while it is `busy`. */
export interface AgentWorker {
  send(message: ToWorker): void;
  setBusy(busy: boolean): void;
  /** Ends it, even in the middle of a loop. */
  terminate(): Promise<void>;
}

/** Enough of what Node prints when it dies to say why. */
const LAST_WORDS = 4096;

/**
 * A process and not a thread, because a leak in a thread can abort the whole process (nodejs/node#47224). Its own death is seen by
 * the end of its channel; ours is seen by the worker in the same way.
 */
export function startAgentWorker({ memoryMb, maxAnswerBytes, onMessage, onEnd }: AgentWorkerOptions): AgentWorker {
  const child = fork(new URL('./worker-bootstrap.ts', import.meta.url), [String(maxAnswerBytes)], {
    execArgv: [`--max-old-space-size=${memoryMb}`],
    // What the agent prints comes as messages; here comes what Node itself has to say.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // As JSON, keys written with an escape could come as others: see parseJson.
    serialization: 'advanced',
  });
  const ended = Promise.withResolvers<undefined>();
  let lastWords = '';
  let failure: Error | undefined;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  child.on('message', (message) => onMessage(message as FromWorker));
  child.on('error', (error) => {
    failure = error;
  });
  // `close` comes after the last words, and also when the process could not be started.
  child.once('close', (code, signal) => {
    onEnd(failure?.message ?? endOf({ code, signal, lastWords, memoryMb }));
    ended.resolve(undefined);
  });

  let isEnding = false;
  function setBusy(busy: boolean): void {
    // Its end is waited for: whoever lets go of it now does not know yet.
    if (isEnding) return;
    // A pipe is a socket: it can be held or let go as the process can.
    const handles = [child, child.channel, child.stderr as Socket | null];
    for (const handle of handles) {
      if (busy) handle?.ref();
      else handle?.unref();
    }
  }

  return {
    // A message to one that is dying is lost with it; its end is what counts then.
    send: (message) => void child.send(message, () => undefined),
    setBusy,
    async terminate() {
      setBusy(true);
      isEnding = true;
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: string;
  readonly memoryMb: number;
}

function endOf({ code, signal, lastWords, memoryMb }: End): string {
  if (lastWords.includes('heap out of memory')) return `out of memory: more than ${memoryMb} MB`;
  return signal ? `it was ended by ${signal}` : `the worker's process.exit was called, with ${code ?? 0}`;
}
