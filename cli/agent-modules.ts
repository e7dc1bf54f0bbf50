import { existsSync } from 'node:fs';
import { InvalidRequestError } from '../core/errors/index.ts';
import type { CompiledFiles } from './load-workflow.ts';

/** A missing module would fail each attempt; said before anything starts, it costs nothing. */
export function requireModules({ agentTypes, children }: CompiledFiles): void {
  children.forEach(requireModules);
  for (const type of Object.values(agentTypes)) {
    if (type.runtime !== 'local' || existsSync(type.module)) continue;
    throw new InvalidRequestError({
      code: 'agent_module_not_found',
      message: `the module of agent type ${type.name} does not exist`,
      hint: 'correct `module:` in the agent catalogue; it is relative to the catalogue',
      details: { place: type.module },
    });
  }
}

/** A decision comes from another process, through the database: in memory nobody could ever give one. */
export function requireReachForPeople({ agentTypes }: CompiledFiles, database: string | undefined): void {
  const person = database === undefined && Object.values(agentTypes).find(({ runtime }) => runtime === 'human');
  if (!person) return;
  throw new InvalidRequestError({
    code: 'nobody_could_decide',
    message: `${person.name} is a person, who could not reach an execution in memory`,
    hint: 'give `skein run` a file with --database',
  });
}
