import { agentCatalogueJsonSchema, workflowJsonSchema } from '../../core/definition/index.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const schemaVerb: Verb = {
  name: 'schema',
  summary: "print the language's JSON Schema, with which editors complete and check",
  example: 'skein schema > workflow.schema.json',
  declare: (command) =>
    command
      .option('--agents', 'the schema of the agent catalogue instead')
      .option('--json', 'changes nothing: the schema is JSON'),

  async run(command, { out }) {
    const schema = command.opts<{ agents?: boolean }>().agents ? agentCatalogueJsonSchema() : workflowJsonSchema();
    out.write(`${JSON.stringify(schema, null, 2)}\n`);
    return exitCodes.ok;
  },
};
