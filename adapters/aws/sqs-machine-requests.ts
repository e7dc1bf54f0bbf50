import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { digestOf, type JsonObject } from '../../core/json/index.ts';
import { toEngineError } from './sdk-error.ts';
import { queueRefusals } from './sqs-refusals.ts';

/** A published version whose machines are wanted. */
export interface MachineRequest {
  readonly tenant: string;
  readonly workflow: string;
  readonly version: string;
}

/** Where machines of published versions are asked for: of one tenant one after the other, because Step Functions creates one a second. */
export interface MachineRequests {
  /**
   * Asking again changes nothing. `round`: who asks in another one is heard, whatever was asked before; absent: a repetition within five
   * minutes is not heard, which is SQS's window.
   */
  send(request: MachineRequest, round?: number): Promise<void>;
}

export interface MachineRequestsDeps {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
}

export function createSqsMachineRequests({ client, queueUrl }: MachineRequestsDeps): MachineRequests {
  // A group for each tenant: who publishes many versions does not hold up others.
  const order = (tenant: string, about: JsonObject) =>
    queueUrl.endsWith('.fifo') ? { MessageGroupId: tenant, MessageDeduplicationId: digestOf(about) } : {};
  return {
    async send({ tenant, workflow, version }, round) {
      const request = { tenant, workflow, version };
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(request),
        ...order(tenant, round === undefined ? request : { ...request, round }),
      });
      try {
        await client.send(command);
      } catch (error) {
        throw toEngineError(error, { code: 'machine_queue', name: `queue ${queueUrl}`, refusals: queueRefusals });
      }
    },
  };
}
