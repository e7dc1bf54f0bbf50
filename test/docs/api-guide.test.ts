import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { asShown, readGuide } from '../makers/guide.ts';
import { openShell } from '../makers/shell.ts';
import { startSkein } from '../makers/skein-process.ts';

const path = `${checkout}docs/guide/api.md`;
const { files } = readGuide(path);

/** Blocks that begin with `$ curl`, in their order, with what they show. */
const commands = [...readFileSync(path, 'utf8').matchAll(/^```\n\$ (curl .*)\n([^]*?)^```$/gm)].map(
  ([, command = '', shown = '']) => ({ command, shown }),
);

/** One line of JSON as the guide folds it; other text as it is. */
function folded(text: string): string {
  return text.startsWith('{') ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : text;
}

/** With names in place of what differs from run to run. */
function settled(text: string, url: string): string {
  return text
    .replaceAll(url, '<url>')
    .replaceAll(/exec_[0-9A-Z]{26}/g, '<execution>')
    .replaceAll(/chk_[0-9A-Z]{26}/g, '<checkpoint>')
    .replaceAll(/evt_[0-9A-Z]{26}/g, '<event>')
    .replaceAll(/apr_[A-Za-z0-9_-]+/g, '<approval>');
}

describe('docs/guide/api.md', () => {
  it('shows what the server answers', async () => {
    using shell = openShell();
    shell.write(Object.fromEntries(files.map(({ name, text }) => [name, text])));
    await using skein = startSkein(shell.directory, 'dev', '--port', '0', '--json', '--database', 'release.db');
    expect(await skein.prints(/^\{"url"/), skein.complaint()).toBe(true);
    const { url, token } = JSON.parse(skein.lines[0] ?? '') as { url: string; token: string };
    const environment = { ...process.env, SKEIN_URL: url, SKEIN_TOKEN: token };
    const answerTo = async (command: string): Promise<string> => {
      const options = { cwd: shell.directory, env: environment };
      const { stdout } = await promisify(execFile)('sh', ['-c', command], options);
      return settled(folded(stdout), url);
    };

    expect(commands.length).toBeGreaterThan(10);
    for (const { command, shown } of commands) {
      // An execution gets on between two commands; a reader has more patience than a test.
      const seen = async () => asShown(shown, await answerTo(command));
      await expect.poll(seen, { timeout: 10_000, interval: 50 }).toBe(shown);
    }
  });
});
