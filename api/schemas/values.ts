import * as z from 'zod';
import { executionStatuses, taskStatuses } from '../../core/execution/index.ts';

/** Values that many answers have. All members are snake_case, all times RFC 3339 in UTC, all durations seconds. */
export const time = z.iso.datetime().meta({ id: 'time', description: 'RFC 3339, in UTC.' });
export const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const workflowId = z
  .string()
  .meta({ id: 'workflow_id', description: "The workflow's name: the same for all its versions." });
export const executionIdText = z.string().meta({ id: 'execution_id', description: '`exec_` and 26 characters.' });

export const executionStatus = z.enum(executionStatuses).meta({ id: 'execution_status' });
export const taskStatus = z.enum(taskStatuses).meta({ id: 'task_status' });

/** Any JSON. */
export const anyJson = z.unknown();

export const taskError = z
  .object({ name: z.string(), message: z.string(), retryable: z.boolean().optional() })
  .meta({ id: 'task_error', description: 'An error by its name, which retry policies match.' });

/** A figure that may have no bound. */
export const bound = z.number().nullable().meta({ description: 'null: without a bound.' });

const range = z.object({
  line: z.int(),
  column: z.int(),
  endLine: z.int(),
  endColumn: z.int(),
});

export const diagnostic = z
  .object({
    file: z.string(),
    title: z.string(),
    code: z.string().meta({ description: 'Stable; docs/diagnostics.md explains each.' }),
    severity: z.enum(['error', 'warning', 'advice']),
    message: z.string(),
    path: z.string(),
    range: range.optional(),
    hint: z.string().optional(),
    related: z.array(z.object({ message: z.string(), path: z.string(), range: range.optional() })).optional(),
  })
  .meta({ id: 'diagnostic', description: 'A finding on a definition.' });

const scenario = z
  .object({
    fates: z.array(z.object({ task: z.string(), fate: z.string() })).meta({
      description: 'What has become of the tasks that matter when the execution ends; `running`: nobody knows.',
    }),
    ending: z.enum(['cancel', 'failure', 'success', 'compensation_failure']).meta({
      description: '`cancel` stands for a timeout of the execution as well.',
    }),
    by: z.string().meta({ description: 'The task that fails, or at which the cancel comes.' }),
    left: z.array(z.string()).meta({ description: 'Tasks whose effect stays.' }),
  })
  .meta({ description: 'A way that leads there.' });

/** As core/saga-proof has it. */
export const sagaProof = z
  .object({
    verdict: z.enum(['proved', 'gaps']).meta({
      description: '`proved`: however an execution ends badly, all effects are undone in order, or lie before a pivot.',
    }),
    effects: z.int().meta({ description: 'Tasks that change something outside, as far as anybody knows.' }),
    compensated: z.int().meta({ description: 'Those of them with a compensation.' }),
    pivots: z.array(z.string()),
    gaps: z.array(
      z.object({
        kind: z.string(),
        task: z.string().optional().meta({ description: 'Absent: it is about the workflow.' }),
        path: z.array(z.union([z.string(), z.number()])).meta({ description: 'Its place in the document.' }),
        part: z.literal('key').optional(),
        message: z.string(),
        fix: z.string(),
        scenario: scenario.optional(),
      }),
    ),
  })
  .meta({ id: 'saga_proof', description: 'Whether the saga of a workflow undoes what its tasks do.' });

export const validationReport = z
  .object({
    valid: z.boolean(),
    diagnostics: z.array(diagnostic),
    saga: sagaProof.optional().meta({ description: 'Absent: the workflow has no saga, or has errors.' }),
  })
  .meta({ id: 'validation_report', description: 'All that was found in a definition, errors and all else.' });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable, for programs.' }),
    detail: z.string(),
    hint: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Members of the request that do not fit, by JSON pointer.' }),
    diagnostics: z.array(diagnostic).optional().meta({ description: 'What is wrong with a definition.' }),
    details: z.record(z.string(), anyJson).optional().meta({ description: 'Figures that belong to the code.' }),
  })
  .meta({ id: 'problem', description: 'RFC 9457.' });
