// The agents of the code review as Lambda functions: each of these exports is a handler.
import { toLambda } from '../../../sdk/lambda/index.ts';
import complexityAgent from '../agents/complexity.ts';
import documentationAgent from '../agents/documentation.ts';
import inventoryAgent from '../agents/inventory.ts';
import lintAgent from '../agents/lint.ts';
import securityAgent from '../agents/security.ts';
import synthesisAgent from '../agents/synthesis.ts';
import { fromBundle } from './bundled-repository.ts';
import { keptReport, reportBucket } from './report-bucket.ts';

export const inventory = toLambda(fromBundle(inventoryAgent));
export const lint = toLambda(lintAgent);
export const security = toLambda(securityAgent);
export const complexity = toLambda(complexityAgent);
export const documentation = toLambda(documentationAgent);
export const synthesis = toLambda(keptReport(synthesisAgent, reportBucket(process.env)));
