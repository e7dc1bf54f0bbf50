import { answerMachine, keysOfCall } from '../answer-machine.ts';
import { engineRuntime, environmentOf } from '../compose.ts';
import { observed } from '../observed.ts';

const runtime = engineRuntime(environmentOf('conclude'));

/** The last state but the verdict: ends the execution as soon as nothing runs any more. */
export const handler = observed(answerMachine(runtime, 'conclude'), {
  keysOf: keysOfCall,
  background: runtime.background,
});
