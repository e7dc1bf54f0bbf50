// Replays recordings and counts, by family and query language, what the interpreter has in common with AWS.
import { differences } from './compare.ts';
import { inJsonata } from './in-jsonata.ts';
import type { Recording } from './recordings.ts';
import { replay } from './replay.ts';

export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly reasons: readonly string[] }
  | { readonly outcome: 'unsupported'; readonly reason: string };

export type Judged = Verdict & { readonly recording: Recording };

export async function judge(recording: Recording): Promise<Judged> {
  return { recording, ...(await verdictOn(recording)) };
}

/** Operations of the service around machines; an interpreter has none of them. */
const operations = {
  test_state: 'the TestState operation',
  test_state_rejected: 'the TestState operation',
  validation: 'the operations that refuse a definition',
};

async function verdictOn(recording: Recording): Promise<Verdict> {
  const machine = notReplayable(recording) ?? inJsonata(recording.definition);
  if (typeof machine === 'string') return { outcome: 'unsupported', reason: machine };
  const reasons = differences(recording, await replay(recording, machine));
  return reasons.length === 0 ? { outcome: 'passed' } : { outcome: 'failed', reasons };
}

function notReplayable({ kind, expected, notes }: Recording): string | undefined {
  if (kind !== 'execution') return operations[kind];
  if (expected.status === 'RUNNING') return 'an end, which was not recorded';
  if (notes.includes('task-answers-unknown')) return 'answers of tasks, which were not recorded';
  // `The SecondsPath parameter references a negative value`: JSONata has no such field to fail.
  if (/\b\w+Path (parameter|field)\b/.test(expected.cause ?? '')) return 'a failure of a field that only JSONPath has';
  return undefined;
}

type Counts = Record<Verdict['outcome'], number>;

interface Row extends Counts {
  readonly family: string;
  readonly language: string;
}

const outcomes = ['passed', 'failed', 'unsupported'] as const;

function rowsOf(judged: readonly Judged[]): Row[] {
  const groups = Map.groupBy(judged, ({ recording }) => `${recording.family} ${recording.queryLanguage}`);
  return [...groups].sort().map(([key, members]) => {
    const [family = '', language = ''] = key.split(' ');
    const count = (which: Verdict['outcome']) => members.filter(({ outcome }) => outcome === which).length;
    return { family, language, passed: count('passed'), failed: count('failed'), unsupported: count('unsupported') };
  });
}

function table(judged: readonly Judged[]): string[] {
  const rows = rowsOf(judged);
  const languages = [...new Set(rows.map(({ language }) => language))].sort();
  const totals = languages.map((language): Row => {
    const counts = outcomes.map((outcome) => [outcome, sum(rows, language, outcome)]);
    return { family: 'all', language, ...(Object.fromEntries(counts) as Counts) };
  });
  const line = ({ family, language, ...counts }: Row) =>
    [family.padEnd(20), language.padEnd(9), ...outcomes.map((outcome) => String(counts[outcome]).padStart(11))].join(
      ' ',
    );
  const head = ['family'.padEnd(20), 'language'.padEnd(9), ...outcomes.map((outcome) => outcome.padStart(11))].join(
    ' ',
  );
  return [head, ...rows.map(line), ...totals.map(line)];
}

const sum = (rows: readonly Row[], language: string, outcome: Verdict['outcome']): number =>
  rows.filter((row) => row.language === language).reduce((total, row) => total + row[outcome], 0);

/** What stands in a report: executions first, and the other operations apart from them. */
export function report(judged: readonly Judged[]): string {
  const executions = judged.filter(({ recording }) => recording.kind === 'execution');
  const others = judged.filter(({ recording }) => recording.kind !== 'execution');
  const failures = judged.flatMap((one) =>
    one.outcome === 'failed' ? [one.recording.id, ...one.reasons.map((reason) => `    ${reason}`)] : [],
  );
  const reasons = [...Map.groupBy(executions, (one) => (one.outcome === 'unsupported' ? one.reason : ''))]
    .filter(([reason]) => reason !== '')
    .map(([reason, { length }]) => `${String(length).padStart(6)}  ${reason}`)
    .sort()
    .reverse();
  return [
    'Executions. What is JSONPath or mixed was replayed where it says in plain references what JSONata says too.',
    '',
    ...table(executions),
    ...(failures.length > 0 ? ['', 'failed', ...failures] : []),
    ...(reasons.length > 0 ? ['', 'unsupported, by what they need', ...reasons] : []),
    ...(others.length > 0 ? ['', 'Recordings of other operations: an interpreter has none of them.', ''] : []),
    ...(others.length > 0 ? table(others) : []),
  ].join('\n');
}

export function asJson(judged: readonly Judged[]): object {
  const of = (which: Verdict['outcome']) => judged.filter(({ outcome }) => outcome === which);
  return {
    passed: of('passed').map(({ recording }) => recording.id),
    failed: judged.flatMap((one) => (one.outcome === 'failed' ? [{ id: one.recording.id, reasons: one.reasons }] : [])),
    unsupported: judged.flatMap((one) =>
      one.outcome === 'unsupported'
        ? [
            {
              id: one.recording.id,
              kind: one.recording.kind,
              language: one.recording.queryLanguage,
              reason: one.reason,
            },
          ]
        : [],
    ),
  };
}
