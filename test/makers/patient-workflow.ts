import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openShell, type Shell } from './shell.ts';

const workflow = `workflow:
  name: patient
  version: "1"
  timeout: 60
  fault_tolerance: { grace: 0 }
  agents: { one: { type: waiter } }
  tasks:
    - { id: quick, agent: one, timeout: 30 }
    - { id: slow, agent: one, timeout: 30, depends_on: [quick], retry_policy: none }
`;

/** Answers at once, except for \`slow\`, which answers only where there is a file \`go\`. */
const waiter = `import { existsSync } from 'node:fs';
export default async function waiter({ id }, { signal, log }) {
  log('serving ' + id);
  if (id !== 'slow' || existsSync(new URL('./go', import.meta.url))) return id;
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop'))));
}
`;

const main = new URL('../../cli/skein.js', import.meta.url).pathname;

/** A shell with a workflow whose second task waits for a file. */
export function openPatient(): Shell {
  const shell = openShell();
  const agents = 'agent_types:\n  waiter: { runtime: local, module: ./waiter.mjs }\n';
  shell.write({ 'workflow.yaml': workflow, 'agents.yaml': agents, 'waiter.mjs': waiter });
  return shell;
}

/** Runs the workflow in a process of its own until `slow` runs, then ends the process with `signal`. */
export async function runUntilSlow(
  shell: Shell,
  signal: NodeJS.Signals,
): Promise<{ id: string; out: string; code: number }> {
  const child = spawn(process.execPath, [main, 'run', 'workflow.yaml'], { cwd: shell.directory });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (text.includes('slow  says: serving slow')) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { id: /exec_\w+/.exec(out)?.[0] ?? '', out, code: code ?? -1 };
}
