import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/render/style.ts';
import { renderTimeline } from '../../../cli/render/timeline.ts';
import { foldEvents } from '../../../core/projections/index.ts';
import { assigned, completed, ended, midnight, openEventLog, started } from '../../makers/event-log.ts';
import { smallPlan } from '../../makers/small-plan.ts';

describe('renderTimeline', () => {
  it('draws a bar for the time that each task took', () => {
    const plan = smallPlan({ clone: {}, lint: { after: ['clone'] }, report: { after: ['lint'] } });
    const events = openEventLog()
      .add('', started)
      .add('clone', assigned())
      .add('clone', completed())
      .add('lint', assigned())
      .add('lint', completed())
      .add('', ended()).events;

    const lines = renderTimeline(plan, foldEvents(events), { columns: 40, style: plain, now: midnight });

    expect(lines).toEqual([
      '        0                  5.0 s',
      'clone       █████                 1.0 s',
      'lint                  █████       1.0 s',
      'report  pending',
    ]);
  });
});
