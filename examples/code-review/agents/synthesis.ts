import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { analysisSchema, areas } from '../findings/index.ts';
import { mergeReview, renderMarkdown, renderSarif } from '../report/index.ts';
import { inventorySchema, resolvePath } from '../repository/index.ts';

const input = z.object({
  inventory: inventorySchema,
  report: z.string(),
  /** Null for an analyser that was skipped or failed: the report is written all the same, and says so. */
  analyses: z.record(z.enum(areas), analysisSchema.nullable()),
  statuses: z.record(z.enum(areas), z.string()),
});

/** Merges what the analysers found, grades it, and writes the report for people and the one for tools. */
const synthesis: AgentFunction = async (task, context) => {
  const { inventory, report, analyses, statuses } = input.parse(task.input);
  const folder = resolvePath(report);
  const review = mergeReview(inventory, analyses, statuses);
  const paths = { report: join(folder, 'review.md'), sarif: join(folder, 'review.sarif') };
  await mkdir(folder, { recursive: true });
  await writeFile(paths.report, renderMarkdown(review, folder));
  await writeFile(paths.sarif, renderSarif(review));
  context.log(`written to ${paths.report}`);
  return {
    ...paths,
    grade: review.grade?.letter ?? null,
    score: review.grade?.score ?? null,
    findings: review.counts,
  };
};

export default synthesis;
