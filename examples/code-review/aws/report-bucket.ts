import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';

/** Keeps a file under a key and answers its URL. */
export type KeepFile = (key: string, body: Buffer) => Promise<string>;

/** The bucket that the stack names; undefined where there is none. */
export function reportBucket(environment: NodeJS.ProcessEnv): KeepFile | undefined {
  const { REPORT_BUCKET: bucket, AWS_ENDPOINT_URL: endpoint } = environment;
  if (bucket === undefined) return undefined;
  // Emulators on 127.0.0.1 have no host for each bucket.
  const client = new S3Client({ forcePathStyle: endpoint !== undefined });
  return async (key, body) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    return `s3://${bucket}/${key}`;
  };
}

const input = z.looseObject({ report: z.string() });
const answer = z.looseObject({ report: z.string(), sarif: z.string() });

/**
 * A function's own disk goes with it, so a report for a relative path is kept elsewhere, under that path and the execution's id.
 * A repeated attempt writes the same bytes again.
 */
export function keptReport(synthesis: AgentFunction, keep: KeepFile | undefined): AgentFunction {
  return async (task, context) => {
    const { report } = input.parse(task.input);
    if (keep === undefined || isAbsolute(report)) return synthesis(task, context);
    const folder = join(tmpdir(), context.execution);
    // `input` and `answer` have read them: both are objects.
    const given = { ...Object(task.input), report: folder } as typeof task.input;
    const written = await synthesis({ ...task, input: given }, context);
    const paths = answer.parse(written);
    const kept = async (path: string): Promise<string> =>
      keep(`${report}/${context.execution}/${basename(path)}`, await readFile(path));
    const places = { report: await kept(paths.report), sarif: await kept(paths.sarif) };
    return { ...Object(written), ...places } as typeof written;
  };
}
