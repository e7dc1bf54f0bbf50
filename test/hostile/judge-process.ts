// Judges the documents of a suite in a process of its own, which may be short of memory:
//   node --max-old-space-size=256 test/hostile/judge-process.ts large
// prints for each document its name, and then what became of it, as lines of JSON.
import { hostileDocuments, suites } from './hostile-documents.ts';
import { judgeCatalogue, judgeDefinition } from '../makers/verdict.ts';
import type { JudgedDocument } from './judged-documents.ts';

const suite = suites.find((name) => name === process.argv[2]);
if (!suite) throw new Error(`There are the suites ${suites.join(', ')}.`);

for (const { name, kind, text } of hostileDocuments(suite)) {
  process.stdout.write(`${JSON.stringify({ begins: name })}\n`);
  const content = text();
  const before = process.cpuUsage();
  const { value, read, rest } = (kind === 'catalogue' ? judgeCatalogue : judgeDefinition)(content);
  const { user, system } = process.cpuUsage(before);
  const judged: JudgedDocument = {
    name,
    outcome: value.outcome,
    codes: value.codes,
    bytes: Buffer.byteLength(content),
    read,
    rest,
    cpu: (user + system) / 1_000,
  };
  process.stdout.write(`${JSON.stringify(judged)}\n`);
}
