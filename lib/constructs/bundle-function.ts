import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, transformSync, type Metafile, type OutputFile } from 'esbuild';

export interface BundledFile {
  /** Within the function's code. */
  readonly path: string;
  readonly text: string;
  /** False: loaded only by who asks for it. */
  readonly isStart: boolean;
}

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const entry = 'index.mjs';
const bundled = new Map<string, readonly BundledFile[]>();

/**
 * The code of a folder of `functions/`: `index.mjs` with what every start needs, and beside it what only some invocation loads. esbuild
 * is called in this process: as a program of its own, as CDK's NodejsFunction starts it, it takes ten times as long.
 */
export function bundleFunction(folder: string): readonly BundledFile[] {
  const known = bundled.get(folder);
  if (known) return known;
  const made = bundle(`functions/${folder}/handler.ts`);
  bundled.set(folder, made);
  return made;
}

const common = { absWorkingDir: checkout, bundle: true, platform: 'node', target: 'node24', write: false } as const;

function bundle(handler: string): readonly BundledFile[] {
  const { outputFiles, metafile } = buildSync({
    ...common,
    entryPoints: { index: handler },
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    // What the SDK imports late (credentials from files, SSO, web identity: never in Lambda) are files of their own.
    splitting: true,
    // Names and lines are kept for `lean`, which takes them away.
    minifySyntax: true,
    // Packages in their modern form, of which esbuild leaves out what nobody calls. The SDK comes along: that of the Lambda
    // runtime changes with the runtime, ours with the lockfile.
    mainFields: ['module', 'main'],
    // The one package that gives Node its CommonJS form first, whole.
    alias: { yaml: join(checkout, 'node_modules/yaml/browser/dist/index.js') },
    metafile: true,
    logLevel: 'error',
  });
  const start = loadedAtStart(metafile);
  const files = outputFiles.map(({ path, text }: OutputFile) => ({
    path: basename(path),
    text: lean(text),
    isStart: start.has(basename(path)),
  }));
  return usesLibraries(metafile) ? [...files, ...libraries()] : files;
}

/** What the entry imports, and what that imports. */
function loadedAtStart({ outputs }: Metafile): ReadonlySet<string> {
  const loaded = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const { path, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) open.push(path);
  }
  return loaded;
}

// X-Ray's SDK is CommonJS and asks for Node's own modules by `require`, which ES modules lack.
const banner =
  "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);";

/**
 * Minified, without what esbuild cannot know to be dead. The SDK's schemas of all its commands have keys like `[_h]`, and reading a
 * name could do something; its packages hand out their whole manifest, of which the version alone is read. Both are constants. Where a
 * new SDK writes them otherwise, nothing is replaced and the bundle is larger: test/lib/bundles.test.ts notices.
 */
function lean(text: string): string {
  const constants = new Map(Array.from(text.matchAll(CONSTANT), ([, name = '', value = '']) => [name, value]));
  const versions = new Map(Array.from(text.matchAll(MANIFEST), ([, name = '', version = '']) => [name, version]));
  const plain = text
    .replaceAll(COMPUTED_KEY, (key, name: string) => (constants.has(name) ? `${constants.get(name)}:` : key))
    .replaceAll(READ_VERSION, (read, name: string) => versions.get(name) ?? read);
  return transformSync(plain, { format: 'esm', target: 'node24', minify: true, treeShaking: true, banner }).code;
}

/** `var _h = "http"`, alone or in a list; names that begin like this are the SDK's. */
const CONSTANT = /(?:^var |^const |, |^ {2})(_\w+) = ("[^"\\\n]*")(?=[,;])/gm;
const COMPUTED_KEY = /(?<=[{,]\s*)\[(_\w+)\]:/g;
/** `var package_default = { …, version: "3.1.0", … }` */
const MANIFEST = /^var (package_default\d*) = \{\n[^]*?^ {2}version: ("[^"]*")/gm;
const READ_VERSION = /\b(package_default\d*)\.version\b/g;

/** What core/schemas loads late, where `require` finds it. */
const late = { re2js: 'node_modules/re2js/index.js', 'ajv/dist/2020.js': 'node_modules/ajv/dist/2020.js' } as const;

function usesLibraries({ outputs }: Metafile): boolean {
  return Object.values(outputs).some(({ inputs }) => (inputs['core/schemas/libraries.ts']?.bytesInOutput ?? 0) > 0);
}

let madeLibraries: readonly BundledFile[] | undefined;

function libraries(): readonly BundledFile[] {
  madeLibraries ??= Object.entries(late).map(([library, path]) => {
    const [file] = buildSync({ ...common, entryPoints: [library], format: 'cjs', minify: true }).outputFiles;
    return { path, text: file?.text ?? '', isStart: false };
  });
  return madeLibraries;
}
