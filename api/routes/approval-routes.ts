import * as z from 'zod';
import { executionOfApproval, type Approval, type Decision } from '../../core/execution/index.ts';
import { approvalId, executionId } from '../../core/ids/index.ts';
import { cursors, nextCursor, pageOf, pageQuery } from '../cursor.ts';
import type { Principal } from '../principal.ts';
import { RequestProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { givenJson } from '../schemas/given-json.ts';
import { anyJson, executionIdText, time, timeOf, workflowId } from '../schemas/values.ts';

const approval = z
  .object({
    approval_id: z.string(),
    about: z.enum(['task', 'budget']).meta({
      description: 'What the answer becomes: the output of the task, or more of the budget of the execution.',
    }),
    workflow_id: workflowId,
    version: z.string(),
    execution_id: executionIdText,
    task: z.string().meta({
      description:
        'Path of the task; of a budget that whose call did not fit, perhaps of a child: `input` says of which execution.',
    }),
    attempt: z.int().optional().meta({ description: 'Of a human agent.' }),
    agent: z.string().optional().meta({ description: 'Of a human agent; absent: a checkpoint or a budget asks.' }),
    description: z.string().optional(),
    input: anyJson.meta({ description: 'What is to be decided.' }),
    form: anyJson.optional().meta({ description: 'JSON Schema of the answer; absent: any.' }),
    roles: z.array(z.string()).optional(),
    assignees: z.array(z.string()).optional(),
    requested_at: time,
    deadline: time,
    decision_url: z.url(),
  })
  .meta({ id: 'approval', description: 'A question to a person.' });

function shown(open: Approval, urlOf: (path: string) => string): z.infer<typeof approval> {
  const { id, workflow, execution, path, requestedAt, deadline, roles, assignees, ...rest } = open;
  return {
    approval_id: id,
    workflow_id: workflow,
    execution_id: execution,
    task: path,
    ...rest,
    ...(roles && { roles: [...roles] }),
    ...(assignees && { assignees: [...assignees] }),
    requested_at: timeOf(requestedAt),
    deadline: timeOf(deadline),
    decision_url: urlOf(`/api/v1/approvals/${id}/decision`),
  };
}

const places = cursors(z.tuple([z.number(), z.string()]));

const list = route({
  method: 'GET',
  path: '/api/v1/approvals',
  operation: 'listApprovals',
  summary: 'What the caller may decide now, oldest first.',
  access: 'approval:decide',
  query: z.object({ ...pageQuery({ usual: 50, most: 200 }), execution_id: z.string().max(200).optional() }),
  answers: {
    200: { meaning: 'A page of it.', schema: z.object({ approvals: z.array(approval), next_cursor: nextCursor }) },
  },
  problems: {},
  handle: async ({ query, urlOf }, { services, principal }) => {
    const filter = query.execution_id === undefined ? {} : { execution: executionId(query.execution_id) };
    const [since = -Infinity, id = ''] = places.read(query.cursor) ?? [];
    const open = (await services.executions.listApprovals(filter)).filter(
      (it) => mayDecide(principal, it) && (it.requestedAt > since || (it.requestedAt === since && it.id > id)),
    );
    const { entries, ...next } = pageOf(open, query.limit, (last) => places.write([last.requestedAt, last.id]));
    return { status: 200, body: { approvals: entries.map((it) => shown(it, urlOf)), ...next } };
  },
});

const decision = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('approve'),
    output: givenJson.meta({ description: "The task's output, or `{raise: 5}` of a budget; it fits the form." }),
  }),
  z.strictObject({
    decision: z.literal('reject'),
    reason: z.string().min(1).max(4000).optional(),
  }),
]);

const decide = route({
  method: 'POST',
  path: '/api/v1/approvals/{id}/decision',
  operation: 'decideApproval',
  summary: 'Decides. Of two that decide, the first counts, and the other one hears who it was.',
  access: 'approval:decide',
  body: decision,
  maxBytes: 1024 * 1024,
  answers: {
    200: {
      meaning: 'It is decided.',
      schema: z.object({ approval_id: z.string(), decision: z.enum(['approve', 'reject']), decided_by: z.string() }),
    },
  },
  problems: {
    400: 'The body does not fit, or the answer does not fit the form (`invalid_input`): the task goes on waiting.',
    403: 'The scope is missing, or somebody else is asked (`not_asked`).',
    404: 'There is no such approval.',
    409: 'It is decided already, or its time is up (`attempt_not_live`), and who was first. The same decision of the same caller again is answered with 200.',
  },
  handle: async ({ param, body }, { services, principal }) => {
    const id = approvalId(param('id'));
    const execution = executionOfApproval(id);
    const open = execution === undefined ? [] : await services.executions.listApprovals({ execution });
    const by = principal.subject;
    const { decision: verdict } = body;
    const said = decisionOf(body, by);
    const asked = open.find((it) => it.id === id);
    if (asked && !mayDecide(principal, asked)) throw notAsked(asked);
    await (asked ? services.executions.decide(id, said) : services.executions.confirmDecision(id, said));
    return { status: 200, body: { approval_id: id, decision: verdict, decided_by: by } };
  },
});

function decisionOf(said: z.infer<typeof decision>, by: string): Decision {
  if (said.decision === 'approve') return { kind: 'approve', output: said.output, by };
  return { kind: 'reject', by, ...(said.reason !== undefined && { reason: said.reason }) };
}

/** Who is named, by role or by name; where nobody is, everybody who may decide at all. */
function mayDecide({ subject, roles: held, scopes }: Principal, { roles, assignees }: Approval): boolean {
  if ((!roles && !assignees) || scopes.has('admin')) return true;
  return (assignees?.includes(subject) ?? false) || (roles?.some((role) => held.includes(role)) ?? false);
}

function notAsked({ id, roles = [], assignees = [] }: Approval): RequestProblem {
  return new RequestProblem({
    status: 403,
    code: 'not_asked',
    detail: `Somebody else is asked by approval ${id}.`,
    details: { roles: [...roles], assignees: [...assignees] },
  });
}

export const approvalRoutes: readonly Route[] = [list, decide];
