// How long it takes to find an agent for a task that only says what it requires, with many agents. Prints; judges nothing.
// Run: npx -q node bench/allocation.ts
import { parseDefinition } from '../core/definition/index.ts';
import { createAllocation } from '../core/plan/index.ts';
import { alignedTable } from './table.ts';

const TASKS = 10_000;
/** That one of the agents can do. */
const THINGS = 50;

/** Agents of different capacities; each can do one of the things, and what all can do. */
function workflowWith(agents: number) {
  const all = Array.from({ length: agents }, (_, n): readonly [string, object] => [
    `a${n}`,
    { type: 'any', count: 1 + (n % 5), max_concurrent_tasks: 1 + (n % 3), capabilities: [`c${n % THINGS}`, 'all'] },
  ]);
  const workflow = { name: 'bench', version: '1', agents: Object.fromEntries(all), tasks: [{ id: 't', agent: 'a0' }] };
  const { definition } = parseDefinition({ name: 'bench.json', text: JSON.stringify({ workflow }) });
  if (!definition) throw new Error('does not parse');
  return definition.workflow;
}

/** Milliseconds of each allocation, sorted. */
function allocate(agents: number): number[] {
  const agentOf = createAllocation(workflowWith(agents), {});
  const times = Array.from({ length: TASKS }, (_, n) => {
    const task = { id: `t${n}`, depends_on: [], requires: n % 2 === 0 ? ['all'] : [`c${n % THINGS}`, 'all'] };
    const start = performance.now();
    agentOf(task);
    return performance.now() - start;
  });
  return times.sort((one, other) => one - other);
}

allocate(100);
const rows = [100, 1_000, 10_000].map((agents) => {
  const times = allocate(agents);
  const at = (share: number): string => (times[Math.floor((TASKS - 1) * share)] ?? 0).toFixed(4);
  return [String(agents), at(0.5), at(0.99), at(1)];
});
console.log(`Milliseconds to allocate one task, of ${TASKS}; the design asks for less than 1 with 10,000 agents.`);
console.log(alignedTable([['agents', 'median', 'p99', 'slowest'], ...rows]));
