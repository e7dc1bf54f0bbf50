import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const worker = (id: string, ...depends_on: readonly string[]) => ({ id, agent: 'worker', depends_on });

describe('an unknown dependency', () => {
  it.each([
    { where: 'its own region', tasks: [worker('build'), worker('a', 'biuld')] },
    { where: 'another region', tasks: [{ id: 'box', group: { tasks: [worker('build')] } }, worker('a', 'biuld')] },
  ])('is compared with the tasks of $where', ({ tasks }) => {
    expect(withCode(findingsOn({ tasks }), 'VAL202')).toMatchObject([{ hint: 'did you mean `build`?' }]);
  });

  it('is compared with its own region first', () => {
    const tasks = [{ id: 'box', group: { tasks: [worker('buildx')] } }, worker('buildy'), worker('a', 'build')];

    expect(withCode(findingsOn({ tasks }), 'VAL202')).toMatchObject([{ hint: 'did you mean `buildy`?' }]);
  });
});
