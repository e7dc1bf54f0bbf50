// `npm run -s bench:graphs -- <folder> [--json] [--only <id>]`: compiles and runs every real graph of a folder, and prints what it saw.
import { parseArgs } from 'node:util';
import { graphFiles, readGraph } from './corpus.ts';
import { figuresOf, type GraphFigures } from './figures.ts';
import { renderReport } from './report.ts';
import { totalsOf, type BrokenGraph } from './totals.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('Usage: npm run -s bench:graphs -- <folder> [--json] [--only <id>]');
  process.exit(2);
}

const graphs: GraphFigures[] = [];
const broken: BrokenGraph[] = [];
const files = graphFiles(folder);
for (const [index, file] of files.entries()) {
  const graph = readGraph(file);
  if (values.only !== undefined && graph.id !== values.only) continue;
  process.stderr.write(`${index + 1}/${files.length} ${graph.id}, ${graph.tasks.length} tasks\n`);
  try {
    graphs.push(await figuresOf(graph));
  } catch (error) {
    broken.push({ id: graph.id, problem: error instanceof Error ? error.message : String(error) });
  }
}

if (graphs.length + broken.length === 0) {
  console.error(`${folder} holds no graph${values.only === undefined ? '' : ` called ${values.only}`}.`);
  process.exit(2);
}
const totals = totalsOf(graphs, broken);
process.stdout.write(
  values.json ? `${JSON.stringify({ graphs, broken, totals }, null, 2)}\n` : renderReport(graphs, totals),
);
process.exitCode = totals.promisesKept ? 0 : 1;
