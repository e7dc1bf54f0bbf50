import { z } from 'zod';

export const severities = ['high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

export const areas = ['structure', 'lint', 'security', 'complexity', 'documentation'] as const;
export type Area = (typeof areas)[number];

/** The path of findings that belong to the repository as a whole. */
export const wholeRepository = '.';

export const findingSchema = z.object({
  /** Kebab-case, or the linter's own code (`F401`). */
  rule: z.string(),
  severity: z.enum(severities),
  /** Relative to the repository, with forward slashes. */
  path: z.string(),
  /** 1 is the first line. */
  line: z.int().positive(),
  /** What is wrong at this place. */
  message: z.string(),
  /** Why it matters and what to do: the same for every finding of the rule. */
  explanation: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Something worth knowing that is not a finding, for the area's section of the report. */
export const tableSchema = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
});
export type Table = z.infer<typeof tableSchema>;

export const countsSchema = z.object({ high: z.int(), medium: z.int(), low: z.int(), info: z.int() });
export type Counts = z.infer<typeof countsSchema>;

/** What every analyser answers with. */
export const analysisSchema = z.object({
  area: z.enum(areas),
  /** What was looked at, in words: `42 TypeScript files`. */
  examined: z.string(),
  /** The worst first; at most `maxFindings`. */
  findings: z.array(findingSchema),
  /** Of all findings, also of those the cap left out. */
  counts: countsSchema,
  notLookedAt: z.array(z.string()),
  tables: z.array(tableSchema),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** Findings of one analysis that travel to the report; more than 200 of one kind nobody reads. */
export const maxFindings = 200;

export interface AnalysisParts {
  readonly area: Area;
  readonly examined: string;
  readonly findings: readonly Finding[];
  readonly notLookedAt?: readonly string[];
  readonly tables?: readonly Table[];
}

/** Sorts, counts and caps: the same repository gives the same bytes, and a bad one cannot flood the report. */
export function concludeAnalysis(parts: AnalysisParts): Analysis {
  const sorted = parts.findings.toSorted(worstFirst);
  return {
    area: parts.area,
    examined: parts.examined,
    findings: sorted.slice(0, maxFindings),
    counts: countBySeverity(sorted),
    notLookedAt: [...(parts.notLookedAt ?? [])],
    tables: [...(parts.tables ?? [])],
  };
}

export function countBySeverity(findings: readonly Finding[]): Counts {
  const counts = { high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

export function worstFirst(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareText(a.path, b.path) ||
    a.line - b.line ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

/** By code unit: `localeCompare` would order differently from machine to machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
