import { execFile } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Peer } from './peer.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

export interface InstallOrder {
  /** `name@version` of each npm package. */
  readonly npm: readonly string[];
  /** Done once, when the packages are there. */
  readonly afterwards?: (folder: string) => Promise<void> | void;
}

/**
 * A folder of the peer's own below the cache. It is left alone when it is complete and of these versions. No package's install script is run:
 * what a peer needs of them it does `afterwards`.
 */
export async function installPeer(
  cache: string,
  peer: Pick<Peer, 'name' | 'versions'>,
  order: InstallOrder,
): Promise<string> {
  const folder = join(cache, peer.name);
  const record = join(folder, 'installed');
  const wanted = peer.versions.join('\n');
  if (!existsSync(record) || readFileSync(record, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const flags = [
      '--prefix',
      folder,
      '--save-exact',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    await run('npm', ['install', ...flags, ...order.npm], { cwd: folder });
    await order.afterwards?.(folder);
    writeFileSync(record, wanted);
  }
  copyPrograms(folder);
  return folder;
}

/** Programs find the peers' packages by where they stand. */
function copyPrograms(folder: string): void {
  for (const name of ['programs', 'program-protocol.ts', 'schedules.ts']) {
    cpSync(join(here, name), join(folder, 'bench', name), { recursive: true });
  }
}

/**
 * Builds a program from its Go module into `folder`/bin. What the build downloads is removed again.
 * The largest takes five minutes on two idle cores.
 */
export async function installGoProgram(folder: string, module: string): Promise<void> {
  const build = join(folder, 'build');
  const environment = {
    GOPATH: build,
    GOCACHE: join(build, 'cache'),
    GOBIN: join(folder, 'bin'),
    GOFLAGS: '-modcacherw -trimpath',
    CGO_ENABLED: '0',
  };
  await run('go', ['install', module], { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 });
  rmSync(build, { recursive: true, force: true });
}

/** Of all files in the folders, as they are long; links count nothing. */
export function megabytesOf(...folders: readonly string[]): number {
  return Math.round(folders.reduce((sum, folder) => sum + bytesOf(folder), 0) / 1_000_000);
}

function bytesOf(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.isFile() ? entry.size : 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}
