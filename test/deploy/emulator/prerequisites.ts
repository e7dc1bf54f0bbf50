import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { tryCommand } from './run-command.ts';

/** What has to be there already, as commands or paths. */
export interface Prerequisites {
  readonly python: string;
  readonly javaHome: string;
  readonly maven: string;
}

const PYTHON_MINOR = 11;
const JAVA_MAJOR = 17;
/** Milliseconds; the first start of a JVM on a busy machine. */
const PATIENCE = 30_000;

/** Rejects with everything that is missing, and what to do about it. */
export async function findPrerequisites(): Promise<Prerequisites> {
  const [python, javaHome, maven] = await Promise.all([findPython(), findJavaHome(), findMaven()]);
  const missing = [
    python ?? `Python ≥ 3.${PYTHON_MINOR} with venv (Debian: python3-venv), or its path in PYTHON`,
    javaHome ?? `Java ≥ ${JAVA_MAJOR} (Debian: openjdk-17-jre-headless)`,
    maven ?? 'Maven, the command mvn (Debian: maven)',
  ].filter((_, position) => [python, javaHome, maven][position] === undefined);
  if (python !== undefined && javaHome !== undefined && maven !== undefined) return { python, javaHome, maven };
  throw new Error(
    [
      'The emulator cannot be installed; these are missing:',
      ...missing.map((what) => `  ${what}`),
      'AWS_ENDPOINT_URL=… uses a LocalStack-compatible endpoint that runs already.',
    ].join('\n'),
  );
}

/** LocalStack is made for 3.13; what is older needs more care. */
async function findPython(): Promise<string | undefined> {
  const named = process.env['PYTHON'];
  const managed = globSync(join(homedir(), '.pyenv/versions/3.{13,12,11}.*/bin/python')).toSorted().toReversed();
  const candidates = ['python3.13', ...managed, 'python3.12', 'python3.11', 'python3'];
  const probe = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${PYTHON_MINOR}))`;
  for (const candidate of named === undefined ? candidates : [named]) {
    if ((await tryCommand(candidate, ['-c', probe], { timeout: PATIENCE })).status === 0) return candidate;
  }
  return undefined;
}

async function findJavaHome(): Promise<string | undefined> {
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin/java') : 'java';
  const { stderr } = await tryCommand(java, ['-XshowSettings:properties', '-version'], { timeout: PATIENCE });
  const property = (name: string) => new RegExp(`^ *${name} = (.*)$`, 'm').exec(stderr)?.[1];
  return Number(property('java.specification.version')) >= JAVA_MAJOR ? property('java.home') : undefined;
}

async function findMaven(): Promise<string | undefined> {
  return (await tryCommand('mvn', ['-v'], { timeout: PATIENCE })).status === 0 ? 'mvn' : undefined;
}
