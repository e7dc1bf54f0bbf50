import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import type { Finding } from '../findings/index.ts';
import type { SourceFile } from '../repository/index.ts';
import { ruleConfig, ruleSeverity } from './javascript-rules.ts';

export type ScriptCheck = (file: SourceFile, text: string) => Promise<Finding[]>;

/** Works on text alone: ESLint loads no configuration, no plugin and no parser of the repository. */
export function createScriptCheck(): ScriptCheck {
  const types = ['module', 'commonjs', 'script'] as const;
  const linters = new Map(types.map((type) => [type, createLinter(type)]));
  return async (file, text) => {
    const extension = /\.[mc]?[jt]sx?$/.exec(file.path)?.[0] ?? '.js';
    const linter = linters.get(sourceTypeOf(extension, text));
    // The name says only which grammar applies: the real path could be one that ESLint ignores.
    const results = (await linter?.lintText(text, { filePath: `file${extension}` })) ?? [];
    const meta = linter?.getRulesMetaForResults(results) ?? {};
    return results.flatMap(({ messages }) =>
      messages.flatMap((message) => findingOf(file, message, meta[message.ruleId ?? '']?.docs?.description)),
    );
  };
}

/** Flow's annotations are a language of their own, which the TypeScript parser would call mistakes. */
export function isFlow(text: string): boolean {
  return /^\s*(\/\*|\/\/)[^]{0,400}?@flow\b/.test(text);
}

function createLinter(sourceType: 'module' | 'commonjs' | 'script'): ESLint {
  const config: Linter.Config = {
    // One pattern for each: ESLint does not count `**/*` as a wish to lint a file.
    files: ['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts'].map((extension) => `**/*.${extension}`),
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: ruleConfig,
    languageOptions: {
      parser: tseslint.parser,
      sourceType,
      // In CommonJS the names at the top belong to the file; the parser has to be told.
      parserOptions: { ecmaFeatures: { jsx: true, globalReturn: sourceType === 'commonjs' } },
    },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
  };
  return new ESLint({ cwd: import.meta.dirname, overrideConfigFile: true, overrideConfig: config, ignore: false });
}

/** In a plain script, names at the top belong to every other script on the page: none of them is unused. */
function sourceTypeOf(extension: string, text: string): 'module' | 'commonjs' | 'script' {
  if (/c[jt]s$/.test(extension)) return 'commonjs';
  if (/(m[jt]s|tsx?)$/.test(extension) || /^\s*(import|export)\b/m.test(text)) return 'module';
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports\./.test(text) ? 'commonjs' : 'script';
}

function findingOf(file: SourceFile, message: Linter.LintMessage, description = ''): Finding[] {
  const at = { path: file.path, line: Math.max(message.line, 1) };
  if (message.fatal) {
    // A place means that the parser understood why it stopped. Without one it gave up, and the file may be in order.
    if (!Number.isInteger(message.line)) throw new Error(message.message);
    const explanation = 'A file that cannot be parsed cannot be built, run or reviewed.';
    const severity = file.role === 'test' ? 'low' : 'high';
    return [{ ...at, rule: 'syntax-error', severity, message: message.message, explanation }];
  }
  // Comments of the file may switch on rules of other plugins, which are not ours to judge.
  const usual = ruleSeverity.get(message.ruleId ?? '');
  if (
    message.ruleId === null ||
    usual === undefined ||
    /^Definition for rule|only used as a type/.test(message.message)
  )
    return [];
  const severity = usual === 'low' && file.role === 'test' ? 'info' : usual;
  const said = message.message.replace(/ Allowed unused vars must match .*$/, '');
  return [{ ...at, rule: message.ruleId, severity, message: said, explanation: `ESLint: ${description}.` }];
}
