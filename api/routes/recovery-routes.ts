import * as z from 'zod';
import { manualActions, type ActionRequest, type ManualAction } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import { route, type Route } from '../route.ts';
import { givenJson } from '../schemas/given-json.ts';
import { executionIdText, time, timeOf } from '../schemas/values.ts';

const OUTPUT_BYTES = 1024 * 1024;

const reason = z.string().min(1).max(1000).optional().meta({ description: 'For the history.' });
const body = z.strictObject({ reason });
const completeBody = z.strictObject({
  reason,
  output: givenJson.meta({ description: 'What the task answers; it fits the schemas of the task and its agent.' }),
});

const intervened = z
  .object({
    execution_id: executionIdText,
    task: z.string().meta({ description: 'Path of the task.' }),
    action: z.enum(manualActions),
    by: z.string(),
    at: time,
  })
  .meta({ id: 'intervened', description: 'What was done to a task by hand.' });

const does: Readonly<Record<ManualAction, string>> = {
  retry: 'Has a task tried again now: one whose attempt has failed or does not come back.',
  skip: 'Skips a task whose author allows that (`allow_skip`).',
  fail: 'Fails a task for good.',
  complete: 'Settles a task with this output, in place of its agent.',
};

/** In a URL the parts of a path may be joined by `~`: not every server leaves an encoded slash as it is. */
const pathOf = (param: string) => taskPath(param.replaceAll('~', '/'));

function actionRoute(action: ManualAction): Route {
  return route({
    method: 'POST',
    path: `/api/v1/executions/{id}/tasks/{task}/${action}`,
    operation: `${action}TaskByHand`,
    summary: `${does[action]} The task is named by its path, with \`~\` in place of each \`/\`.`,
    access: 'execution:recover',
    body: action === 'complete' ? completeBody : body,
    maxBytes: OUTPUT_BYTES,
    isIdempotent: true,
    answers: { 200: { meaning: 'It is done.', schema: intervened } },
    problems: {
      404: 'There is no such execution (`execution_not_found`), or it has no such task (`task_not_found`).',
      409: 'The states do not allow it: `task_settled`, `task_not_reached`, `task_is_container`, `child_goes_on`, `nothing_to_retry`, `skip_not_allowed`, `approval_open`, `execution_stopped`.',
      ...(action === 'complete' && { 400: 'The output does not fit (`invalid_input`): nothing was changed.' }),
    },
    handle: async ({ param, body: given }, { services, principal, id: request }) => {
      const place = { execution: executionId(param('id')), path: pathOf(param('task')) };
      const { reason: why } = given;
      const said = { by: principal.subject, request, ...(why !== undefined && { why }) };
      // The schema of `complete` asks for an output, the others know none.
      const asked = { ...said, action, ...('output' in given && { output: given.output }) } as ActionRequest;
      const { by, at } = await services.executions.intervene(place, asked);
      const answer = { execution_id: place.execution, task: place.path, action, by, at: timeOf(at) };
      return { status: 200, body: answer };
    },
  });
}

export const recoveryRoutes: readonly Route[] = manualActions.map(actionRoute);
