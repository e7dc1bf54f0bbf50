import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  type CreateStateMachineInput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { InvariantError } from '../../core/errors/index.ts';
import { canonicalJson, parseJson, type Json } from '../../core/json/index.ts';
import { toEngineError } from './sdk-error.ts';
import { machineRefusals } from './stepfunctions-refusals.ts';

export interface MachinesDeps {
  readonly client: Pick<SFNClient, 'send'>;
  readonly roleArn: string;
  /** Executions are logged into it and traced; absent: neither. */
  readonly logGroupArn?: string;
}

export interface NewMachine {
  readonly name: string;
  readonly arn: string;
  /** ASL, linked. */
  readonly definition: Json;
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes machines in Step Functions. */
export interface Machines {
  /**
   * Making the same machine again changes nothing. Throws InvariantError (`machine_differs`) when another one has its name.
   */
  create(machine: NewMachine): Promise<void>;
}

/** Step Functions' own words for: there is one of that name, and it is not quite this one. */
const existing: ReadonlySet<string> = new Set(['StateMachineAlreadyExists']);

export function createStepFunctionsMachines({ client, roleArn, logGroupArn }: MachinesDeps): Machines {
  const observed: Partial<CreateStateMachineInput> =
    logGroupArn === undefined
      ? {}
      : {
          tracingConfiguration: { enabled: true },
          loggingConfiguration: {
            level: 'ALL',
            // Inputs and outputs of states are tokens and statuses, never an execution's data; tokens must not be logged.
            includeExecutionData: false,
            destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: withStar(logGroupArn) } }],
          },
        };
  const asked = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Error && existing.has(error.name)) throw error;
      throw toEngineError(error, { code: 'machines', name: 'Step Functions', refusals: machineRefusals });
    }
  };
  return {
    async create({ name, arn, definition, tags }) {
      const command = new CreateStateMachineCommand({
        name,
        roleArn,
        type: 'STANDARD',
        definition: JSON.stringify(definition),
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
        ...observed,
      });
      try {
        await asked(client.send(command));
      } catch (error) {
        if (!(error instanceof Error && existing.has(error.name))) throw error;
        // Tags or logging of another deployment make it another request; what it runs is what counts.
        const found = await asked(client.send(new DescribeStateMachineCommand({ stateMachineArn: arn })));
        const same = canonicalJson(parseJson(found.definition ?? 'null')) === canonicalJson(definition);
        if (!same || found.roleArn !== roleArn) throw differs(name);
      }
    },
  };
}

/** Logs are delivered to the streams of a group, which its ARN names by a star. */
function withStar(arn: string): string {
  return arn.endsWith(':*') ? arn : `${arn}:*`;
}

function differs(name: string): InvariantError {
  return new InvariantError({
    code: 'machine_differs',
    message: `There is a machine ${name} that is another one.`,
    hint: 'Somebody has changed it by hand, or two versions share a name by chance; publish under another version.',
  });
}
