import {
  ConverseCommand,
  type BedrockRuntimeClient,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import * as z from 'zod/mini';
import { agent, AgentError, type Agent } from '../../sdk/agent/index.ts';

/** What a task gives, and what the model's answer becomes: said here once, for the agent and for who registers it. */
export const modelInput = z.object({
  prompt: z.string().check(z.minLength(1)),
  system: z.optional(z.string()),
  max_tokens: z.optional(z.int().check(z.positive())),
  temperature: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
});
export const modelOutput = z.object({
  text: z.string(),
  /** `end_turn`; `max_tokens` for an answer that was cut off. */
  stop_reason: z.string(),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
});

export interface ModelSettings {
  readonly client: Pick<BedrockRuntimeClient, 'send'>;
  /** Of a model, or of an inference profile. */
  readonly model: string;
  /** For tasks that say nothing themselves. */
  readonly system?: string;
  readonly maxTokens: number;
}

/** An agent that asks a model of Amazon Bedrock, once for each attempt: a conversation is a loop of the workflow. */
export function createModelAgent(settings: ModelSettings): Agent<typeof modelInput, typeof modelOutput> {
  const { client, model, maxTokens } = settings;
  return agent({
    input: modelInput,
    output: modelOutput,
    handler: async ({ prompt, system = settings.system, max_tokens = maxTokens, temperature }, context) => {
      const command = new ConverseCommand({
        modelId: model,
        messages: [{ role: 'user', content: [{ text: prompt }] }],
        ...(system !== undefined && { system: [{ text: system }] }),
        inferenceConfig: { maxTokens: max_tokens, ...(temperature !== undefined && { temperature }) },
      });
      const answer = await asked(client.send(command, { abortSignal: context.signal }));
      // Said first: also an answer that is none has cost something.
      context.usage(tokensOf(answer));
      return answerOf(answer);
    },
  });
}

function tokensOf({ usage }: ConverseCommandOutput): { readonly tokens?: number } {
  return usage ? { tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) } : {};
}

function answerOf({ output, stopReason, usage }: ConverseCommandOutput): z.input<typeof modelOutput> {
  const texts = (output?.message?.content ?? []).flatMap(({ text }) => text ?? []);
  if (texts.length === 0)
    throw new AgentError('NoAnswer', `The model has answered nothing (${stopReason ?? 'no reason'}).`);
  return {
    text: texts.join(''),
    stop_reason: stopReason ?? 'unknown',
    usage: { input_tokens: usage?.inputTokens ?? 0, output_tokens: usage?.outputTokens ?? 0 },
  };
}

/** Bedrock's errors by the names that retry policies know. Others keep their own and are tried again. */
const names: Readonly<Record<string, { readonly name: string; readonly retryable?: boolean }>> = {
  AccessDeniedException: { name: 'PermissionDenied', retryable: false },
  ResourceNotFoundException: { name: 'AgentUnavailable', retryable: false },
  ValidationException: { name: 'InvalidInput', retryable: false },
  ThrottlingException: { name: 'AgentThrottled' },
  ServiceQuotaExceededException: { name: 'AgentThrottled' },
  ModelNotReadyException: { name: 'AgentUnavailable' },
  ServiceUnavailableException: { name: 'AgentUnavailable' },
  InternalServerException: { name: 'AgentUnavailable' },
  ModelTimeoutException: { name: 'AttemptTimeout' },
};

async function asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { name, retryable } = names[cause.name] ?? { name: cause.name };
    throw new AgentError(name, cause.message, { cause, ...(retryable !== undefined && { retryable }) });
  }
}
