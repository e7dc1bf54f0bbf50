import { isTerminal } from '../../core/execution/index.ts';
import { executionId } from '../../core/ids/index.ts';
import { budgetLine } from '../render/budget-line.ts';
import { lookAt, withPlaceOptions } from '../place.ts';
import { renderFrame } from '../render/execution-frame.ts';
import { styleFor } from '../render/style.ts';
import { renderTimeline } from '../render/timeline.ts';
import { exitCodes, type Verb } from '../verb.ts';

export const statusVerb: Verb = {
  name: 'status',
  summary: 'show where an execution and its tasks stand',
  example: 'skein status exec_01M7Z6SB7P2M4QMZEBVG80B9S1 --timeline',
  declare: (command) =>
    withPlaceOptions(command)
      .argument('<execution>', 'its id, exec_…')
      .option('--timeline', 'show when each task ran')
      .option('--all', 'list every iteration of a loop and every call of a for_each')
      .option('--json', 'print the view as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const id = executionId(command.args[0] ?? '');
    const { timeline, json, all = false } = command.opts<{ timeline?: boolean; json?: boolean; all?: boolean }>();
    const { view, plan, budget, isAttended } = await lookAt(command, surroundings, async (reader) => ({
      view: await reader.view(id),
      plan: await reader.plan(id),
      budget: await reader.budget(id),
      isAttended: reader.isAttended(),
    }));
    if (json) {
      out.write(`${JSON.stringify({ ...view, ...(budget.length > 0 && { budget }) }, null, 2)}\n`);
      return exitCodes.ok;
    }
    // Output that scrolls has room for every task.
    const style = styleFor(out, environment);
    const page = { columns: out.columns, rows: Infinity, style, now: surroundings.now(), all };
    const spent = budgetLine(budget, style);
    const frame = [...renderFrame(plan, view, page), ...(spent === undefined ? [] : [spent])];
    const lines = [...frame, ...(timeline ? ['', ...renderTimeline(plan, view, page)] : [])];
    const orphaned = !isAttended && !isTerminal(view.status);
    if (orphaned) lines.push('', `no process runs it: \`skein resume ${id}\` goes on`);
    out.write(`${lines.join('\n')}\n`);
    return exitCodes.ok;
  },
};
