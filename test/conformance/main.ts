// `npm run conformance -- <folder> [--json]`: how far the interpreter agrees with recordings of AWS Step Functions.
// Exits with 1 when one that it runs ends differently, and with 2 when there are none.
import { parseArgs } from 'node:util';
import { readRecordings, recordingsFolder } from './recordings.ts';
import { asJson, judge, report } from './score.ts';

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const folder = positionals[0] ?? recordingsFolder;
const recordings = readRecordings(folder) ?? [];
const judged = [];
for (const recording of recordings) judged.push(await judge(recording));

if (recordings.length === 0) console.error(`There are no recordings in ${folder}.`);
else console.log(values.json ? JSON.stringify(asJson(judged), null, 2) : report(judged));
process.exitCode = recordings.length === 0 ? 2 : judged.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
