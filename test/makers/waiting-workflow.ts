import { openShell, type Shell, type ShellOptions } from './shell.ts';

const workflow = `workflow:
  name: release
  version: "1"
  timeout: 1h
  agents: { builder: { type: builder }, lead: { type: lead } }
  tasks:
    - { id: build, agent: builder, timeout: 60 }
    - { id: review, agent: lead, description: May it go out?, input: "\${ tasks.build.output }", depends_on: [build] }
    - { id: publish, agent: builder, timeout: 60, depends_on: [review] }
  output: "\${ tasks.review.output }"
`;

const agents = `agent_types:
  builder: { runtime: local, module: ./builder.mjs }
  lead:
    runtime: human
    roles: [lead]
    output: { type: object, required: [ok], properties: { ok: { type: boolean } } }
`;

/** Waits for a file of the task's name. */
const builder = `import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
export default async function builder({ id }, { log }) {
  log('at ' + id);
  while (!existsSync(new URL('./' + id, import.meta.url))) await setTimeout(20);
  return id + ' done';
}
`;

/** A shell with a workflow of three tasks: two wait for a file of their name, and a person decides between them. */
export function openRelease(options: ShellOptions = {}): Shell {
  const shell = openShell({ environment: { USER: 'ann' }, ...options });
  shell.write({ 'workflow.yaml': workflow, 'agents.yaml': agents, 'builder.mjs': builder });
  return shell;
}
