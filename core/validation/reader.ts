import { describeTask, outwards, type PlacedTask, type Region, type Regions } from './region.ts';

/** Who reads the tasks that an expression names. */
export interface Reader {
  /** For messages: `a`, or what a key is called. */
  readonly name: string;
  /**
   * The regions that it looks into, from the inside out. In each: what the reader is part of there, so that only what comes before that has
   * settled. Without it every task of the region has. Nobody looks into a region that is not listed.
   */
  readonly levels: readonly { readonly region: Region; readonly self?: PlacedTask }[];
  /** It is evaluated when its own task has an output. */
  readonly ownOutput?: boolean;
}

export function taskReader(placed: PlacedTask, ownOutput = false): Reader {
  const levels = outwards(placed).map((self) => ({ region: self.region, self }));
  return { name: `\`${placed.task.id}\``, levels, ownOutput };
}

/** `until` is evaluated when the body has settled. */
export function untilReader(placed: PlacedTask, body: Region): Reader {
  return { name: `The \`until\` of \`${placed.task.id}\``, levels: [{ region: body }, ...taskReader(placed).levels] };
}

export interface Objection {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Why the reader may not read the task; undefined when it may, or when that is another rule's finding. */
export function objectionTo(id: string, reader: Reader, { find }: Regions): Objection | undefined {
  const target = find(id, reader.levels[0]?.region);
  if (!target) return undefined;
  for (const [depth, there] of outwards(target).entries()) {
    const level = reader.levels.find(({ region }) => region === there.region);
    if (!level) continue;
    const { self } = level;
    if (self === there) return selfObjection(target, there, reader);
    const isSettled = self === undefined || comesBefore(there, self);
    if (depth > 0) return memberObjection(target, depth, isSettled ? undefined : self, reader);
    return isSettled ? undefined : orderObjection(target, self, reader);
  }
  return { message: `${reader.name} names the task \`${id}\`, and no task has run by then.` };
}

/** True also for tasks in a cycle or behind one: that is reported, and leaves no before and after. */
function comesBefore(earlier: PlacedTask, later: PlacedTask): boolean {
  return later.region.graph.isUpstream(earlier.position, later.position) !== false;
}

function selfObjection(
  target: PlacedTask,
  there: PlacedTask,
  { name, levels, ownOutput }: Reader,
): Objection | undefined {
  const isInside = levels[0]?.self !== there;
  if (target !== there)
    return { message: `${name} names \`${target.task.id}\`, which is inside of it and runs later.` };
  if (ownOutput) return undefined;
  if (!isInside) return { message: `${name} reads its own output, before it has one.` };
  const hint = there.task.loop ? 'the iteration before is `loop.previous`' : undefined;
  return { message: `${name} reads the output of ${describeTask(there)}, which it is inside of.`, hint };
}

function orderObjection({ task: { id }, position }: PlacedTask, self: PlacedTask, { name }: Reader): Objection {
  const isAfter = self.region.graph.isUpstream(self.position, position) === true;
  return {
    message: `${name} reads the output of \`${id}\`, which ${isAfter ? 'runs after it' : 'need not have run by then'}.`,
    hint: isAfter
      ? `\`${id}\` depends on \`${self.task.id}\`: turn the dependency round`
      : `add \`${id}\` to the \`depends_on\` of \`${self.task.id}\``,
  };
}

/** From outside, a group or a loop is one task, and its output holds those of its members. */
function memberObjection(target: PlacedTask, depth: number, self: PlacedTask | undefined, { name }: Reader): Objection {
  const [there, ...members] = outwards(target)
    .slice(0, depth + 1)
    .toReversed()
    .map(({ task }) => task.id);
  const container = outwards(target)[depth];
  const path = `tasks${member(there ?? '')}.output${members.map(member).join('')}`;
  const order = self && container && `, and let \`${self.task.id}\` depend on ${describeTask(container)}`;
  return {
    message: `${name} names \`${target.task.id}\`, which is inside of ${container ? describeTask(container) : 'another task'}.`,
    hint: `write \`${path}\`${order ?? ''}`,
  };
}

function member(id: string): string {
  return id.includes('-') ? `["${id}"]` : `.${id}`;
}
