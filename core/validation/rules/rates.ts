import type { Finding } from '../../definition/index.ts';
import type { RuleContext } from '../rule.ts';

/** VAL239: agents that are of one type, whose calls are counted together, say the same limit. */
export function* sameRates({ workflow }: RuleContext): Generator<Finding> {
  const firsts = new Map<string, { readonly name: string; readonly calls: number; readonly per: number }>();
  for (const [name, { type, rate_limit: rate }] of Object.entries(workflow.agents)) {
    if (!rate) continue;
    const first = firsts.get(type) ?? { name, ...rate };
    firsts.set(type, first);
    if (first.calls === rate.calls && first.per === rate.per) continue;
    yield {
      code: 'VAL239',
      message: `\`${name}\` and \`${first.name}\` are both of type \`${type}\`, and say different limits: ${said(rate)}, and ${said(first)}.`,
      path: ['workflow', 'agents', name, 'rate_limit'],
      related: [{ message: 'the other limit', path: ['workflow', 'agents', first.name, 'rate_limit'] }],
    };
  }
}

function said({ calls, per }: { readonly calls: number; readonly per: number }): string {
  return `${calls} per ${per} s`;
}
