import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

/** A task, with the positions of earlier tasks of its region that it depends on; `inside`: it is a group or a loop. */
interface Node {
  readonly dependsOn: readonly number[];
  readonly isLoop: boolean;
  readonly inside?: readonly Node[];
}

interface Placed {
  readonly id: string;
  readonly around: Placed | undefined;
  readonly position: number;
  readonly node: Node;
}

const { region: regions } = fc.letrec<{ region: readonly Node[]; node: Node }>((tie) => ({
  region: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
  node: fc.record(
    {
      dependsOn: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      isLoop: fc.boolean(),
      inside: fc.oneof({ maxDepth: 2, depthSize: 'small' }, fc.constant([]), tie('region')),
    },
    { requiredKeys: ['dependsOn', 'isLoop'] },
  ),
}));

/** The tasks of all regions, in the order of the document. */
function place(region: readonly Node[], around?: Placed): Placed[] {
  return region.flatMap((node, position) => {
    const placed = { id: `${around?.id ?? 't'}x${position}`, around, position, node };
    return [placed, ...place(node.inside ?? [], placed)];
  });
}

const earlier = ({ position, node }: Placed): readonly number[] => node.dependsOn.filter((at) => at < position);

/** What one of the tasks has besides. */
interface Besides {
  readonly of: string;
  readonly condition?: string;
  readonly dependsOn?: string;
}

function documentsOf(all: readonly Placed[], besides?: Besides, around?: Placed): object[] {
  const region = all.filter((placed) => placed.around === around);
  return region.map((placed) => {
    const tasks = documentsOf(all, besides, placed);
    const body = placed.node.isLoop ? { loop: { max_iterations: 2, tasks } } : { group: { tasks } };
    const { condition, dependsOn } = besides?.of === placed.id ? besides : {};
    const dependencies = new Set(earlier(placed).map((at) => region[at]?.id));
    return {
      id: placed.id,
      depends_on: [...(dependsOn === undefined ? dependencies : dependencies.add(dependsOn))],
      ...(tasks.length > 0 ? body : { agent: 'worker' }),
      ...(condition !== undefined && { when: `\${ ${condition} }` }),
    };
  });
}

/** By the note's table: what comes before the reader, or before a container around it, in the same region. */
function mayRead(all: readonly Placed[], reader: Placed, target: Placed): boolean {
  const before = (placed: Placed): boolean =>
    all
      .filter((other) => other.around === placed.around && earlier(placed).includes(other.position))
      .some((other) => other === target || before(other));
  return before(reader) || (reader.around !== undefined && mayRead(all, reader.around, target));
}

const twoOf = regions.chain((region) => {
  const all = place(region);
  return fc.record({ all: fc.constant(all), reader: fc.constantFrom(...all), target: fc.constantFrom(...all) });
});

describe('validation across regions', () => {
  it('lets a task read exactly what comes before it, or before a container around it', () => {
    fc.assert(
      fc.property(twoOf, ({ all, reader, target }) => {
        const tasks = documentsOf(all, { of: reader.id, condition: `tasks.${target.id}.status == "succeeded"` });

        const found = withCode(findingsOn({ tasks }), 'VAL209', 'VAL208');

        expect(found.length === 0).toBe(mayRead(all, reader, target));
      }),
      { numRuns: 400 },
    );
  });

  it('knows `loop` exactly inside of loops', () => {
    fc.assert(
      fc.property(twoOf, ({ all, reader }) => {
        const inLoop = (placed: Placed | undefined): boolean =>
          placed !== undefined && (placed.node.isLoop || inLoop(placed.around));
        const tasks = documentsOf(all, { of: reader.id, condition: 'loop.index > 0' });

        const found = withCode(findingsOn({ tasks }), 'VAL208');

        expect(found.length === 0).toBe(inLoop(reader.around));
      }),
    );
  });

  it('proposes for a member what validates when it is written', () => {
    fc.assert(
      fc.property(twoOf, ({ all, target }) => {
        const tasks = documentsOf(all);
        const output = (text: string) => findingsOn({ tasks, output: `\${ ${text} }` });
        const [found] = withCode(output(`tasks.${target.id}.output`), 'VAL209');
        expect(found === undefined).toBe(target.around === undefined);

        const written = /^write `(.+)`$/.exec(found?.hint ?? '')?.[1] ?? `tasks.${target.id}.output`;

        expect(withCode(output(written), 'VAL208', 'VAL209', 'VAL231')).toEqual([]);
      }),
    );
  });

  it('takes a dependency exactly from the same region', () => {
    fc.assert(
      fc.property(twoOf, ({ all, reader, target }) => {
        fc.pre(reader !== target);
        const tasks = documentsOf(all, { of: reader.id, dependsOn: target.id });

        const found = withCode(findingsOn({ tasks }), 'VAL202', 'VAL220');

        expect(found.length === 0).toBe(reader.around === target.around);
      }),
    );
  });
});
