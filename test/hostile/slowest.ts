// What the hostile documents cost, the slowest first:
//   node test/hostile/slowest.ts [number of rows]
// Each suite is judged in one process with 256 MB. Times mean something on a machine that does nothing else.
import { suites } from './hostile-documents.ts';
import { judgedDocuments, type JudgedDocument } from './judged-documents.ts';

const rows = Number(process.argv[2] ?? 25);
const head = ['document', 'KB', 'read, ms', 'rest, ms', 'processor, ms', 'verdict'];

const all: JudgedDocument[] = [];
for (const suite of suites) {
  const { judged, death } = await judgedDocuments(suite);
  if (death !== undefined) process.stdout.write(`${suite} did not come to its end: ${death}\n`);
  const longest = Math.max(...judged.map(({ rest }) => rest));
  process.stdout.write(
    `${suite}: ${judged.length} documents, the rest after reading takes ${longest.toFixed(0)} ms at most\n`,
  );
  all.push(...judged);
}

const slowest = all.sort((a, b) => b.read + b.rest - (a.read + a.rest)).slice(0, rows);
const table = slowest.map(({ name, bytes, read, rest, cpu, outcome, codes }) => [
  name,
  (bytes / 1_000).toFixed(0),
  read.toFixed(0),
  rest.toFixed(0),
  cpu.toFixed(0),
  [outcome, ...codes].join(' '),
]);
for (const row of [head, head.map(() => '---'), ...table]) process.stdout.write(`| ${row.join(' | ')} |\n`);
