import { conditions, writeKinds, type Condition } from './conditions.ts';
import { row } from './protocol-page.ts';

/** What was found of a planted bug. */
export interface ConditionFound {
  readonly site: string;
  readonly condition: string;
  readonly isFound: boolean;
  readonly states: number;
  readonly steps: number;
}

/** `attempt.ts callAgain` as a link to the file. */
function placeOf(site: string): string {
  const [file = '', name = ''] = site.split(' ');
  return `[${name}](../../engine/${file})`;
}

function findingOf(
  { site, condition, witness }: Condition,
  found: readonly ConditionFound[],
): readonly (string | number)[] {
  if ('test' in witness) return [`[test](../../${witness.test}): ${witness.says} it`, '', ''];
  if ('spare' in witness) return [`nothing: ${witness.spare}`, '', ''];
  if ('open' in witness) return [`not looked for: ${witness.open}`, '', ''];
  const { protocol, finding } = witness;
  const run = found.find((it) => it.site === site && it.condition === condition);
  const what = `[${protocol}](${protocol}.md): ${run?.isFound ? finding : '**not found**'}`;
  return [what, run?.states ?? 0, run?.steps ?? 0];
}

function bugOf({ witness }: Condition): string {
  if ('spare' in witness || 'open' in witness) return 'none';
  return 'with' in witness ? 'neither revision nor events are looked at' : 'it is not looked at';
}

/** The table of every condition, with what finds that it is missing. */
export function conditionsPage(found: readonly ConditionFound[]): string {
  return [
    '# Conditions of the ledger',
    '',
    '<!-- Written by `npm run -s models`. -->',
    '',
    'Every protocol over what is shared rests on conditions of its writes, and on second looks. Each condition was taken out where it stands, alone; the models then find what it is there for. A test fails when a commit of the engine has a condition that stands in no row.',
    '',
    '## By kind of write',
    '',
    row('kind', 'condition'),
    row('---', '---'),
    ...Object.entries(writeKinds).map(([kind, condition]) => row(`\`${kind}\``, condition)),
    '',
    'That the stores keep them: [in memory and on SQLite](../../test/contract/ledger-store.contract.ts), and [on DynamoDB](../../test/deploy/stores/conditions.test.ts), which takes out each condition of each kind of item, those of versions, views and idempotent requests among them, and finds its promise broken.',
    '',
    '## By place',
    '',
    'The condition on an event stands in one commit with the revision of the record that the event is about, and either would keep the same from happening: where both stand, both are taken out. The revision is needed beside it because tokens, signs of life and counts are written without an event (`bindToken`, `heartbeat`, `iterate`, `enterConclude`); the number of an event is needed by nobody as long as revisions hold, and keeps the history append-only should a record ever be lost.',
    '',
    row('who writes', 'what', 'planted bug', 'what finds it', 'states', 'steps'),
    row('---', '---', '---', '---', '---:', '---:'),
    ...conditions.map((it) => row(placeOf(it.site), `\`${it.condition}\``, bugOf(it), ...findingOf(it, found))),
    '',
    'What gates write when an intent is withdrawn is what they write when its attempt ends: the same functions give it back. Second looks, which are no conditions, have their planted bugs on the pages of [parking](park-and-wake.md), [places](places.md) and [stops](stop-against-dispatch.md).',
    '',
  ].join('\n');
}
