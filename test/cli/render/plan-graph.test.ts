import { describe, expect, it } from 'vitest';
import { renderGraph } from '../../../cli/render/plan-graph.ts';
import { plain } from '../../../cli/render/style.ts';
import { plan } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const review = plan(
  validDefinition(`
workflow:
  name: review
  version: "1"
  agents: { one: { type: any }, three: { type: any, count: 3 } }
  tasks:
    - { id: clone, agent: one }
    - id: quality
      depends_on: [clone]
      group:
        max_parallel: 2
        tasks:
          - { id: lint, agent: one, retry_policy: none, when: "\${ size(input.files) > 0 }" }
          - { id: scan, agent: three, parallel: true }
          - { id: rank, agent: one, depends_on: [{ task: scan, on: done }] }
    - id: refine
      depends_on: [clone]
      loop: { max_iterations: 5, until: "\${ loop.index > 2 }", tasks: [{ id: revise, agent: one }] }
    - id: sweep
      agent: one
      depends_on: [quality, refine]
      join: any_success
      for_each: { items: [1, 2], max_items: 40, batch: 2 }
    - { id: pause, depends_on: [sweep], wait: { seconds: 60 } }
    - { id: hear, wait: { event: build.finished, timeout: 300 } }
    - { id: tell, depends_on: [pause, hear], emit: { event: review.finished } }
    - { id: deep, depends_on: [tell], workflow: { name: deep-scan, version: "2" }, timeout: 1h }
`),
);

describe('renderGraph', () => {
  it('draws what containers hold in frames, over a table of all tasks', () => {
    expect(renderGraph(review, { columns: 120, style: plain })).toEqual([
      '  clone ─┬─ ┌ quality ────────┐ ─┬─ sweep ×≤40 ── pause ─┬─ tell ── deep',
      '         │  │ lint            │  │                       │',
      '         │  │ scan ×3 ── rank │  │                       │',
      '         │  └─────────────────┘  │                       │',
      '         └─ ┌ refine ↻ ≤5 ─┐ ────┘                       │',
      '            │ revise       │                             │',
      '            └──────────────┘                             │',
      '  hear ──────────────────────────────────────────────────┘',
      '',
      '   task         agent or kind            timeout  tries  after',
      '*  clone        one                      300 s    3',
      '*  quality      group                                    clone; at most 2 at once',
      '     lint       one                      300 s    1      when size(input.files) > 0',
      '*    scan ×3    three                    300 s    3',
      '*    rank       one                      300 s    3      scan (done)',
      '   refine ↻ ≤5  loop                                     clone; until loop.index > 2',
      '*    revise     one                      300 s    3',
      '*  sweep ×≤40   one                      300 s    3      any_success of quality, refine; at most 10 at once, 2 items each',
      '*  pause        wait 60 s                                sweep',
      '   hear         wait for build.finished  300 s',
      '*  tell         emit review.finished                     pause, hear',
      '*  deep         deep-scan 2              1h              tell',
    ]);
  });

  it('outlines a graph that is too wide to draw, containers with what they hold', () => {
    const [header = '', ...rows] = renderGraph(review, { columns: 60, style: plain });
    const names = [header, ...rows].map((line) => line.slice(3, header.indexOf('agent')).trimEnd());

    expect(names).toEqual([
      'task',
      '·',
      '├─ clone',
      '│  ├─ quality',
      '│  │  ┊ ├─ lint',
      '│  │  ┊ └─ scan ×3',
      '│  │  ┊    rank',
      '│  └─ refine ↻ ≤5',
      '│     ┊ revise',
      '│  sweep ×≤40',
      '│  pause',
      '└─ hear',
      'tell',
      'deep',
    ]);
  });
});
