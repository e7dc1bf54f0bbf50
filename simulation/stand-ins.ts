import { createChance, seedOf } from '../core/chance/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json/index.ts';
import type { AgentCall } from '../core/ports/index.ts';
import { answerAgent, type AgentAnswer } from './answer-agent.ts';
import type { Agents, AgentWorld } from './play.ts';
import { answerTo } from './schema-answers.ts';

/** Of the attempts: those that fail, and those that nobody ever hears of again. */
const FAILS = 0.15;
const SILENT = 0.02;
/** Milliseconds: most answers come within seconds, a person's within hours. */
const LONGEST = { agent: 20_000, person: 3_600_000 } as const;

/**
 * Agents and people that stand in for an author's own: whether, when and what each attempt answers follows from the seed and from what it
 * is an attempt of. Answers fit the agent's schema.
 */
export function standIns(seed: number, workflow: CompiledWorkflow): (world: AgentWorld) => Agents {
  const schemas = outputSchemas(workflow);
  return ({ answer, placeOf }) => ({
    call(call) {
      const random = createChance(seedOf(`${seed} ${placeOf(call)} ${call.attempt}`));
      const said = answerOf(call, schemas.get(call.task), random);
      const longest = call.agentType.runtime === 'human' ? LONGEST.person : LONGEST.agent;
      const after = Math.ceil(random() ** 3 * longest);
      if (random() >= SILENT) answer(after, (runtime) => answerAgent(runtime, call, said));
    },
    stop: () => undefined,
  });
}

/** What tasks say of their answers, beside what their agents say; of the children's tasks as well. */
function outputSchemas({ plan, children = [] }: CompiledWorkflow): ReadonlyMap<string, JsonObject> {
  const inner = children.flatMap((child) => [...outputSchemas(child)]);
  const own = plan.tasks.flatMap((task) =>
    task.kind === 'agent' && task.output ? [[task.id, task.output] as const] : [],
  );
  return new Map([...inner, ...own]);
}

function answerOf({ agentType, task }: AgentCall, asked: JsonObject | undefined, random: () => number): AgentAnswer {
  if (random() < FAILS) {
    const name = random() < 0.7 ? 'AgentThrottled' : 'Broken';
    return { kind: 'error', error: { name, message: `the stand-in for ${task} fails` } };
  }
  const answers = [agentType.output, asked].flatMap((schema) => (schema ? [answerTo(schema, random)] : []));
  // Both hold of one answer: where they are objects it has the members of both.
  const output: Json = answers.every(isJsonObject)
    ? (Object.assign({}, ...answers) as JsonObject)
    : (answers.at(-1) ?? {});
  return { kind: 'output', output };
}
