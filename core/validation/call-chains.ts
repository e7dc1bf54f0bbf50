import type { KnownWorkflow, WorkflowCall, WorkflowCatalogue } from './workflow-catalogue.ts';

/** What follows when a workflow starts a child. */
export interface CallChain {
  /** A chain of calls that comes back to where it began: the same workflow first and last. */
  readonly cycle?: readonly Required<WorkflowCall>[];
  /** The longest chain of calls: 1 when the child starts none itself. */
  readonly depth: number;
  /** The most executions of the starting workflow's name that are within one another, itself included. */
  readonly ofSameName: number;
}

interface Node extends Required<WorkflowCall> {
  readonly key: string;
  readonly calls: readonly WorkflowCall[];
}

interface Step {
  readonly node: Node;
  next: number;
  depth: number;
  ofSameName: number;
}

/**
 * Follows the calls of children, without recursion: a catalogue may hold chains of any length. What has been followed to its end is
 * remembered, so that all children of a workflow together cost what the catalogue's calls number.
 */
export function createCallChains(
  self: KnownWorkflow,
  workflows: WorkflowCatalogue | undefined,
): (child: WorkflowCall) => CallChain {
  const done = new Map<string, CallChain>();
  const nodeOf = (call: WorkflowCall): Node => {
    // Without a version the latest one is meant, and that will be this one.
    const isSelf = call.name === self.name && (call.version ?? self.version) === self.version;
    const found = isSelf ? self : workflows?.find(call.name, call.version);
    const { name, version = '' } = found ?? call;
    return { name, version, key: JSON.stringify([name, version]), calls: found?.calls ?? [] };
  };
  return (child) => follow({ ...nodeOf(self), calls: [child] }, { nodeOf, done, name: self.name });
}

interface Search {
  readonly nodeOf: (call: WorkflowCall) => Node;
  readonly done: Map<string, CallChain>;
  readonly name: string;
}

function follow(start: Node, { nodeOf, done, name }: Search): CallChain {
  const same = (node: Node): number => (node.name === name ? 1 : 0);
  const way: Step[] = [{ node: start, next: 0, depth: 0, ofSameName: 0 }];
  const onWay = new Map([[start.key, 0]]);
  let cycle: CallChain['cycle'];
  for (let last = way.at(-1); last; last = way.at(-1)) {
    const call = last.node.calls[last.next];
    last.next += 1;
    if (!call) {
      way.pop();
      onWay.delete(last.node.key);
      const chain = { depth: last.depth, ofSameName: last.ofSameName + same(last.node) };
      const caller = way.at(-1);
      // The start is followed again for each of its children.
      if (!caller) return { ...chain, ...(cycle && { cycle }) };
      done.set(last.node.key, chain);
      addTo(caller, chain);
      continue;
    }
    const node = nodeOf(call);
    const meeting = onWay.get(node.key);
    const known = done.get(node.key);
    if (meeting !== undefined) cycle ??= [...way.slice(meeting).map((step) => step.node), node];
    else if (known) addTo(last, known);
    else {
      onWay.set(node.key, way.length);
      way.push({ node, next: 0, depth: 0, ofSameName: 0 });
    }
  }
  return { depth: 0, ofSameName: 0 };
}

function addTo(step: Step, { depth, ofSameName }: CallChain): void {
  step.depth = Math.max(step.depth, depth + 1);
  step.ofSameName = Math.max(step.ofSameName, ofSameName);
}
