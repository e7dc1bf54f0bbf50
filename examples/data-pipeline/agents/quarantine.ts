import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { columns, formatCsv, partSchema, resolvePath } from '../orders/index.ts';

const input = z.object({ parts: z.array(partSchema), folder: z.string() });

/** Writes the bad rows, untouched and with what is wrong with them, for the people who can correct them. */
const quarantine: AgentFunction = async (task, context) => {
  const { parts, folder } = input.parse(task.input);
  const bad = parts.flatMap((part) => part.bad).sort((a, b) => a.line - b.line);
  const path = join(resolvePath(folder), 'quarantine.csv');
  await mkdir(resolvePath(folder), { recursive: true });
  const rows = bad.map(({ line, problems, fields }) => [line, problems.join('; '), ...fields]);
  await writeFile(path, formatCsv([['line', 'problems', ...columns], ...rows]));
  context.log(`${bad.length} rows to ${path}`);
  return { path, rows: bad.length };
};

export default quarantine;
