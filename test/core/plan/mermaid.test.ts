import { describe, expect, it } from 'vitest';
import { mermaidOf, type Plan } from '../../../core/plan/index.ts';
import { smallPlan } from '../../makers/small-plan.ts';

describe('mermaidOf', () => {
  it('draws tasks, edges, and gates as dotted edges', () => {
    const plan: Plan = {
      ...smallPlan({ a: {}, b: { fanOut: 3 } }),
      edges: [{ from: 'a', to: 'b' }],
      gates: [{ from: 'a', to: 'b' }],
    };

    expect(mermaidOf(plan)).toBe('flowchart LR\n  t0["a"]\n  t1["b ×3"]\n  t0 -.-> t1\n');
    expect(mermaidOf({ ...plan, gates: [] })).toContain('t0 --> t1');
  });

  it('draws groups and loops around what they hold, and kinds in shapes of their own', () => {
    const plan = smallPlan({
      clone: {},
      quality: { after: ['clone'], group: { tasks: { lint: {}, scan: { forEach: { maxItems: 50 } } } } },
      refine: {
        loop: { maxIterations: 5, until: 'done', tasks: { again: { loop: { maxIterations: 2, tasks: { x: {} } } } } },
      },
      cool: { wait: { kind: 'seconds', seconds: 5 } },
      tell: { emit: 'over' },
      deep: { workflow: 'deep-scan' },
    });

    expect(mermaidOf({ ...plan, edges: [{ from: 'clone', to: 'quality' }] }).split('\n')).toEqual([
      'flowchart LR',
      '  t0["clone"]',
      '  subgraph t1["quality"]',
      '    t2["lint"]',
      '    t3["scan ×≤50"]',
      '  end',
      '  subgraph t4["refine ↻ ≤5"]',
      '    subgraph t5["again ↻ 2"]',
      '      t6["x"]',
      '    end',
      '  end',
      '  t7(["cool"])',
      '  t8>"tell"]',
      '  t9[["deep"]]',
      '  t0 --> t1',
      '',
    ]);
  });

  it('draws the edges of a region inside of it', () => {
    const plan = smallPlan({ quality: { group: { tasks: { a: {}, b: {} } } } });
    const [quality, ...members] = plan.tasks;
    if (quality?.kind !== 'group') throw new Error('a group was planned');
    const edge = { from: 'a', to: 'b' };
    const group = { ...quality, region: { ...quality.region, edges: [edge], gates: [edge] } };

    expect(mermaidOf({ ...plan, tasks: [group, ...members] })).toContain('    t1 -.-> t2\n  end\n');
  });

  it('lets no id become syntax', () => {
    const drawing = mermaidOf(smallPlan({ 'a"] --> b["<script>#`;\n': {} }));

    expect(drawing.split('\n')).toHaveLength(3);
    expect(drawing).toContain('t0["a#34;#93; --#62; b#91;#34;#60;script#62;#35;#96;#59;#10;"]');
  });
});
