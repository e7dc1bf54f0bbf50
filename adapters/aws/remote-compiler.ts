import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { InvalidRequestError, InvariantError } from '../../core/errors/index.ts';
import { parseJson } from '../../core/json/index.ts';
import { toEngineError } from './sdk-error.ts';

export interface RemoteCompilerDeps {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionArn: string;
}

export interface CompileOrder {
  readonly tenant: string;
  /** YAML or JSON. */
  readonly definition: string;
}

const made = z.object({ workflow: z.string(), version: z.string(), machineArn: z.string() });
/** A version whose machines can run. */
export type MadeVersion = z.infer<typeof made>;

/** The compiler as a function of its own: the only one that may make machines. */
export interface RemoteCompiler {
  /** Publishes the definition and waits for its machines. Throws InvalidRequestError (`not_published`) that says what the compiler said. */
  publish(order: CompileOrder): Promise<MadeVersion>;
}

const failure = z.object({ errorType: z.string().optional(), errorMessage: z.string() });
const refusals: ReadonlySet<string> = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

export function createRemoteCompiler({ client, functionArn }: RemoteCompilerDeps): RemoteCompiler {
  return {
    async publish(order) {
      const command = new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(order)) });
      const { FunctionError, Payload } = await asked(client.send(command), functionArn);
      const answer = parseJson(Buffer.from(Payload ?? []).toString('utf8'));
      if (FunctionError === undefined) return readMade(answer);
      const said = failure.safeParse(answer);
      throw new InvalidRequestError({
        code: 'not_published',
        message: said.success ? said.data.errorMessage : `The compiler failed: ${FunctionError}.`,
        hint: 'Mend the definition, and deploy again.',
      });
    },
  };
}

function readMade(answer: unknown): MadeVersion {
  const parsed = made.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new InvariantError({ code: 'compiler_answer', message: 'The compiler has answered without naming a version.' });
}

async function asked<Answer>(answer: Promise<Answer>, functionArn: string): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw toEngineError(error, { code: 'compiler', name: functionArn, refusals });
  }
}
