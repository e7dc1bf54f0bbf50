import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { agent, AgentError } from '../../../sdk/agent/index.ts';
import { callAgent, failureOf, outputOf } from '../../../sdk/testing/index.ts';

const counter = agent({
  input: z.object({ text: z.string(), language: z.string().default('en') }),
  output: z.object({ words: z.int().nonnegative(), language: z.string() }),
  handler: ({ text, language }) => ({ words: text === '' ? 0 : text.split(/\s+/).length, language }),
});

describe('agent', () => {
  it('gives its handler the input as its schema reads it', async () => {
    const run = await callAgent(counter, { text: 'to be or not' });

    expect(outputOf(run)).toEqual({ words: 4, language: 'en' });
  });

  it('fails for good on an input that does not fit, naming every place', async () => {
    const run = await callAgent(counter, { text: 7, language: null });

    const failure = failureOf(run, 'InvalidInput');
    expect(failure.retryable).toBe(false);
    expect(failure.message).toMatch(/^The input does not fit its schema: \/text: .*; \/language: /);
    expect(run.thrown).toMatchObject({ details: { issues: [{ path: '/text' }, { path: '/language' }] } });
  });

  it('fails for good on an answer that breaks its promise', async () => {
    const liar = agent({
      input: z.object({}),
      output: z.object({ share: z.number().max(1) }),
      handler: () => ({ share: 7 }),
    });

    const failure = failureOf(await callAgent(liar, {}), 'InvalidOutput');

    expect(failure).toMatchObject({ retryable: false });
    expect(failure.message).toContain('/share');
  });

  it('takes schemas of zod/mini, and checks that take their time', async () => {
    const known = agent({
      input: mini.object({ id: mini.string() }).check(mini.refine(async ({ id }) => id === 'a', 'is unknown')),
      output: mini.string(),
      handler: ({ id }) => id,
    });

    expect(outputOf(await callAgent(known, { id: 'a' }))).toBe('a');
    expect(failureOf(await callAgent(known, { id: 'b' }), 'InvalidInput').message).toContain('is unknown');
  });

  it('tells its handler which task and attempt it works for', async () => {
    const curious = agent({
      input: z.unknown(),
      output: z.json(),
      handler: (_input, { task, execution, agent: name, attempt, idempotencyKey, signal }) => {
        return { ...task, execution, name, attempt, idempotencyKey, aborted: signal.aborted };
      },
    });

    const run = await callAgent(curious, null, { task: 'scan', path: 'scan[2]', index: 2, count: 3, attempt: 4 });

    expect(outputOf(run)).toEqual({
      id: 'scan',
      path: 'scan[2]',
      index: 2,
      count: 3,
      execution: 'exec_test',
      name: 'agent',
      attempt: 4,
      idempotencyKey: 'exec_test/scan[2]',
      aborted: false,
    });
  });

  it('keeps its schemas where others can read them', () => {
    expect(z.toJSONSchema(counter.output)).toMatchObject({ type: 'object', required: ['words', 'language'] });
  });
});

describe('AgentError', () => {
  it('has the name that it was given, and says what else the policy needs', async () => {
    const busy = agent({
      input: z.unknown(),
      output: z.null(),
      handler: () => {
        throw new AgentError('ModelBusy', 'The model answers 429.', { retryAfter: 30, cause: new Error('429') });
      },
    });

    const run = await callAgent(busy, null);

    expect(failureOf(run, 'ModelBusy')).toEqual({
      name: 'ModelBusy',
      message: 'The model answers 429.',
      retryAfter: 30,
      retryable: true,
    });
    expect(run.thrown).toBeInstanceOf(AgentError);
    expect((run.thrown as Error).cause).toEqual(new Error('429'));
  });
});
