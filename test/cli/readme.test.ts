import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { openShell } from '../makers/shell.ts';

const readme = readFileSync(`${checkout}README.md`, 'utf8');

/** What the README shows below `$ skein <command>`. */
function shown(command: string): string {
  const block = [...readme.matchAll(/```\n\$ skein (.*)\n([^]*?)```/g)].find(([, said]) => said === command);
  return block?.[2] ?? '';
}

describe('README.md', () => {
  it('shows what init, plan and validate really print', async () => {
    using shell = openShell();

    const init = await shell.skein('init', 'hello');
    const plan = await shell.skein('plan', 'hello/workflow.yaml');
    const workflow = readFileSync(join(shell.directory, 'hello/workflow.yaml'), 'utf8');
    shell.write({ 'hello/workflow.yaml': workflow.replace('depends_on: [morning', 'depends_on: [mornin') });
    const validate = await shell.skein('validate', 'hello/workflow.yaml');

    expect(init.out).toBe(shown('init hello'));
    // The digest covers where the agents' modules are.
    const withoutDigest = (text: string): string => text.replace(/digest \w+/, 'digest …');
    expect(withoutDigest(plan.out)).toBe(withoutDigest(shown('plan hello/workflow.yaml')));
    expect(validate.out).toBe(shown('validate hello/workflow.yaml'));
  });

  it('names every verb that there is', async () => {
    using shell = openShell();

    const { out } = await shell.skein('--help');

    const verbs = [...out.matchAll(/^ {2}([a-z-]+) (\[|<)/gm)]
      .map(([, verb]) => verb ?? '')
      .filter((verb) => verb !== 'help');
    expect(verbs).toContain('validate');
    expect(verbs.filter((verb) => !readme.includes(`\`${verb}\``) && !readme.includes(`skein ${verb}`))).toEqual([]);
  });
});
