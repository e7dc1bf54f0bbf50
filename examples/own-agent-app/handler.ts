import { toLambda } from '../../sdk/lambda/index.ts';
import countWords from './agents/count-words.ts';

export const handler = toLambda(countWords);
