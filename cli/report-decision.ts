import type { Decided } from './decide-here.ts';
import { styleFor } from './render/style.ts';
import type { Surroundings } from './surroundings.ts';

/** What was decided, by whom, and what is left to do. */
export function reportDecision(decided: Decided, json: boolean, { out, environment }: Surroundings): void {
  if (json) return out.write(`${JSON.stringify(decided, null, 2)}\n`);
  const { approval_id: id, decision, decided_by: by, next } = decided;
  const said = styleFor(out, environment)('good', decision === 'approve' ? 'approved' : 'rejected');
  const rest = next === undefined ? '' : `\nno process runs the execution\n\nnext\n  ${next}\n`;
  out.write(`${said} ${id} as ${by}\n${rest}`);
}
