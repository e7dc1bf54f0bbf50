/** A place taken apart: `sub>refine[2]/scan[7]` is call 7 of `scan`, whose siblings stand at `sub>refine[2]/`. */
export interface PlaceParts {
  readonly prefix: string;
  readonly id: string;
  /** Of an item or a call. */
  readonly index: number | undefined;
}

export function partsOfPlace(place: string): PlaceParts {
  const cut = Math.max(place.lastIndexOf('/'), place.lastIndexOf('>')) + 1;
  const [, id = '', index] = /^([^[]*)(?:\[(\d+)\])?$/.exec(place.slice(cut)) ?? [];
  return { prefix: place.slice(0, cut), id, index: index === undefined ? undefined : Number(index) };
}

/** The place of the container that an entry stands in; undefined in an execution's outermost region. */
export function containerOf(place: string): string | undefined {
  const { prefix, id, index } = partsOfPlace(place);
  if (index !== undefined) return prefix + id;
  return prefix.endsWith('/') ? prefix.slice(0, -1).replace(/\[\d+\]$/, '') : undefined;
}

/** The place of the task that has started the execution which an entry belongs to. */
export function executionOf(place: string): string {
  const { prefix } = partsOfPlace(place);
  return prefix.slice(0, Math.max(0, prefix.lastIndexOf('>')));
}

/** How ids of executions are written: `exec`, and `exec>sub` for the child that task `sub` has started. */
export const executionName = (place: string): string => (place === '' ? 'exec' : `exec>${place}`);
