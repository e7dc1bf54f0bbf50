import type { z } from 'zod';
import type { AgentContext, AgentFunction, AgentTask } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';
import { AgentError } from './agent-error.ts';

/** What a handler may use while it works: AgentContext, and which task it works for. */
export interface WorkContext extends AgentContext {
  readonly task: Omit<AgentTask, 'input'>;
}

/** Any schema of zod, of `zod` and of `zod/mini`. */
type Schema = z.core.$ZodType;

export interface AgentDefinition<Input extends Schema, Output extends Schema> {
  /** What the workflow must give. Input that does not fit fails the task for good, as `InvalidInput`. */
  readonly input: Input;
  /** What the handler promises. An answer that does not fit fails the task for good, as `InvalidOutput`. It must be JSON. */
  readonly output: Output;
  /**
   * Does the work. It may be called again for the same task, after a failure or a crash: `context.idempotencyKey` stays the
   * same, and outside systems can recognise a repeat by it. Throw an AgentError to fail under a name of your own.
   */
  readonly handler: (input: z.output<Input>, context: WorkContext) => Promise<z.input<Output>> | z.input<Output>;
}

/** An agent that knows its schemas. As the default export of a module it is a local agent as it stands. */
export interface Agent<Input extends Schema, Output extends Schema> extends AgentFunction {
  readonly input: Input;
  readonly output: Output;
}

/**
 * An agent, written once and run anywhere: as a local module (`export default agent(…)`), as a Lambda (`toLambda`), behind HTTP
 * (`toFetch`, `serveHttp`), alone in a test (`callAgent`).
 *
 *     export default agent({
 *       input: z.object({ text: z.string() }),
 *       output: z.object({ words: z.int() }),
 *       handler: ({ text }) => ({ words: text.split(/\s+/).length }),
 *     });
 */
export function agent<Input extends Schema, Output extends Schema>(
  definition: AgentDefinition<Input, Output>,
): Agent<Input, Output> {
  const { input, output, handler } = definition;
  const run = async ({ input: given, ...task }: AgentTask, context: AgentContext): Promise<Json> => {
    const taken = await fitting(input, given, 'InvalidInput');
    const answer = await handler(taken, withTask(context, task));
    // That it is JSON is checked by whoever carries it away: that differs by transport, and the schema can't say it.
    return (await fitting(output, answer, 'InvalidOutput')) as Json;
  };
  return Object.assign(run, { input, output });
}

/** Its members are taken over one by one: a transport's context may have getters and methods of a class. */
function withTask(context: AgentContext, task: WorkContext['task']): WorkContext {
  const { execution, agent: name, attempt, idempotencyKey, slot, signal } = context;
  return {
    task,
    execution,
    agent: name,
    attempt,
    idempotencyKey,
    ...(slot && { slot }),
    signal,
    heartbeat: () => context.heartbeat(),
    usage: (used) => context.usage(used),
    log: (message) => context.log(message),
  };
}

async function fitting<S extends Schema>(
  schema: S,
  value: unknown,
  name: 'InvalidInput' | 'InvalidOutput',
): Promise<z.output<S>> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ path, message }) => ({ path: pointerOf(path ?? []), message }));
  const said = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  const what = name === 'InvalidInput' ? 'The input' : 'The answer';
  throw new AgentError(name, `${what} does not fit its schema: ${said}`, { retryable: false, details: { issues } });
}

function pointerOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path.map((key) => `/${String(typeof key === 'object' ? key.key : key)}`).join('');
}
