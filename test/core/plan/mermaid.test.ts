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

  it('lets no id become syntax', () => {
    const drawing = mermaidOf(smallPlan({ 'a"] --> b["<script>#`;\n': {} }));

    expect(drawing.split('\n')).toHaveLength(3);
    expect(drawing).toContain('t0["a#34;#93; --#62; b#91;#34;#60;script#62;#35;#96;#59;#10;"]');
  });
});
