// What an installation takes: the packages that run, without those that only build and test. Asks the package registry.
// Run: node bench/footprint.ts [--json]
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alignedTable } from './table.ts';

interface Footprint {
  readonly packages: number;
  /** On the disk, as `du` counts. */
  readonly megabytes: number;
  readonly seconds: number;
  /** The largest, with their megabytes. */
  readonly largest: readonly { readonly name: string; readonly megabytes: number }[];
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const checkout = fileURLToPath(new URL('../', import.meta.url));

function megabytesOf(folder: string): number {
  const [kilobytes = '0'] = execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t');
  return Number(kilobytes) / 1_024;
}

function install(flags: readonly string[]): Footprint {
  const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(checkout, file), join(folder, file));
    const from = performance.now();
    execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', ...flags], { cwd: folder, stdio: 'pipe' });
    const seconds = (performance.now() - from) / 1_000;
    const modules = join(folder, 'node_modules');
    const names = installedIn(modules);
    const largest = names
      .map((name) => ({ name, megabytes: megabytesOf(join(folder, name)) }))
      .sort((one, other) => other.megabytes - one.megabytes)
      .slice(0, 5)
      .map(({ name, megabytes }) => ({ name: name.replace('node_modules/', ''), megabytes }));
    return { packages: names.length, megabytes: megabytesOf(modules), seconds, largest };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Folders of packages, from npm's own account of what it has installed. */
function installedIn(modules: string): string[] {
  const account = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(account.packages);
}

const footprints = {
  'own dependencies, without Node.js': install(['--omit=optional']),
  'with the Node.js of the optional packages': install([]),
};

if (values.json) console.log(JSON.stringify(footprints));
else {
  const rows = Object.entries(footprints).map(([what, { packages, megabytes, seconds, largest }]) => [
    what,
    `${packages}`,
    megabytes.toFixed(1),
    seconds.toFixed(1),
    largest.map((one) => `${one.name} ${one.megabytes.toFixed(1)}`).join(', '),
  ]);
  console.log('Installed packages that run; the design asks for less than 60 MB of own dependencies, Node.js aside.');
  console.log(alignedTable([['', 'packages', 'MB', 's to install', 'largest, MB'], ...rows]));
}
