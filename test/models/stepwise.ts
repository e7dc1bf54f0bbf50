import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';

/** A call of a port that an operation waits for. */
export interface PortCall {
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Of a commit: who commits. */
  readonly site?: string;
}

/** What a port has answered. The text is the same for the same answer. */
export interface Answer {
  readonly text: string;
  readonly value: unknown;
  /** In place of a value. */
  readonly error?: Error;
}

/** Where an operation stands after it has heard so many answers. */
export type Standing =
  { readonly kind: 'calls'; readonly call: PortCall } | { readonly kind: 'done'; readonly error?: string };

/** Runs an operation of the shipped engine; every call that leaves it goes to `ask`. */
export type Operation = (ask: (call: PortCall) => Promise<unknown>) => Promise<void>;

/**
 * Runs an operation anew, with the answers that it has heard so far, up to its next call: what it does follows from these alone. So a
 * process in the middle of its work is a list of answers, which can be kept, compared and gone on with in two ways.
 */
export async function standingOf(run: Operation, answers: readonly Answer[]): Promise<Standing> {
  const waiting: PortCall[] = [];
  let asked = 0;
  const ask = (call: PortCall): Promise<unknown> => {
    const answer = answers[asked];
    asked += 1;
    if (!answer) {
      waiting.push(call);
      return new Promise<never>(() => undefined);
    }
    return answer.error ? Promise.reject(answer.error) : Promise.resolve(answer.value);
  };
  let done: Standing | undefined;
  run(ask).then(
    () => (done = { kind: 'done' }),
    (error: unknown) => (done = { kind: 'done', error: error instanceof Error ? error.name : String(error) }),
  );
  await turnOfTheEventLoop();
  const [call] = waiting;
  if (done) return done;
  if (!call) throw new Error('an operation waits for nothing that a port could answer');
  return { kind: 'calls', call };
}
