import { dirname, join } from 'node:path/posix';
import { impureOnlyIn, mayImport, outsideTheHouse, packagesOnlyIn, programs, rootFiles } from './house-plan.ts';
import type { ImportFact, ModuleFacts } from './module-facts.ts';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** The row of the import table that a file belongs to; the longest that fits. */
export function roomOf(path: string): string | undefined {
  return Object.keys(mayImport)
    .filter((room) => isBelow(path, room))
    .sort((a, b) => b.length - a.length)[0];
}

const isRelative = ({ specifier }: ImportFact): boolean => specifier.startsWith('.');

function edgesOf(facts: ModuleFacts): Edge[] {
  return facts.imports
    .filter(isRelative)
    .map(({ specifier, line }) => ({ from: facts.path, to: join(dirname(facts.path), specifier), line }));
}

const at = ({ from, line }: Edge): string => `${from}:${line}`;

/** Every file stands in a room that the table knows. */
export function strayFiles(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter(({ path }) => !isBelow(path, 'test') && !rootFiles.includes(path) && !roomOf(path))
    .map(({ path }) => `${path}: its room is not in the import table`);
}

/** A room imports only the rooms of its row. */
export function forbiddenRooms(modules: readonly ModuleFacts[]): string[] {
  return modules.flatMap(edgesOf).flatMap((edge) => {
    const from = roomOf(edge.from);
    const to = roomOf(edge.to);
    if (!from || from === to) return [];
    if (mayImport[from]?.includes(to ?? edge.to)) return [];
    return [`${at(edge)}: ${from} may not import ${to ?? edge.to}`];
  });
}

/**
 * A room is entered by its index.ts. Rooms may have rooms inside: then the outermost one that holds the target and not
 * the importer counts. A test may look inside the room that it mirrors.
 */
export function passedDoors(modules: readonly ModuleFacts[]): string[] {
  const doors = modules.map(({ path }) => path).filter((path) => path.endsWith('/index.ts'));
  const rooms = doors.map((door) => dirname(door)).sort((a, b) => a.length - b.length);
  return modules.flatMap(edgesOf).flatMap((edge) => {
    const stands = isBelow(edge.from, 'test') ? dirname(edge.from).replace(/^test\//, '') : edge.from;
    const entered = rooms.find((room) => isBelow(edge.to, room) && !isBelow(stands, room));
    if (!entered || edge.to === `${entered}/index.ts` || programs.includes(edge.to)) return [];
    return [`${at(edge)}: imports ${edge.to} past the door ${entered}/index.ts`];
  });
}

/** Cycles among files, each printed once, type imports included: a type that goes round says two rooms are one. */
export function cycles(modules: readonly ModuleFacts[]): string[] {
  const targets = new Map(modules.map((facts) => [facts.path, edgesOf(facts).map(({ to }) => to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

const isHouse = ({ path }: ModuleFacts): boolean =>
  !rootFiles.includes(path) && !outsideTheHouse.some((folder) => isBelow(path, folder));

/** Packages stay in the rooms that know them. */
export function strayPackages(modules: readonly ModuleFacts[]): string[] {
  return modules.filter(isHouse).flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      const rule = Object.entries(packagesOnlyIn).find(([pattern]) => matches(pattern, specifier));
      if (!rule || rule[1].some((place) => isBelow(path, place))) return [];
      return [`${path}:${line}: ${specifier} belongs in ${rule[1].join(', ')}`];
    }),
  );
}

/** Time, chance, environment, timers and network come in only where the plan says. */
export function impurities(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter(isHouse)
    .flatMap(({ path, impureUses }) =>
      impureUses
        .filter(({ kind }) => !impureOnlyIn[kind].some((place) => isBelow(path, place)))
        .map(
          ({ kind, what, line }) => `${path}:${line}: ${what} (${kind}) belongs in ${impureOnlyIn[kind].join(', ')}`,
        ),
    );
}
