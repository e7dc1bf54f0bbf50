import { describe, expect, it } from 'vitest';
import {
  createStackAnswers,
  readStackRequest,
  type StackAnswer,
  type StackRequest,
} from '../../../adapters/aws/index.ts';

const request: StackRequest = {
  RequestType: 'Create',
  ResponseURL: 'https://answers.example/once',
  StackId: 'arn:stack',
  RequestId: 'r1',
  LogicalResourceId: 'Words',
  ResourceProperties: {},
};

async function sentFor(answer: StackAnswer, asked = request): Promise<Record<string, string>> {
  const bodies: string[] = [];
  const answers = createStackAnswers({
    fetch: async (_url, init) => {
      bodies.push(init?.body as string);
      return new Response();
    },
  });
  await answers.send(asked, answer);
  return JSON.parse(bodies.join()) as Record<string, string>;
}

describe('createStackAnswers', () => {
  it('puts what became of the resource at the URL of the request', async () => {
    const sent = await sentFor({ physicalId: 'acme/agents/counter', data: { Version: '1' } });

    expect(sent).toEqual({
      StackId: 'arn:stack',
      RequestId: 'r1',
      LogicalResourceId: 'Words',
      Status: 'SUCCESS',
      PhysicalResourceId: 'acme/agents/counter',
      Data: { Version: '1' },
    });
  });

  it('keeps the id of a resource that failed to change, and makes one up where there is none', async () => {
    const changed = await sentFor({ failed: 'no' }, { ...request, PhysicalResourceId: 'before' });
    const created = await sentFor({ failed: 'no' });

    expect(changed).toMatchObject({ Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'before' });
    expect(created).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'failed-r1' });
  });

  it('stays below the 4,096 bytes that CloudFormation takes, in any script', async () => {
    const sent = await sentFor({ failed: '漢'.repeat(10_000) });

    expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(4096);
  });

  it.each([
    ['refused', async () => new Response('', { status: 403 })],
    ['not reached', () => Promise.reject(new Error('reset'))],
  ])('throws UnavailableError when CloudFormation is %s, so that Lambda tries again', async (_, fetch) => {
    const answers = createStackAnswers({ fetch });

    await expect(answers.send(request, { physicalId: 'id' })).rejects.toMatchObject({ code: 'stack_not_answered' });
  });
});

describe('readStackRequest', () => {
  it('refuses what CloudFormation did not send', () => {
    expect(() => readStackRequest({ RequestType: 'Create' })).toThrow('ResponseURL');
  });
});
