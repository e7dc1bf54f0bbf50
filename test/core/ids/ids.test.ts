import { describe, expect, it } from 'vitest';
import {
  itemPath,
  iterationOf,
  memberPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  taskPath,
} from '../../../core/ids/index.ts';

/** Path, the id its author wrote, the region it stands in, and the item that it is. */
const places = [
  ['lint', 'lint', '', undefined],
  ['scan[7]', 'scan', '', { container: 'scan', index: 7 }],
  ['scan[120]', 'scan', '', { container: 'scan', index: 120 }],
  ['checks/lint', 'lint', 'checks', undefined],
  ['refine[2]/scan', 'scan', 'refine[2]', undefined],
  ['refine[2]/scan[7]', 'scan', 'refine[2]', { container: 'refine[2]/scan', index: 7 }],
  ['outer/inner[0]/scan', 'scan', 'outer/inner[0]', undefined],
] as const;

describe('a task path', () => {
  it.each(places)('%s is of the task that its author called %s', (path, id) => {
    expect(taskIdOf(taskPath(path))).toBe(id);
  });

  it.each(places)('%s stands in the region of its container: %s → %s', (path, _id, region) => {
    expect(regionOf(taskPath(path))).toBe(region);
  });

  it.each(places)('%s knows whether it is an item, and which', (path, _id, _region, item) => {
    expect(parseItemPath(taskPath(path))).toEqual(item);
  });

  it.each(places)('%s is made from its region, its id and its index again', (path, id, region, item) => {
    const task = memberPath(region, id);

    expect(item ? itemPath(task, item.index) : task).toBe(path);
  });

  it.each(['', 'scan[]', 'scan[x]', 'scan[1', 'scan1]', 'scan[-1]', 'scan[1]x'])('%j is no item', (path) => {
    expect(parseItemPath(taskPath(path))).toBeUndefined();
  });
});

describe('parseRegion', () => {
  it.each([
    ['', undefined],
    ['checks', { container: 'checks' }],
    ['refine[2]', { container: 'refine', round: 2 }],
    ['outer/inner[10]', { container: 'outer/inner', round: 10 }],
    ['refine[0]/checks', { container: 'refine[0]/checks' }],
  ])('says of %j whose it is, and of which iteration', (region, expected) => {
    expect(parseRegion(region)).toEqual(expected);
  });

  it('reads what iterationOf has written', () => {
    const loop = taskPath('outer[1]/refine');

    expect(parseRegion(iterationOf(loop, 3))).toEqual({ container: loop, round: 3 });
  });
});
