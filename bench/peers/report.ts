import type { GraphName } from '../graphs.ts';
import type { Figures, Row } from './measure.ts';

/** What is told of an engine beside its figures. */
export interface EngineFacts {
  readonly name: string;
  readonly title: string;
  readonly versions: readonly string[];
  readonly guarantee: string;
  readonly modes: readonly { readonly name: string; readonly title: string }[];
  readonly megabytes?: number;
  /** Why it is not measured. */
  readonly unavailable?: string;
}

export interface Report {
  readonly commit: string;
  readonly node: string;
  readonly machine: string;
  readonly graphs: string;
  /** Skein is the first. */
  readonly engines: readonly EngineFacts[];
  readonly rows: readonly Row[];
}

/** As text with tables; each row is paired with Skein's on the same graph. */
export function renderReport(report: Report): string {
  const makespans = report.rows.filter(({ graph }) => isMakespan(graph));
  const overheads = report.rows.filter(({ graph }) => !isMakespan(graph));
  return [
    `Commit ${report.commit}, Node ${report.node}, ${report.machine}; ${report.graphs}.`,
    'Each row: a server and a process of its own, one warm-up run, then five (makespan: three). "÷ Skein": the median against that of Skein on the same graph, with agents ' +
      "in processes of their own and in the engine's process; above 1 is slower than Skein.",
    ...table(report, overheads, 'ms a task, median'),
    ...table(report, makespans, 'makespan ÷ critical path, median'),
    engineTable(report.engines),
    notes(report.engines),
  ].join('\n\n');
}

const isMakespan = (graph: GraphName): boolean => graph === 'sleep300';

function table(report: Report, rows: readonly Row[], unit: string): string[] {
  if (rows.length === 0) return [];
  const head = [
    'graph',
    'engine',
    unit,
    'min–max',
    '÷ Skein, own processes',
    '÷ Skein, in process',
    'processor ms a task',
    'peak MB',
  ];
  return [markdown([head, ...rows.map((row) => cells(report, row))])];
}

function cells(report: Report, row: Row): string[] {
  const engine = report.engines.find(({ name }) => name === row.peer);
  const mode = engine?.modes.find(({ name }) => name === row.mode);
  const title = `${engine?.title ?? row.peer}: ${mode?.title ?? row.mode}`;
  if (!row.figures) return [row.graph, title, `failed: ${oneLine(row.problem ?? '')}`, '', '', '', '', ''];
  const { median, min, max } = row.figures;
  const [own, inProcess] = ['workers', 'in-process'].map((skein) =>
    ratio(row.figures, skeinOf(report.rows, row.graph, skein)),
  );
  const spread = `${min.toFixed(3)}–${max.toFixed(3)}`;
  return [
    row.graph,
    title,
    median.toFixed(3),
    spread,
    own ?? '',
    inProcess ?? '',
    row.processor?.toFixed(3) ?? '–',
    `${row.peakMegabytes ?? '–'}`,
  ];
}

function skeinOf(rows: readonly Row[], graph: GraphName, mode: string): Figures | undefined {
  return rows.find((row) => row.peer === 'skein' && row.graph === graph && row.mode === mode)?.figures;
}

function ratio(figures: Figures | undefined, skein: Figures | undefined): string {
  return figures && skein ? (figures.median / skein.median).toFixed(2) : '–';
}

function engineTable(engines: readonly EngineFacts[]): string {
  const rows = engines.map(({ title, versions, megabytes, unavailable }) => [
    title,
    versions.join(', '),
    unavailable === undefined ? `${megabytes ?? '–'}` : `not measured: ${oneLine(unavailable)}`,
  ]);
  return markdown([['engine', 'versions', 'installed MB, Node.js not counted'], ...rows]);
}

function notes(engines: readonly EngineFacts[]): string {
  return [
    'Notes',
    '',
    ...engines.map(({ title, guarantee }) => `- ${title}: ${guarantee}.`),
    '- Processor: of all processes together, over the timed runs; on a busy machine it says more than the clock.',
    '- Peak MB: of all processes together (server, its children, SDK or workers) in three more runs that are not timed, read every 25 ms; a page that several hold is shared out ' +
      'among them (PSS). The bench itself is not counted.',
    "- The peers' tasks run in the process of their SDK, one for all tasks; none of them puts each task into a process of its own, as Skein can.",
  ].join('\n');
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rest.map(line)].join('\n');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
