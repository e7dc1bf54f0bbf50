import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { wholeRepository, type Finding, type Severity } from '../findings/index.ts';
import type { Inventory } from '../repository/index.ts';

export interface FrontMatter {
  readonly findings: readonly Finding[];
  /** Others are meant to import it, so its exports are read by strangers. */
  readonly isLibrary: boolean;
}

const manifestSchema = z.object({
  private: z.boolean().optional(),
  license: z.unknown().optional(),
  main: z.unknown().optional(),
  exports: z.unknown().optional(),
});

/** A section on it, a block of code, or a command within the text. */
const usage = [
  /^#{1,6}\s.*\b(usage|use|using|install|installation|installing|setup|set up|getting started|quick ?start|try it|run|running|build|example|how to)\b/im,
  /^\s*(```|~~~)/m,
  /`(npm|npx|yarn|pnpm|node|pip|pipx|uv|python3?|docker|git|cargo|go|brew|make|mvn|gradle|dotnet|composer|gem) /,
];

/** What a stranger looks for first: a README that says how to start, a licence, a changelog. */
export async function reviewFrontMatter(inventory: Inventory): Promise<FrontMatter> {
  const rootFiles = inventory.files.map((file) => file.path).filter((path) => !path.includes('/'));
  const hasManifest = rootFiles.includes('package.json');
  const manifest = hasManifest
    ? manifestSchema.safeParse(parseJson(await readText(inventory.root, 'package.json'))).data
    : undefined;
  const readme = rootFiles.find((path) => /^readme(\.|$)/i.test(path));
  const findings: Finding[] = [];
  if (readme === undefined) findings.push(missing('no-readme', 'medium', 'There is no README.'));
  else if (!(await showsUsage(inventory.root, readme))) findings.push(withoutUsage(readme));
  if (!rootFiles.some((path) => /^(licen[cs]e|copying)/i.test(path)) && !manifest?.license)
    findings.push(missing('no-license', 'low', 'There is no licence, neither as a file nor in package.json.'));
  if (!rootFiles.some((path) => /^(changelog|changes|history|news)(\.|$)/i.test(path)))
    findings.push(missing('no-changelog', 'info', 'There is no changelog.'));
  const isLibrary =
    manifest !== undefined && manifest.private !== true && (manifest.main ?? manifest.exports) !== undefined;
  return { findings, isLibrary };
}

const explanations = {
  'no-readme': 'Nobody can tell what this is, or how to start it. Ten lines are enough to begin with.',
  'no-license': 'Without a licence nobody else may use, change or pass on the code.',
  'no-changelog': 'Users want to know what an update changes before they install it.',
} as const;

function missing(rule: keyof typeof explanations, severity: Severity, message: string): Finding {
  return { rule, severity, path: wholeRepository, line: 1, message, explanation: explanations[rule] };
}

function withoutUsage(readme: string): Finding {
  const explanation = 'The first question of every reader is how to install and start it. Show the commands.';
  const message = 'It does not show how to use what is here: no section says so, and there is no block of code.';
  return { rule: 'readme-without-usage', severity: 'low', path: readme, line: 1, message, explanation };
}

async function showsUsage(root: string, readme: string): Promise<boolean> {
  const text = await readText(root, readme);
  return usage.some((sign) => sign.test(text));
}

async function readText(root: string, path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
