import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConflictError } from '../../core/errors/index.ts';
import { fileError } from '../file-error.ts';
import { styleFor } from '../render/style.ts';
import { exitCodes, type Verb } from '../verb.ts';

const template = fileURLToPath(new URL('../templates/hello/', import.meta.url));

export const initVerb: Verb = {
  name: 'init',
  summary: 'write a small workflow that runs, with its agents',
  example: 'skein init hello',
  declare: (command) =>
    command.argument('[dir]', 'where to write it', '.').option('--json', 'print the written files as JSON'),

  async run(command, { directory, out, environment }) {
    const target = resolve(directory, command.processedArgs[0] as string);
    const files = filesBelow(template);
    refuseToOverwrite(target, files);
    writeAll(target, files);
    if (command.opts<{ json?: boolean }>().json) {
      out.write(`${JSON.stringify({ directory: target, files }, null, 2)}\n`);
      return exitCodes.ok;
    }
    const style = styleFor(out, environment);
    const workflow = relative(directory, join(target, 'workflow.yaml'));
    out.write(files.map((file) => `${style('good', 'wrote')} ${relative(directory, join(target, file))}\n`).join(''));
    out.write(`\n${style('heading', 'next')}\n  skein plan ${workflow}\n  skein run ${workflow} --input name=Ada\n`);
    return exitCodes.ok;
  },
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function refuseToOverwrite(target: string, files: readonly string[]): void {
  const taken = files.filter((file) => existsSync(join(target, file)));
  if (taken.length === 0) return;
  throw new ConflictError({
    code: 'file_exists',
    message: `${taken.join(', ')} would be overwritten`,
    hint: 'name another directory: `skein init my-workflow`',
    details: { place: target },
  });
}

function writeAll(target: string, files: readonly string[]): void {
  try {
    mkdirSync(target, { recursive: true });
    for (const file of files) cpSync(join(template, file), join(target, file), { errorOnExist: true, force: false });
  } catch (error) {
    throw fileError(error, target, 'name a directory that you may write to');
  }
}
