import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MutationSource } from '../makers/mutations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every definition of the examples, the golden cases and the documents that say every key; the right ones more often than the wrong ones. */
export function mutationSources(): readonly MutationSource[] {
  const right = sourcesIn(
    'examples/*/*.yaml',
    'cli/templates/*/*.yaml',
    'test/golden/compile/*/definition.yaml',
    'test/hostile/every-key/*.yaml',
  );
  return [...Array.from({ length: 5 }, () => right).flat(), ...sourcesIn('test/golden/diagnostics/*/definition.yaml')];
}

function sourcesIn(...patterns: readonly string[]): readonly MutationSource[] {
  return globSync(patterns, { cwd: root })
    .filter((path) => !path.endsWith('agents.yaml'))
    .sort()
    .map((path) => ({ name: path, text: readFileSync(root + path, 'utf8') }));
}
