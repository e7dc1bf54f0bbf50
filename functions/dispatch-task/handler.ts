import { answerMachine, keysOfCall } from '../answer-machine.ts';
import { engineRuntime, environmentOf } from '../compose.ts';
import { observed } from '../observed.ts';

const runtime = engineRuntime(environmentOf('dispatch-task'));

/** The state of a task, or the end of a loop's body: admits the task, and answers the state's token once it has settled. */
export const handler = observed(answerMachine(runtime, 'dispatch'), {
  keysOf: keysOfCall,
  background: runtime.background,
});
