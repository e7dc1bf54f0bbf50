import type { BedrockRuntimeClient, ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { createModelAgent } from '../../../functions/call-model/converse.ts';
import { readModelSettings } from '../../../functions/call-model/model-settings.ts';
import { callAgent, failureOf, outputOf } from '../../../sdk/testing/index.ts';

const answered = {
  output: { message: { role: 'assistant', content: [{ text: 'A fine ' }, { text: 'day.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 12, outputTokens: 4, totalTokens: 16 },
};

function modelThat(answer: () => unknown) {
  const asked: ConverseCommandInput[] = [];
  const send = async ({ input }: { input: ConverseCommandInput }) => {
    asked.push(input);
    return answer();
  };
  // One of the client's many overloads is all that is called.
  const client = { send } as unknown as Pick<BedrockRuntimeClient, 'send'>;
  return { agent: createModelAgent({ client, model: 'a-model', maxTokens: 500, system: 'Be brief.' }), asked };
}

function throwing(name: string): () => never {
  return () => {
    throw Object.assign(new Error('no'), { name });
  };
}

describe('createModelAgent', () => {
  it('asks the model with the settings of its stack and answers with its text', async () => {
    const { agent, asked } = modelThat(() => answered);

    const run = await callAgent(agent, { prompt: 'How was it?' });

    expect(outputOf(run)).toEqual({
      text: 'A fine day.',
      stop_reason: 'end_turn',
      usage: { input_tokens: 12, output_tokens: 4 },
    });
    expect(run.usage).toEqual({ tokens: 16 });
    expect(asked).toEqual([
      {
        modelId: 'a-model',
        messages: [{ role: 'user', content: [{ text: 'How was it?' }] }],
        system: [{ text: 'Be brief.' }],
        inferenceConfig: { maxTokens: 500 },
      },
    ]);
  });

  it('takes a task at its own word', async () => {
    const { agent, asked } = modelThat(() => answered);

    await callAgent(agent, { prompt: 'Go on.', system: 'Be long.', max_tokens: 9, temperature: 0 });

    expect(asked).toMatchObject([
      { system: [{ text: 'Be long.' }], inferenceConfig: { maxTokens: 9, temperature: 0 } },
    ]);
  });

  it.each([
    ['ThrottlingException', 'AgentThrottled', true],
    ['AccessDeniedException', 'PermissionDenied', false],
    ['ValidationException', 'InvalidInput', false],
    ['ModelTimeoutException', 'AttemptTimeout', true],
    ['ServiceUnavailableException', 'AgentUnavailable', true],
    ['ModelErrorException', 'ModelErrorException', true],
  ])('fails for %s as %s', async (thrown, name, retryable) => {
    const { agent } = modelThat(throwing(thrown));

    const failure = failureOf(await callAgent(agent, { prompt: 'Go on.' }));

    expect(failure).toMatchObject({ name, message: 'no' });
    expect(failure.retryable).toBe(retryable);
  });

  it('fails when the model has nothing to say', async () => {
    const { agent } = modelThat(() => ({ ...answered, output: undefined, stopReason: 'guardrail_intervened' }));

    const failure = failureOf(await callAgent(agent, { prompt: 'Go on.' }));

    expect(`${failure.name}: ${failure.message}`).toMatch(/^NoAnswer: .*guardrail_intervened/);
  });

  it('refuses a task without a prompt', async () => {
    const { agent, asked } = modelThat(() => answered);

    const failure = failureOf(await callAgent(agent, {}));

    expect(failure).toMatchObject({ name: 'InvalidInput', retryable: false });
    expect(asked).toEqual([]);
  });
});

describe('readModelSettings', () => {
  it('reads what the stack has set', () => {
    const settings = readModelSettings({ SKEIN_MODEL: 'm', SKEIN_MODEL_SYSTEM: 's', SKEIN_MODEL_MAX_TOKENS: '7' });

    expect(settings).toEqual({ model: 'm', system: 's', maxTokens: 7 });
  });

  it.each([[{}], [{ SKEIN_MODEL: '' }], [{ SKEIN_MODEL: 'm', SKEIN_MODEL_MAX_TOKENS: 'many' }]])(
    'stops the start for %j',
    (source) => {
      expect(() => readModelSettings(source)).toThrow('call-model cannot start: SKEIN_MODEL');
    },
  );
});
