import {
  areas,
  countBySeverity,
  severities,
  worstFirst,
  type Analysis,
  type Area,
  type Counts,
  type Finding,
} from '../findings/index.ts';
import { isCode, type Inventory } from '../repository/index.ts';
import { gradeOf, type Grade } from './grade.ts';

/** What became of an area: its analysis, or why there is none. */
export interface AreaResult {
  readonly area: Area;
  readonly status: string;
  readonly analysis: Analysis | undefined;
}

export interface RankedFinding extends Finding {
  /** More than one when several analysers met the same problem. */
  readonly areas: readonly Area[];
}

export interface Review {
  readonly name: string;
  readonly root: string;
  readonly results: readonly AreaResult[];
  /** The worst first, each once. */
  readonly findings: readonly RankedFinding[];
  /** Of all findings, also of those that an analyser's cap left out. */
  readonly counts: Counts;
  readonly linesOfCode: number;
  /** Undefined where there is no code to grade. */
  readonly grade: Grade | undefined;
}

export function mergeReview(
  inventory: Inventory,
  analyses: Readonly<Record<Area, Analysis | null>>,
  statuses: Readonly<Record<Area, string>>,
): Review {
  const results = areas.map((area) => ({ area, status: statuses[area], analysis: analyses[area] ?? undefined }));
  const told = results.flatMap(({ area, analysis }) =>
    (analysis?.findings ?? []).map((finding): RankedFinding => ({ ...finding, areas: [area] })),
  );
  const findings = withoutRepeats(told);
  const all = results.map(({ analysis }) => analysis?.counts ?? countBySeverity([]));
  const repeats = subtract(countBySeverity(told), countBySeverity(findings));
  const counts = subtract(add(all), repeats);
  const code = inventory.files.filter((file) => isCode(file.language));
  const linesOfCode = code.reduce((sum, file) => sum + file.lines, 0);
  const grade = linesOfCode === 0 ? undefined : gradeOf(counts, linesOfCode);
  return { name: inventory.name, root: inventory.root, results, findings, counts, linesOfCode, grade };
}

/** A file that does not parse, say, is met by every analyser of its language. */
function withoutRepeats(findings: readonly RankedFinding[]): RankedFinding[] {
  const groups = Map.groupBy(findings, ({ path, line, rule, message }) => JSON.stringify([path, line, rule, message]));
  return [...groups.values()]
    .flatMap((group) => {
      const [worst] = group.toSorted(worstFirst);
      return worst === undefined ? [] : [{ ...worst, areas: [...new Set(group.flatMap(({ areas: seen }) => seen))] }];
    })
    .sort(worstFirst);
}

function add(all: readonly Counts[]): Counts {
  const sum = countBySeverity([]);
  for (const counts of all) for (const severity of severities) sum[severity] += counts[severity];
  return sum;
}

function subtract(counts: Counts, less: Counts): Counts {
  return Object.fromEntries(severities.map((severity) => [severity, counts[severity] - less[severity]])) as Counts;
}
