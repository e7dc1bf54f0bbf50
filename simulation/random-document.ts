import type { Json, JsonObject } from '../core/json/index.ts';
import {
  literalItems,
  type AgentGene,
  type ChildGene,
  type EmitGene,
  type ForEachGene,
  type LoopGene,
  type TaskGene,
  type WaitGene,
} from './random-gene.ts';
import { picked, wireCondition, wireInput, wireTree, wireUntil, type Reach, type Sight } from './random-wiring.ts';
import type { ForEachDocument, Script, TaskDocument, WaitDocument } from './scenario.ts';

export const agentNames = ['solo', 'pair', 'crew', 'picky'];

/** A capability that only one agent has, so that whoever asks for it gets that one. */
export const capabilityOf = (agent: string): string => `can-${agent}`;

const eventTypes = ['ping', 'pong'];

/** What a task's members stand in. */
interface Around {
  /** What the container of the region may read. */
  readonly reach: readonly Reach[];
  readonly loop: readonly string[] | undefined;
}

interface Settings {
  /** Before the numbers of ids: no two documents of a scenario share one. */
  readonly letter: string;
  /** Seconds; a document may not give a task more time than the execution has. */
  readonly timeout: number | undefined;
  /** The workflows that tasks may start. */
  readonly children: readonly Startable[];
}

export interface Startable {
  readonly name: string;
  /** Its input has to have an integer `n`. */
  readonly isPicky: boolean;
}

/** Builds the tasks of a document from genes, and the script of its agents. */
export class TaskBuilder {
  readonly script: Record<string, Script[string]> = {};
  readonly #settings: Settings;
  #count = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  tasks(genes: readonly TaskGene[]): { tasks: TaskDocument[]; reach: Reach[] } {
    return this.#region(genes, { reach: [], loop: undefined }, false);
  }

  /** `isBody`: the region is a loop's. */
  #region(genes: readonly TaskGene[], around: Around, isBody: boolean): { tasks: TaskDocument[]; reach: Reach[] } {
    const ids = genes.map(() => this.#newId());
    const loop = isBody ? ids : around.loop;
    const edges = genes.map(dependenciesOf);
    const upstream = upstreamOf(edges);
    const tasks: TaskDocument[] = [];
    const known: Reach[] = [];
    genes.forEach((gene, position) => {
      const own = [...(upstream[position] ?? [])].flatMap((one) => known[one] ?? []);
      const sight = { reach: [...own, ...around.reach], hasIndex: false, item: undefined, loop };
      const id = ids[position] ?? '';
      const { task, reach } = this.#task(id, gene, sight);
      known.push(reach);
      tasks.push({ id, ...edgesOf(gene, edges[position] ?? [], ids), ...task });
    });
    return { tasks, reach: known };
  }

  /** One id in five has a dash, which CEL reads as minus unless it is written in brackets. */
  #newId(): string {
    const number = this.#count;
    this.#count += 1;
    return `${this.#settings.letter}${number % 5 === 4 ? '-' : ''}${number}`;
  }

  #task(id: string, gene: TaskGene, sight: Sight): { task: Omit<TaskDocument, 'id'>; reach: Reach } {
    const inFanOut = gene.kind === 'agent' && gene.spread === 'parallel';
    const when = wireCondition(gene.wiring, { ...sight, hasIndex: inFanOut });
    const common = { when, continue_on_failure: gene.continueOnFailure };
    switch (gene.kind) {
      case 'agent':
        this.#write(id, gene);
        return { task: { ...common, ...this.#agent(gene, sight) }, reach: reachOfAgent(id, gene) };
      case 'child':
        return { task: { ...common, ...this.#child(gene, sight) }, reach: reachOfChild(id, gene) };
      case 'wait':
        return {
          task: { ...common, wait: this.#wait(gene, sight) },
          reach: { id, shape: gene.form % 3 === 0 ? 'event' : 'nothing' },
        };
      case 'emit':
        return { task: { ...common, emit: emitOf(gene, sight) }, reach: { id, shape: 'event' } };
      case 'group': {
        const { tasks, reach } = this.#region(gene.inner, sight, false);
        const group = { max_parallel: gene.maxParallel, tasks };
        return { task: { ...common, group }, reach: { id, shape: 'members', members: reach.map((one) => one.id) } };
      }
      case 'loop':
        return this.#loop(id, gene, { sight, common });
    }
  }

  #loop(id: string, gene: LoopGene, { sight, common }: { sight: Sight; common: Partial<TaskDocument> }) {
    const { tasks, reach } = this.#region(gene.inner, sight, true);
    const members = reach.map((one) => one.id);
    const body = { ...sight, reach: [...reach, ...sight.reach], loop: members };
    const until = gene.until && wireUntil(gene.until, body);
    const fails = gene.fails && until !== undefined ? 'fail' : undefined;
    const loop = { max_iterations: gene.most, until, on_exhausted: fails, tasks };
    return { task: { ...common, loop }, reach: { id, shape: 'members' as const, members } };
  }

  #write(id: string, { behaviours }: AgentGene): void {
    behaviours.forEach((row, number) => {
      this.script[`${id}~${number}`] = row;
    });
  }

  #agent(gene: AgentGene, sight: Sight): Omit<TaskDocument, 'id'> {
    const { spread, agent, output, policy } = gene;
    const name = agentNames[agent] ?? 'solo';
    const item = typeof spread === 'object' ? itemOf(spread, sight) : undefined;
    const inside = { ...sight, hasIndex: spread !== undefined, item };
    const isAsked = gene.wiring.members.length === 3;
    return {
      ...(isAsked ? { requires: [capabilityOf(name)] } : { agent: name }),
      input: wireInput(gene.wiring, inside, name === 'picky'),
      output,
      ...this.#clocksOf(gene),
      retry_policy: policy,
      parallel: spread === 'parallel' || undefined,
      for_each: typeof spread === 'object' ? forEachOf(spread, sight) : undefined,
    };
  }

  #child(gene: ChildGene, sight: Sight): Omit<TaskDocument, 'id'> {
    const inside = {
      ...sight,
      hasIndex: gene.forEach !== undefined,
      item: gene.forEach && itemOf(gene.forEach, sight),
    };
    const { members } = gene.wiring;
    const { name, isPicky } = picked(this.#settings.children, gene.child) ?? { name: '', isPicky: false };
    const own: Json = members.length < 2 ? '${ input }' : wireTree(gene.wiring, inside, 'm');
    const asked = members.length === 0 ? '${ input }' : wireInput(gene.wiring, inside, true);
    const input = isPicky ? asked : gene.child === 0 && members.length === 1 ? undefined : own;
    const timeout = gene.timeout === undefined ? undefined : this.#within(gene.timeout);
    const forEach = gene.forEach && forEachOf(gene.forEach, sight);
    return { workflow: { name, input }, output: gene.output, timeout, for_each: forEach };
  }

  #wait({ form, pick, seconds }: WaitGene, sight: Sight): WaitDocument {
    if (form % 3 === 1)
      return { seconds: pick % 2 === 0 ? this.#within(seconds) : `${this.#within(seconds) * 1_000}ms` };
    if (form % 3 === 2)
      return {
        until: picked(['${ input.soon }', '${ input.past }', '${ input.later }', '${ input.label }'], pick >> 1),
      };
    const source = sight.reach.find(({ shape }) => shape === 'answer');
    const label = source && !source.id.includes('-') ? `\${ tasks.${source.id}.output.label }` : '${ input.label }';
    const matches: (JsonObject | undefined)[] = [
      undefined,
      { n: [0, 1, 2] },
      { label: 'a' },
      { label: ['${ input.label }', 'b'] },
      { deep: { x: [1, 2] } },
      { label: [label] },
    ];
    const event = picked(eventTypes, pick) ?? 'ping';
    return { event, match: picked(matches, form >> 2), timeout: this.#within(1 + (pick % 6)) };
  }

  #within(seconds: number): number {
    return Math.min(seconds, this.#settings.timeout ?? Infinity);
  }

  #clocksOf({ timeout, heartbeat }: AgentGene): Pick<TaskDocument, 'timeout' | 'heartbeat'> {
    const seconds = typeof timeout === 'number' ? timeout : 90;
    const own = this.#settings.timeout === undefined ? timeout : this.#within(seconds);
    return { timeout: own, heartbeat: heartbeat !== undefined && heartbeat < seconds ? heartbeat : undefined };
  }
}

function reachOfAgent(id: string, { spread, agent, output }: AgentGene): Reach {
  const isTyped = agentNames[agent] === 'picky' || output !== undefined;
  if (spread !== undefined) return { id, shape: isTyped ? 'typed-list' : 'list' };
  return { id, shape: isTyped ? 'typed' : 'answer' };
}

const reachOfChild = (id: string, { forEach, output }: ChildGene): Reach => ({
  id,
  shape: forEach ? (output ? 'typed-list' : 'list') : 'child',
});

/** The same data for outside events and for those of tasks: what the waits of `TaskBuilder` ask for. */
export function eventData(pick: number): JsonObject {
  return { n: pick % 5, label: picked(['a', 'b', 'c'], pick) ?? 'a', deep: { x: pick % 4 } };
}

function emitOf({ wiring, type }: EmitGene, sight: Sight): NonNullable<TaskDocument['emit']> {
  const pick = wiring.members[0]?.pick ?? 0;
  const label = wiring.members.length > 1 ? { label: '${ input.label }' } : {};
  const data = { ...eventData(pick), ...label, ...wireTree(wiring, sight, 'd') };
  return { event: eventTypes[type] ?? 'ping', data };
}

interface Items {
  readonly items: ForEachDocument['items'];
  /** What is known of one of them when the definition is written. */
  readonly item: 'thing' | 'value' | 'typed';
}

function itemsOf({ items: { form, pick } }: ForEachGene, { reach }: Sight): Items {
  // Of what stands in the document itself, the compiler knows that it has no members.
  if (form % 3 === 0) return { items: picked(literalItems, pick) ?? [], item: 'value' };
  const source = picked(
    reach.filter(({ shape }) => shape === 'list' || shape === 'typed-list' || shape === 'answer'),
    pick,
  );
  const read = source && (source.id.includes('-') ? `tasks["${source.id}"]` : `tasks.${source.id}`);
  const ofTask = source && {
    items: `\${ ${read}.output }`,
    item: source.shape === 'typed-list' ? ('typed' as const) : ('thing' as const),
  };
  const choices = [...['list', 'things'].map(ofInput), ...(ofTask ? [ofTask] : [])];
  return picked([...choices, ...choices, ofInput('label')], form >> 1) ?? ofInput('list');
}

const ofInput = (member: string): Items => ({ items: `\${ input.${member} }`, item: 'thing' });

const itemOf = (gene: ForEachGene, sight: Sight): Sight['item'] =>
  gene.batch !== undefined ? 'batch' : itemsOf(gene, sight).item;

function forEachOf(gene: ForEachGene, sight: Sight): ForEachDocument {
  const { items } = itemsOf(gene, sight);
  const most = Array.isArray(items) ? Math.max(items.length, gene.max_items ?? 1) : gene.max_items;
  return { ...gene, items, max_items: most };
}

function dependenciesOf({ dependencies }: TaskGene, position: number): { task: number; on: string }[] {
  if (position === 0) return [];
  const all = dependencies.map(({ back, on }) => ({ task: position - 1 - (back % position), on }));
  return all.filter((edge, index) => all.findIndex(({ task }) => task === edge.task) === index);
}

/** Positions of everything upstream, by position. */
function upstreamOf(edges: readonly { task: number }[][]): Set<number>[] {
  const upstream: Set<number>[] = [];
  for (const own of edges) upstream.push(new Set(own.flatMap(({ task }) => [task, ...(upstream[task] ?? [])])));
  return upstream;
}

function edgesOf(
  { join, quorum }: TaskGene,
  edges: readonly { task: number; on: string }[],
  ids: readonly string[],
): Pick<TaskDocument, 'depends_on' | 'join'> {
  const named = edges.map(({ task, on }) => {
    const id = ids[task] ?? '';
    return on === 'success' ? id : { task: id, on };
  });
  const enough = edges.length > 0 ? { quorum: 1 + (quorum % edges.length) } : undefined;
  return {
    depends_on: named.length > 0 ? named : undefined,
    join: join === 'quorum' ? enough : join === 'all_success' ? undefined : join,
  };
}
