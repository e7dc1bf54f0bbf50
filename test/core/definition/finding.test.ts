import { describe, expect, it } from 'vitest';
import { parseDefinition, placeFindings, type Finding } from '../../../core/definition/index.ts';

const text = 'workflow: { name: w, version: "1", tasks: [{ id: a }, { id: b }] }';
const { source } = parseDefinition({ name: 'a.yaml', text }).definition!;
const at = (column: number, endColumn: number) => ({ line: 1, column, endLine: 1, endColumn });

const unknown: Finding = { code: 'VAL202', message: 'It is unknown.', path: ['workflow', 'tasks', 1, 'id'] };
const placed = (finding: Partial<Finding>) => placeFindings(source, [[{ ...unknown, ...finding }]])[0];

describe('placeFindings', () => {
  it('adds the severity of the code and the place of the path', () => {
    expect(placed({})).toStrictEqual({
      code: 'VAL202',
      severity: 'error',
      message: 'It is unknown.',
      path: 'workflow.tasks[1].id',
      range: at(61, 62),
    });
  });

  it('keeps a severity, a hint and a range of its own', () => {
    const own = { severity: 'advice', hint: 'think again', range: at(1, 2) } as const;

    expect(placed(own)).toMatchObject(own);
    expect(placed({ hint: undefined })).not.toHaveProperty('hint');
  });

  it.each<[what: string, finding: Partial<Finding>, column: number, endColumn: number]>([
    ['the key where that is wrong', { part: 'key' }, 57, 59],
    ['a piece of the value', { path: ['workflow', 'version'], piece: { offset: 0, length: 1 } }, 32, 33],
    ['what is around a path that is not there', { path: ['workflow', 'tasks', 0, 'agent'] }, 44, 53],
  ])('shows %s', (_what, finding, column, endColumn) => {
    expect(placed(finding)?.range).toEqual(at(column, endColumn));
  });

  it('shows no place for what is nowhere in the text', () => {
    expect(placed({ path: ['else'] })).not.toHaveProperty('range');
    expect(placed({ path: ['else'], piece: { offset: 0, length: 1 } })).not.toHaveProperty('range');
  });

  it('places what is related, too', () => {
    const related = [
      { message: 'the first', path: ['workflow', 'tasks', 0, 'id'] },
      { message: 'elsewhere', path: ['else'] },
    ];

    expect(placed({ related })?.related).toStrictEqual([
      { message: 'the first', path: 'workflow.tasks[0].id', range: at(50, 51) },
      { message: 'elsewhere', path: 'else' },
    ]);
    expect(placed({ related: [] })).not.toHaveProperty('related');
  });

  it('sorts the findings of all streams, and asks for no more of a stream than it shows', () => {
    let asked = 0;
    function* endless(): Generator<Finding> {
      for (;;) {
        asked += 1;
        yield unknown;
      }
    }

    const found = placeFindings(source, [endless(), [{ ...unknown, code: 'VAL201', path: ['workflow', 'name'] }], []]);

    expect(asked).toBe(201);
    expect(found.slice(0, 3).map(({ code }) => code)).toEqual(['DEF199', 'VAL201', 'VAL202']);
    expect(found).toHaveLength(202);
  });
});
