import { z } from 'zod';
import { agent } from '../../../sdk/agent/index.ts';

/** Counts the words of a text. Run by Skein on a laptop as it stands, and in AWS by ../handler.ts. */
export default agent({
  input: z.object({ text: z.string() }),
  output: z.object({ words: z.int() }),
  handler: ({ text }) => ({ words: text.split(/\s+/).filter((word) => word !== '').length }),
});
