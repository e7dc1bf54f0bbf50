// `npm run -s bench:peers [-- --json] [--peers restate,dbos] [--graphs chain100,rand1000] [--cache <folder>]`: Skein and other engines on the same graphs in one run.
// What the peers need is installed below the cache, in the system's temporary folder unless told otherwise. All servers listen on 127.0.0.1 and end with the bench.
import { execFileSync } from 'node:child_process';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { graphNames, graphSource, type GraphName } from '../graphs.ts';
import { dbos } from './dbos.ts';
import { measure, type Row } from './measure.ts';
import type { Installation, Peer } from './peer.ts';
import { renderReport, type EngineFacts, type Report } from './report.ts';
import { restate } from './restate.ts';
import { skein } from './skein.ts';
import { temporal } from './temporal.ts';

const peers = [restate, dbos, temporal];

interface Choice {
  readonly peers: readonly Peer[];
  readonly graphs: readonly GraphName[];
  readonly cache: string;
  readonly json: boolean;
}

function choice(): Choice {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      peers: { type: 'string', default: peers.map(({ name }) => name).join() },
      graphs: { type: 'string', default: graphNames.join() },
      cache: { type: 'string', default: join(tmpdir(), 'skein-peers') },
    },
  });
  return {
    peers: chosen(values.peers, peers, ({ name }) => name),
    graphs: chosen(values.graphs, graphNames, (name) => name),
    cache: resolve(values.cache),
    json: values.json,
  };
}

function chosen<T>(list: string, all: readonly T[], nameOf: (one: T) => string): T[] {
  return list.split(',').map((name) => {
    const found = all.find((one) => nameOf(one) === name);
    if (found !== undefined) return found;
    console.error(`There is no ${name}, only ${all.map(nameOf).join(', ')}.`);
    process.exit(2);
  });
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

interface Candidate {
  readonly peer: Peer;
  readonly installation: Installation | undefined;
  readonly facts: EngineFacts;
}

/** A peer that cannot be had is told with the reason, and the others are measured. */
async function candidate(peer: Peer, cache: string): Promise<Candidate> {
  const { name, title, versions, guarantee, modes } = peer;
  const facts = { name, title, versions, guarantee, modes };
  tell(`installing ${title}`);
  try {
    const installation = await peer.install(cache);
    return { peer, installation, facts: { ...facts, megabytes: installation.megabytes } };
  } catch (error) {
    const unavailable = error instanceof Error ? error.message : String(error);
    return { peer, installation: undefined, facts: { ...facts, unavailable } };
  }
}

async function measureAll(candidates: readonly Candidate[], graphs: readonly GraphName[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const graph of graphs) {
    for (const { peer, installation } of candidates) {
      for (const mode of installation ? peer.modes : []) {
        tell(`${graph}: ${peer.title}, ${mode.title}`);
        if (installation) rows.push(await measure({ peer, installation, mode, graph }));
      }
    }
  }
  return rows;
}

const { peers: wanted, graphs, cache, json } = choice();
const candidates: Candidate[] = [];
for (const peer of [skein, ...wanted]) candidates.push(await candidate(peer, cache));

const report: Report = {
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim(),
  node: process.version,
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  graphs: graphSource(),
  engines: candidates.map(({ facts }) => facts),
  rows: await measureAll(candidates, graphs),
};
process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${renderReport(report)}\n`);
process.exitCode = report.rows.some(({ problem }) => problem !== undefined) ? 1 : 0;
