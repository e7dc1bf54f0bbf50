import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findProblems, scoreOf } from '../../examples/draft-and-revise/text/find-problems.ts';
import { mend } from '../../examples/draft-and-revise/text/mend.ts';
import { openShell } from '../makers/shell.ts';
import { plantFolder } from './planted-folder.ts';

const workflow = fileURLToPath(new URL('../../examples/draft-and-revise/draft-and-revise.yaml', import.meta.url));

/** Runs it as a user would, into a folder of its own, and gives what it has printed and written. */
async function run(inputs: Readonly<Record<string, string>> = {}) {
  using shell = openShell();
  const folder = plantFolder({});
  const given = Object.entries({ folder, ...inputs }).flatMap(([key, value]) => ['--input', `${key}=${value}`]);
  const { exitCode, out } = await shell.skein('run', workflow, '--database', ':memory:', '--json', ...given);
  return { exitCode, out, text: readFileSync(join(folder, 'text.md'), 'utf8') };
}

describe('draft-and-revise', () => {
  it('is valid, and nothing is advised', async () => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein('validate', workflow);

    expect({ exitCode, lines: out.trim().split('\n').length }).toEqual({ exitCode: 0, lines: 1 });
  });

  it('ends its loop when the text is good enough', async () => {
    const { exitCode, out, text } = await run();

    expect(exitCode).toBe(0);
    expect(out).toContain('refine[3]/assess');
    expect(out).not.toContain('refine[4]');
    expect(text).toContain('Many people asked whether anything was lost');
    expect(text).toContain('Score 0.875');
  });

  it('ends its loop when a round has not made it better', async () => {
    const { exitCode, out } = await run({ target: '0.95' });

    expect(exitCode).toBe(0);
    expect(out).toContain('refine[4]/assess');
  });

  it('needs one round for a text that has nothing wrong', async () => {
    const folder = plantFolder({ 'notes.md': '# Short\n\n- we sleep at night\n' });

    const { exitCode, out, text } = await run({ notes: join(folder, 'notes.md') });

    expect({ exitCode, text }).toEqual({ exitCode: 0, text: '# Short\n\nWe sleep at night.\n' });
    expect(out).not.toContain('refine[1]');
  });
});

describe('mend', () => {
  it.each([
    ['repeated word', 'The the end came.', 'The end came.'],
    ['wordy phrase', 'In order to win, we ran.', 'To win, we ran.'],
    ['filler', 'It was really late.', 'It was late.'],
    [
      'long sentence',
      'We read all the pages of the year that had just ended in the archive, and we counted every one of them by its cause twice.',
      'We read all the pages of the year that had just ended in the archive. We counted every one of them by its cause twice.',
    ],
  ])('mends a %s', (kind, before, after) => {
    const problems = findProblems(before);

    expect(problems.map((problem) => problem.kind)).toContain(kind);
    expect(mend(before, problems).text).toBe(after);
  });

  it('leaves what only a person can turn', () => {
    const text = 'The page was wanted.';

    expect(mend(text, findProblems(text))).toEqual({ text, changes: [] });
  });
});

describe('scoreOf', () => {
  it('is 1 for a text without problems, less for one with some, never below 0', () => {
    const score = (text: string) => scoreOf(text, findProblems(text));

    expect(score('We sleep.')).toBe(1);
    expect(score('We really sleep. We work.')).toBe(0.75);
    expect(score('In order to really, very basically sleep at all of the the time.')).toBe(0);
  });
});
