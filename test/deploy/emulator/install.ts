import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPrerequisites } from './prerequisites.ts';
import { runCommand } from './run-command.ts';

export const LOCALSTACK_VERSION = '4.13.1';
const MAVEN_COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
/** Milliseconds; about 90 s where the registry is near. */
const PIP_TIMEOUT = 10 * 60_000;
const MAVEN_TIMEOUT = 5 * 60_000;

/** LocalStack, ready to be started. */
export interface Installation {
  readonly python: string;
  /** Folder of the jars that evaluate JSONata. */
  readonly jsonataJars: string;
  readonly javaHome: string;
}

/** What is written once a folder is complete. */
interface Receipt {
  readonly javaHome: string;
}

export const localstackFiles = join(import.meta.dirname, 'localstack');

/**
 * Installs LocalStack from PyPI and the JSONata engine from Maven Central, in the versions that are pinned beside this file, into
 * a folder of the user's cache; does nothing when they are there. Rejects when something is missing that only an administrator installs.
 */
export async function installEmulator(): Promise<Installation> {
  const [constraints, pom] = await Promise.all(
    ['constraints.txt', 'jsonata-pom.xml'].map((name) => readFile(join(localstackFiles, name), 'utf8')),
  );
  const digest = createHash('sha256').update(`${constraints}${pom}`).digest('hex').slice(0, 8);
  const folder = join(cacheFolder(), `localstack-${LOCALSTACK_VERSION}-${digest}`);
  if (!existsSync(folder)) await installInto(folder);
  // The folder holds what `installInto` wrote.
  const { javaHome } = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8')) as Receipt;
  return { python: join(folder, 'venv/bin/python'), jsonataJars: join(folder, 'jsonata'), javaHome };
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'skein');
}

/** The folder is there as a whole or not at all, whatever becomes of this process; two that install at once do not meet. */
async function installInto(folder: string): Promise<void> {
  const { python, javaHome, maven } = await findPrerequisites();
  await mkdir(dirname(folder), { recursive: true });
  const building = await mkdtemp(`${folder}.`);
  try {
    await Promise.all([
      installLocalstack(python, join(building, 'venv')),
      installJsonata(maven, join(building, 'jsonata')),
    ]);
    const receipt: Receipt = { javaHome };
    await writeFile(join(building, 'receipt.json'), JSON.stringify(receipt));
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function installLocalstack(python: string, venv: string): Promise<void> {
  await runCommand(python, ['-m', 'venv', venv], { timeout: PIP_TIMEOUT });
  const constraints = join(localstackFiles, 'constraints.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--constraint', constraints];
  await runCommand(join(venv, 'bin/python'), [...pip, `localstack-core[runtime]==${LOCALSTACK_VERSION}`], {
    timeout: PIP_TIMEOUT,
  });
}

async function installJsonata(maven: string, jars: string): Promise<void> {
  const pom = join(localstackFiles, 'jsonata-pom.xml');
  const args = ['-q', '-B', '-f', pom, MAVEN_COPY, '-DincludeScope=runtime', `-DoutputDirectory=${jars}`];
  await runCommand(maven, args, { timeout: MAVEN_TIMEOUT });
}
