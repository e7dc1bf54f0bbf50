import inventoryAgent from '../../../examples/code-review/agents/inventory.ts';
import { analysisSchema, type Analysis } from '../../../examples/code-review/findings/index.ts';
import { inventorySchema, type Inventory } from '../../../examples/code-review/repository/index.ts';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { callAgent, type CallOptions } from '../call-agent.ts';
import { plantFolder } from '../planted-folder.ts';

export interface Survey {
  readonly inventory: Inventory;
  readonly structure: Analysis;
  readonly scripts: number;
}

export async function survey(repository: string, options: CallOptions = {}): Promise<Survey> {
  const output = await callAgent(inventoryAgent, { repository }, options);
  const { inventory, structure, scripts } = output as { inventory: unknown; structure: unknown; scripts: number };
  return { inventory: inventorySchema.parse(inventory), structure: analysisSchema.parse(structure), scripts };
}

/** What an analyser finds in a repository of these files. */
export async function analyse(agent: AgentFunction, files: Readonly<Record<string, string>>): Promise<Analysis> {
  const { inventory } = await survey(plantFolder(files));
  return analysisSchema.parse(await callAgent(agent, { inventory }));
}

/** `rule path:line` of each finding, in the order of the report. */
export function places({ findings }: Analysis): string[] {
  return findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`);
}
