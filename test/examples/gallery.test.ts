import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../core/definition/index.ts';
import { validate } from '../../core/validation/index.ts';
import { exampleWorkflows, type ExampleWorkflow } from '../makers/example-workflows.ts';
import { runGallery } from './run-gallery.ts';

const gallery = fileURLToPath(new URL('../../examples/gallery', import.meta.url));
const workflows = exampleWorkflows('gallery');
const folders = new Set(workflows.map(({ name }) => dirname(name)));

const named = workflows.map((workflow) => [workflow.name, workflow] as const);

describe('the gallery', () => {
  it.each(named)('%s is right, and all that is said of it is what this version does not execute', (name, workflow) => {
    const { definition, diagnostics } = parseDefinition({ name, text: workflow.text });

    const checked = validate(definition!, {
      catalogue: workflow.catalogue,
      forRun: false,
      workflows: { find: (child) => knownAs(workflow.siblings().find(({ document }) => document.name === child)) },
    });

    expect(diagnostics).toEqual([]);
    expect(checked.diagnostics.filter(({ code }) => code !== 'VAL218')).toEqual([]);
    expect(checked.valid).toBeDefined();
  });

  it.each(named)('%s is called like its file, and tells editors what the language is', (name, { text, document }) => {
    expect(name.split('/')[1]).toBe(document.name);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../../docs/workflow.schema.json');
  });

  it('has no agent type that nobody uses', () => {
    for (const folder of folders) {
      const inFolder = workflows.filter(({ name }) => dirname(name) === folder);
      const used = new Set(inFolder.flatMap(({ document }) => Object.values(document.agents).map(({ type }) => type)));
      expect([...inFolder[0]!.catalogue.keys()].filter((type) => !used.has(type))).toEqual([]);
    }
  });

  it('tells of each workflow where it comes from', () => {
    const readme = readFileSync(join(gallery, 'README.md'), 'utf8');

    for (const { name } of workflows) expect(readme).toContain(`](${name}.yaml)`);
  });

  it.each(named)('%s comes to an end whatever its agents answer, and leaves no task out', async (_name, workflow) => {
    const { endings, leftOut } = await runGallery(workflow);

    const ends = ['succeeded', 'LoopExhausted', 'ChildFailed', 'Rejected'];
    for (const ending of endings) expect(ends).toContain(ending);
    expect(endings).toContain('succeeded');
    expect(leftOut).toEqual([]);
  });
});

function knownAs(workflow: ExampleWorkflow | undefined) {
  if (!workflow) return undefined;
  const { name, version, input } = workflow.document;
  return { name, version, ...(input && { input }), calls: [] };
}
