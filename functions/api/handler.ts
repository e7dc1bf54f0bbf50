import { handle } from 'hono/aws-lambda';
import type { Context } from 'aws-lambda';
import { environmentOf, lambdaApi } from '../compose.ts';
import { observed } from '../observed.ts';

const { app, background } = lambdaApi(environmentOf('api'));
// Everything that we answer is text; what is taken for binary goes out as base64.
// eslint-disable-next-line @typescript-eslint/no-deprecated -- the package that takes its place comes with hono 5
const answer = handle(app, { isContentTypeBinary: () => false });

/** The REST API. */
export const handler = observed(
  (event: Parameters<typeof answer>[0], context: Context) => answer(event, { ...context }),
  { background },
);
