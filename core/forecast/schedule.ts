import { decideJoin } from '../execution/index.ts';
import type { GroupTask, Plan, PlannedTask } from '../plan/index.ts';
import { callsOf, isCalling, iterationsOf, type Case } from './calls.ts';
import type { Durations } from './durations.ts';
import { EventQueue } from './event-queue.ts';
import { Places } from './places.ts';

/** One task on the path that makes a schedule as long as it is. */
export interface Step {
  readonly task: string;
  /** Since the start, in the durations' unit. In a loop of n iterations it stands for all of them. */
  readonly from: number;
  readonly to: number;
  /** The limit that it had to wait for, when that was what it waited for last. */
  readonly waitedFor?: string;
}

export interface Schedule {
  /** In the durations' unit. */
  readonly length: number;
  /** From the first task to the last one to settle: each has started when the one before it ended. */
  readonly path: readonly Step[];
}

export interface ScheduleOptions {
  readonly which: Case;
  readonly durations: Durations;
  /** False: as if there were a place for everybody. */
  readonly hasLimits: boolean;
}

/**
 * Plays an execution in which everything succeeds: each task starts as soon as its join allows and its limits have places, first come,
 * first served, as the engine does it. A loop is played once, with everything in it as many times as long; the calls of a
 * `for_each` in as many lanes as may run at once. What is not known takes no time.
 */
export function schedule(plan: Plan, options: ScheduleOptions): Schedule {
  return new Scheduling(plan, options).run();
}

/** Calls played one by one; more of one task are played in lanes of several, one after the other. */
const MOST_LANES = 1_000;

/** What let something start: a task that settled, or calls that gave back a place. */
type Cause = { readonly node: Node } | { readonly lane: Lane; readonly place: string };

/** Calls of a task, one after the other. */
interface Lane {
  readonly node: Node;
  readonly length: number;
  from: number;
  /** What let it start; undefined: the start of the execution. */
  cause: Cause | undefined;
  /** Tasks on the path to its end. */
  steps: number;
}

interface Node {
  readonly task: PlannedTask;
  readonly container: Node | undefined;
  readonly members: Node[];
  readonly dependents: Node[];
  readonly places: readonly Places<Lane>[];
  /** Iterations of the loops around it. */
  readonly runs: number;
  status: 'pending' | 'running' | 'succeeded' | 'skipped';
  /** Lanes or members. */
  underWay: number;
  unsettled: number;
  cause: Cause | undefined;
  settledAt: number;
  /** Tasks on the path to its end. */
  steps: number;
  lastLane?: Lane;
  lastMember?: Node;
}

type Happening = { readonly lane: Lane } | { readonly node: Node; readonly status: 'succeeded' | 'skipped' };

class Scheduling {
  readonly #plan: Plan;
  readonly #options: ScheduleOptions;
  readonly #nodes = new Map<string, Node>();
  readonly #pools = new Map<string, Places<Lane>>();
  readonly #queue = new EventQueue<Happening>();
  #now = 0;
  #last: Node | undefined;

  constructor(plan: Plan, options: ScheduleOptions) {
    this.#plan = plan;
    this.#options = options;
    const whole = [new Places<Lane>('max_parallel', plan.maxParallel ?? Infinity)];
    for (const task of plan.tasks) this.#addNode(task, whole);
    for (const node of this.#nodes.values()) {
      for (const { task } of node.task.dependsOn) this.#nodes.get(task)?.dependents.push(node);
    }
  }

  run(): Schedule {
    for (const id of this.#plan.members) this.#considerFirst(this.#nodes.get(id), undefined);
    for (let next = this.#queue.next(); next; next = this.#queue.next()) {
      this.#now = next.at;
      if ('lane' in next.event) this.#endLane(next.event.lane);
      else this.#settle(next.event.node, next.event.status);
    }
    return { length: this.#now, path: this.#path() };
  }

  #addNode(task: PlannedTask, whole: readonly Places<Lane>[]): void {
    const container = task.container === undefined ? undefined : this.#nodes.get(task.container);
    const around = container?.task.kind === 'loop' ? iterationsOf(container.task, this.#options.which) : 1;
    const own = task.kind === 'group' ? [groupPlaces(task)] : [];
    const slots = task.kind === 'agent' ? this.#slotsOf(task.agent) : undefined;
    const node: Node = {
      task,
      container,
      members: [],
      dependents: [],
      places: [...(container?.places ?? whole), ...own, ...(slots ? [slots] : [])],
      runs: (container?.runs ?? 1) * around,
      status: 'pending',
      underWay: 0,
      unsettled: task.dependsOn.length,
      cause: undefined,
      settledAt: 0,
      steps: 0,
    };
    container?.members.push(node);
    this.#nodes.set(task.id, node);
  }

  /** Agents that name one pool share it; one that has none is called as often as tasks want to, as admission does it. */
  #slotsOf(agent: string): Places<Lane> | undefined {
    const pool = this.#plan.agents[agent]?.pool;
    if (!pool) return undefined;
    const isOwn = pool.name === `${this.#plan.workflow.name}.${agent}`;
    const places =
      this.#pools.get(pool.name) ?? new Places<Lane>(isOwn ? `agent ${agent}` : `pool ${pool.name}`, pool.capacity);
    this.#pools.set(pool.name, places);
    return places;
  }

  #considerFirst(node: Node | undefined, cause: Cause | undefined): void {
    if (node?.unsettled === 0) this.#admit(node, cause);
  }

  /** A dependency has settled. */
  #consider(node: Node): void {
    node.unsettled -= 1;
    const { join, dependsOn } = node.task;
    const needed = typeof join === 'object' ? join.quorum : join === 'any_success' ? 1 : dependsOn.length;
    // Nothing fails here, so that before this nothing can be decided.
    if (node.status !== 'pending' || dependsOn.length - node.unsettled < needed) return;
    const producers = dependsOn.flatMap(({ task }) => this.#nodes.get(task) ?? []);
    const edges = dependsOn.map(({ task, on }, at) => ({ task, on, status: producers[at]?.status ?? 'pending' }));
    const { kind } = decideJoin(join, edges, this.#plan.onSkip);
    if (kind === 'wait') return;
    const cause = { node: producers.filter(isSettled).reduce(later) };
    if (kind === 'run') this.#admit(node, cause);
    else this.#end(node, 'skipped', cause);
  }

  #admit(node: Node, cause: Cause | undefined): void {
    node.status = 'running';
    node.cause = cause;
    if (node.task.kind === 'loop' || node.task.kind === 'group') {
      node.underWay = node.members.length;
      for (const member of node.members) this.#considerFirst(member, cause);
      return;
    }
    const lanes = this.#lanesOf(node, cause);
    node.underWay = lanes.length;
    if (lanes.length === 0) this.#end(node, 'succeeded', cause);
    for (const lane of lanes) this.#start(lane);
  }

  #lanesOf(node: Node, cause: Cause | undefined): Lane[] {
    const { durations, which } = this.#options;
    const calls = isCalling(node.task) ? callsOf(node.task, which) : { count: 1, atOnce: 1 };
    const lanes = Math.min(calls.atOnce, MOST_LANES);
    const once = (durations.of(node.task, which) ?? 0) * node.runs;
    // Lane by lane in turn: of 5 calls in 4 lanes the first makes 2.
    const callsIn = (lane: number): number => Math.ceil((calls.count - lane) / lanes);
    return Array.from({ length: lanes }, (_, lane) => ({
      node,
      length: once * callsIn(lane),
      from: 0,
      cause,
      steps: 0,
    }));
  }

  #start(lane: Lane): void {
    const places = this.#options.hasLimits ? lane.node.places : [];
    const full = places.find(({ isFull }) => isFull);
    if (full) return full.wait(lane);
    for (const place of places) place.take();
    lane.from = this.#now;
    lane.steps = stepsTo(lane.cause) + 1;
    this.#queue.add(this.#now + lane.length, { lane });
  }

  #endLane(lane: Lane): void {
    const { node } = lane;
    const places = this.#options.hasLimits ? node.places : [];
    for (const place of places) place.giveBack();
    for (const place of places) {
      for (let waiting = place.next(); waiting; waiting = place.next()) {
        waiting.cause = { lane, place: place.name };
        this.#start(waiting);
      }
    }
    if (!node.lastLane || endOf(lane) > endOf(node.lastLane) || lane.steps > node.lastLane.steps) node.lastLane = lane;
    node.underWay -= 1;
    if (node.underWay === 0) this.#end(node, 'succeeded', node.cause);
  }

  /** Settling is queued and not called, or long rows of tasks that take no time would be deep recursions. */
  #end(node: Node, status: 'succeeded' | 'skipped', cause: Cause | undefined): void {
    node.cause = cause;
    this.#queue.add(this.#now, { node, status });
  }

  #settle(node: Node, status: 'succeeded' | 'skipped'): void {
    node.status = status;
    node.settledAt = this.#now;
    node.steps = node.lastLane?.steps ?? node.lastMember?.steps ?? stepsTo(node.cause);
    for (const dependent of node.dependents) this.#consider(dependent);
    const { container } = node;
    if (!container) {
      this.#last = this.#last ? later(this.#last, node) : node;
      return;
    }
    container.lastMember = container.lastMember ? later(container.lastMember, node) : node;
    container.underWay -= 1;
    if (container.underWay > 0) return;
    const isSkipped = container.members.every((member) => member.status === 'skipped');
    this.#end(container, isSkipped ? 'skipped' : 'succeeded', container.cause);
  }

  /** Backwards from what settled last, each time to what let it start. */
  #path(): Step[] {
    const path: Step[] = [];
    for (let cause: Cause | undefined = this.#last && { node: this.#last }; cause;) {
      const lane: Lane | undefined = 'lane' in cause ? cause.lane : cause.node.lastLane;
      if (lane) path.push(stepOf(lane));
      cause = lane ? lane.cause : causeWithoutLane(cause);
    }
    return path.reverse();
  }
}

/** Of a container what settled last in it; of what was skipped, or had nothing to call, what made it so. */
function causeWithoutLane(settled: Cause): Cause | undefined {
  if (!('node' in settled)) return undefined;
  const { lastMember, cause } = settled.node;
  return lastMember ? { node: lastMember } : cause;
}

function stepOf(lane: Lane): Step {
  const { node, from, cause } = lane;
  const waited = cause && 'place' in cause && { waitedFor: cause.place };
  return { task: node.task.id, from, to: endOf(lane), ...waited };
}

function endOf({ from, length }: Lane): number {
  return from + length;
}

function stepsTo(cause: Cause | undefined): number {
  if (!cause) return 0;
  return 'lane' in cause ? cause.lane.steps : cause.node.steps;
}

function isSettled({ status }: Node): boolean {
  return status === 'succeeded' || status === 'skipped';
}

/** Which of the two has settled later; of two at once the one with the longer path, then the first. */
function later(one: Node, other: Node): Node {
  if (other.settledAt !== one.settledAt) return other.settledAt > one.settledAt ? other : one;
  return other.steps > one.steps ? other : one;
}

function groupPlaces({ id, maxParallel = Infinity }: GroupTask): Places<Lane> {
  return new Places(`max_parallel of ${id}`, maxParallel);
}
