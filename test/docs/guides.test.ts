import { globSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { installPackages } from '../makers/guide-packages.ts';
import { asShown, readGuide, type Guide } from '../makers/guide.ts';
import { openShell, type Shell } from '../makers/shell.ts';

const guides = globSync('docs/guide/*.md', { cwd: checkout }).map((path) => ({ path, ...readGuide(checkout + path) }));

/** A directory with the files that the guide writes out, the packages that they import, and the examples of the checkout. */
function openGuide({ files }: Guide): Shell {
  const shell = openShell();
  shell.write(Object.fromEntries(files.map(({ name, text }) => [name, text])));
  symlinkSync(join(checkout, 'examples'), join(shell.directory, 'examples'));
  installPackages(shell.directory);
  return shell;
}

/** Times differ from run to run, and digests change with every key that the language gains. */
function settled(text: string): string {
  return text.replaceAll(/digest [0-9a-f]{12}/g, 'digest …').replaceAll(/^ *\+\d+\.\d{3} s/gm, '+… s');
}

describe('the guides', () => {
  it('write out workflows and show commands', () => {
    expect(guides.flatMap(({ files }) => files).length).toBeGreaterThan(0);
    expect(guides.flatMap(({ commands }) => commands).length).toBeGreaterThan(0);
  });

  const workflows = guides.flatMap((guide) =>
    guide.files.filter(({ text }) => /^workflow:$/m.test(text)).map(({ name }) => ({ guide, path: guide.path, name })),
  );
  it.each(workflows)('$path writes out $name without an error', async ({ guide, name }) => {
    using shell = openGuide(guide);

    const { exitCode, out } = await shell.skein('validate', name);

    expect(`${exitCode} ${out}`).toMatch(/^0 /);
  });

  it.each(guides.filter(({ commands }) => commands.length > 0))(
    '$path shows what its commands print',
    async (guide) => {
      using shell = openGuide(guide);

      for (const { args, shown } of guide.commands) {
        const { out, err } = await shell.skein(...args);
        expect(asShown(settled(shown), settled(out)), `${args.join(' ')}\n${err}`).toBe(settled(shown));
      }
    },
  );
});

describe('asShown', () => {
  const output = 'one\ntwo\nthree\nfour\n';

  it.each([['one\ntwo\nthree\nfour\n'], ['one\n…\nthree\n…\n'], ['…\ntwo\n…\nfour\n'], ['…\n']])(
    'takes %j for a part of the output',
    (shown) => {
      expect(asShown(shown, output)).toBe(shown);
    },
  );

  it.each([['one\ntwo\n'], ['two\n…\n'], ['…\nthree\n…\ntwo\n…\n'], ['one\n…\nthree\n'], ['one\n…\nfive\n…\n']])(
    'takes %j for wrong',
    (shown) => {
      expect(asShown(shown, output)).toBe(output);
    },
  );
});
