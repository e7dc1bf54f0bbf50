// Judges the documents of a suite in a process of its own, which may be short of memory:
//   node --max-old-space-size=256 test/hostile/judge-process.ts large
// prints for each document its name, and then what became of it, as lines of JSON.
import { hostileDocuments, suites, type HostileDocument } from './hostile-documents.ts';
import { judgeCatalogue, judgeDefinition } from '../makers/verdict.ts';
import type { JudgedDocument } from './judged-documents.ts';

const suite = suites.find((name) => name === process.argv[2]);
if (!suite) throw new Error(`There are the suites ${suites.join(', ')}.`);

for (const document of hostileDocuments(suite)) {
  process.stdout.write(`${JSON.stringify({ begins: document.name })}\n`);
  process.stdout.write(`${JSON.stringify(judge(document))}\n`);
}

function judge({ name, kind, text }: HostileDocument): JudgedDocument {
  const content = text();
  const bytes = Buffer.byteLength(content);
  const before = process.cpuUsage();
  try {
    const { value, read, rest } = (kind === 'catalogue' ? judgeCatalogue : judgeDefinition)(content);
    const { user, system } = process.cpuUsage(before);
    const { outcome, codes } = value;
    return { name, outcome, codes, bytes, read, rest, cpu: (user + system) / 1_000 };
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, outcome: 'thrown', codes: [], bytes, read: 0, rest: 0, cpu: 0, thrown };
  }
}
