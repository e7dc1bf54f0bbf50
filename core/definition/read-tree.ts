import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Json } from '../json/index.ts';
import type { Path } from './definition.ts';
import type { Finding } from './finding.ts';
import { keyText } from './source-text.ts';

/** Keys that lead to JavaScript's own objects wherever a later hand forgets to look. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** The composed document as JSON, and what in it JSON cannot carry. The document is at most 64 levels deep. */
export function readTree(root: Node): { value: Json; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  return { value: readNode(root, [], findings), findings };
}

function readNode(node: Node | null, path: Path, findings: Finding[]): Json {
  if (isMap(node)) return readMap(node, path, findings);
  if (isSeq(node)) return node.items.map((item, index) => readNode(item as Node | null, [...path, index], findings));
  return isScalar(node) ? readScalar(node.value, path, findings) : null;
}

function readMap(map: YAMLMap, path: Path, findings: Finding[]): Json {
  const members = new Map<string, Json>();
  for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
    const name = keyText(key);
    if (name === undefined) {
      findings.push({ code: 'DEF108', message: 'A list or a mapping cannot be a key.', path });
      continue;
    }
    const at = { path: [...path, name], part: 'key' } as const;
    if (forbiddenKeys.has(name))
      findings.push({ code: 'DEF108', message: `\`${name}\` is not allowed as a key.`, ...at });
    else if (members.has(name))
      findings.push({ code: 'DEF107', message: `The key \`${name}\` stands here twice.`, ...at });
    else members.set(name, readNode(value, at.path, findings));
  }
  return Object.fromEntries(members);
}

function readScalar(value: unknown, path: Path, findings: Finding[]): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    findings.push({
      code: 'DEF109',
      message: 'JSON cannot carry this number exactly.',
      path,
      hint: 'put it in quotes',
    });
  }
  return value;
}
