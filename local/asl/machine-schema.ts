import { z } from 'zod';

const text = z.string();
/** A number, or an expression that gives one. */
const number = z.union([z.number(), z.templateLiteral(['{%', z.string(), '%}'])]);
const expression = z.templateLiteral(['{%', z.string(), '%}']);
/** Any JSON, with expressions in it. */
const template = z.unknown();
const members = z.record(text, template);

const named = { Comment: text.optional(), QueryLanguage: z.literal('JSONata').optional() };
const output = { Assign: members.optional(), Output: template.optional() };
const leaving = { ...named, ...output, Next: text.optional(), End: z.boolean().optional() };
const errorNames = z.array(text).min(1);
const recoverable = {
  ...leaving,
  Retry: z
    .array(
      z.strictObject({
        ErrorEquals: errorNames,
        IntervalSeconds: z.number().optional(),
        MaxAttempts: z.number().optional(),
        BackoffRate: z.number().optional(),
        MaxDelaySeconds: z.number().optional(),
        JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
        Comment: text.optional(),
      }),
    )
    .optional(),
  Catch: z
    .array(z.strictObject({ ErrorEquals: errorNames, Next: text, ...output, Comment: text.optional() }))
    .optional(),
};
const rule = z.strictObject({ Condition: expression, Next: text, ...output, Comment: text.optional() });

/** Two ways to say one thing: exactly one of them has to be there. */
function eitherOr<T extends z.ZodType>(schema: T, one: string, other: string): T {
  const isOne = (value: unknown): boolean => {
    const { [one]: first, [other]: second } = value as Readonly<Record<string, unknown>>;
    return (first === undefined || first === false) !== (second === undefined || second === false);
  };
  return schema.refine(isOne, {
    error: `either ${one} or ${other} has to be there`,
    params: { code: 'missing_field' },
  });
}

const ends = <T extends z.ZodType>(schema: T): T => eitherOr(schema, 'Next', 'End');

/** What the interpreter runs: the States Language in JSONata, without distributed Maps. Built when it is asked for. */
export function createMachineSchema() {
  const state = z.discriminatedUnion('Type', [
    ends(z.strictObject({ Type: z.literal('Pass'), ...leaving })),
    ends(
      z.strictObject({
        Type: z.literal('Task'),
        ...recoverable,
        Resource: text,
        Arguments: template.optional(),
        TimeoutSeconds: number.optional(),
        HeartbeatSeconds: number.optional(),
        Credentials: members.optional(),
      }),
    ),
    z.strictObject({
      Type: z.literal('Choice'),
      ...named,
      ...output,
      Choices: z.array(rule).min(1),
      Default: text.optional(),
    }),
    eitherOr(
      ends(
        z.strictObject({ Type: z.literal('Wait'), ...leaving, Seconds: number.optional(), Timestamp: text.optional() }),
      ),
      'Seconds',
      'Timestamp',
    ),
    ends(
      z.strictObject({
        Type: z.literal('Parallel'),
        ...recoverable,
        Arguments: template.optional(),
        get Branches(): z.ZodType {
          return z.array(branch).min(1);
        },
      }),
    ),
    ends(
      z.strictObject({
        Type: z.literal('Map'),
        ...recoverable,
        Items: template.optional(),
        ItemSelector: template.optional(),
        MaxConcurrency: number.optional(),
        ToleratedFailureCount: number.optional(),
        ToleratedFailurePercentage: number.optional(),
        get ItemProcessor(): z.ZodType {
          return branch.extend({
            ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE').optional() }).optional(),
          });
        },
      }),
    ),
    z.strictObject({ Type: z.literal('Succeed'), ...named, Output: template.optional() }),
    z.strictObject({ Type: z.literal('Fail'), ...named, Error: text.optional(), Cause: text.optional() }),
  ]);
  const branch = z.strictObject({ ...named, StartAt: text, States: z.record(text, state) });
  return branch.extend({ TimeoutSeconds: z.number().optional(), Version: text.optional() });
}
