import { describe, expect, it } from 'vitest';
import { errorTable } from '../../core/errors/index.ts';
import { eventTable } from '../../core/execution/index.ts';
import { errorsPage } from '../../docs/errors-page.ts';
import { eventsPage } from '../../docs/events-page.ts';
import { markdownTable } from '../../docs/markdown-table.ts';

describe('errorsPage', () => {
  it('has every name once, those of tasks before those of requests', () => {
    const names = [...errorsPage().matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    expect(names.toSorted()).toEqual(Object.keys(errorTable).toSorted());
    expect(names.at(-1)).toBe('InvariantError');
    expect(errorsPage()).toContain('| `AttemptTimeout` | No answer within timeout. | yes | yes |\n');
  });
});

describe('eventsPage', () => {
  it('has every type once, and says which data may be absent', () => {
    const types = [...eventsPage().matchAll(/^## (\S+)$/gm)].map(([, type]) => type);

    expect(types).toEqual(Object.keys(eventTable));
    expect(eventsPage()).toContain('| `from` | always | The status before. |\n');
    expect(eventsPage()).toContain('| `task` | sometimes | The task whose failure stops it. |\n');
  });
});

describe('markdownTable', () => {
  it('lets no bar of a cell end the cell', () => {
    expect(markdownTable(['a', 'b'], [['x|y', 'z']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | z |\n');
  });
});
