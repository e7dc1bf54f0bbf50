import { answerMachine, keysOfCall } from '../answer-machine.ts';
import { engineRuntime, environmentOf } from '../compose.ts';
import { observed } from '../observed.ts';

const runtime = engineRuntime(environmentOf('begin'));

/** The first state of every machine: its execution runs from here on. */
export const handler = observed(answerMachine(runtime, 'begin'), {
  keysOf: keysOfCall,
  background: runtime.background,
});
