import { basename } from 'node:path/posix';
import { isBelow } from './import-rules.ts';
import { mayImport, rootFiles } from './house-plan.ts';
import type { ModuleFacts } from './module-facts.ts';

/** Lines. The norms are held as shares: a few files may need more, most may not. */
export const sizes = { file: 400, testFile: 600, function: 60, fileNorm: 250, functionNorm: 40, doorComment: 6 };

const inTests = ({ path }: ModuleFacts): boolean => isBelow(path, 'test');
const isDoor = ({ path }: ModuleFacts): boolean => basename(path) === 'index.ts';

export function oversizedFiles(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter((facts) => facts.lines > (inTests(facts) ? sizes.testFile : sizes.file))
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

/** Callbacks of `describe` are chapters, not functions: tests are held by their files' size alone. */
export function oversizedFunctions(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter((facts) => !inTests(facts))
    .flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > sizes.function)
        .map(({ name, line, lines }) => `${path}:${line}: ${name} has ${lines} lines`),
    );
}

/** The share of the house's functions that are longer than the norm, 0 to 1. */
export function shareOfLongFunctions(modules: readonly ModuleFacts[]): number {
  const all = modules.filter((facts) => !inTests(facts)).flatMap(({ functions }) => functions);
  return all.filter(({ lines }) => lines > sizes.functionNorm).length / Math.max(all.length, 1);
}

/** The share of the house's files that are longer than the norm, 0 to 1. */
export function shareOfLongFiles(modules: readonly ModuleFacts[]): number {
  const all = modules.filter((facts) => !inTests(facts));
  return all.filter(({ lines }) => lines > sizes.fileNorm).length / Math.max(all.length, 1);
}

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.contract|(\.deploy)?\.config)?\.tsx?$/;
/** Drawers: what has no name has no home. */
const drawers = /^(utils?|helpers?|common|misc|types)(\.test)?\.tsx?$/;
const drawerFolders = /(^|\/)(utils?|helpers?|common|misc)\//;

export function badNames(modules: readonly ModuleFacts[]): string[] {
  return modules.flatMap(({ path }) => {
    const name = basename(path);
    if (drawers.test(name) || drawerFolders.test(path)) return [`${path}: a drawer has no name`];
    return kebabCase.test(name) ? [] : [`${path}: not in kebab-case`];
  });
}

export function exportsOfEverything(modules: readonly ModuleFacts[]): string[] {
  return modules.flatMap(({ path, exportAll }) =>
    exportAll.map((line) => `${path}:${line}: export * hides what is given`),
  );
}

/** Rooms that are visited or started, not imported. */
const visited = ['examples', 'bench', 'docs', 'functions', 'bin'];

/** Every row of the import table that exists has a door. */
export function missingDoors(modules: readonly ModuleFacts[]): string[] {
  const paths = new Set(modules.map(({ path }) => path));
  return Object.keys(mayImport)
    .filter((room) => !visited.includes(room))
    .filter((room) => modules.some(({ path }) => isBelow(path, room)) && !paths.has(`${room}/index.ts`))
    .map((room) => `${room}: no index.ts`);
}

export function speechlessDoors(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter((facts) => isDoor(facts) && !inTests(facts))
    .filter(({ headerLines }) => headerLines < 1 || headerLines > sizes.doorComment)
    .map(({ path, headerLines }) => `${path}: opens with ${headerLines} comment lines, not 1 to ${sizes.doorComment}`);
}

/** A door only passes on what its room declares. */
export function busyDoors(modules: readonly ModuleFacts[]): string[] {
  return modules
    .filter((facts) => isDoor(facts) && !inTests(facts))
    .filter(
      ({ functions, imports }) => functions.length > 0 || imports.some(({ specifier }) => !specifier.startsWith('./')),
    )
    .map(({ path }) => `${path}: a door holds no code and passes on no other room's exports`);
}

export function looseRootFiles(modules: readonly ModuleFacts[]): string[] {
  return modules.map(({ path }) => path).filter((path) => !path.includes('/') && !rootFiles.includes(path));
}
