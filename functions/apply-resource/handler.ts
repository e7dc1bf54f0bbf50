import { environmentOf, resourceWorld, stackAnswers } from '../compose.ts';
import { observed } from '../observed.ts';
import { createReport } from '../powertools.ts';
import { answerStack } from './answer-stack.ts';
import { applyResource } from './apply-resource.ts';

const world = resourceWorld(environmentOf('apply-resource'));

/** CloudFormation's requests for agent types and workflows of other stacks. */
export const handler = observed(
  answerStack(stackAnswers(), createReport(), (request) => applyResource(world, request)),
);
