import { permissionsOf, type Permission } from '../statemachines/index.ts';
import type { CompiledWorkflow } from './compiled-workflow.ts';

/** What an execution asks of IAM on AWS. */
export interface WorkflowPermissions {
  /** Of the role of compiled machines. */
  readonly machine: readonly Permission[];
  /** Of the session of its tenant, or of the role that an agent type names. */
  readonly agents: readonly (Permission & { readonly agentType: string; readonly role?: string })[];
}

export function workflowPermissions({ machine, parts = [], agentTypes }: CompiledWorkflow): WorkflowPermissions {
  const agents = Object.values(agentTypes).flatMap((agentType) =>
    agentType.runtime === 'lambda'
      ? [
          {
            agentType: agentType.name,
            action: 'lambda:InvokeFunction',
            resource: agentType.functionArn,
            ...(agentType.roleArn !== undefined && { role: agentType.roleArn }),
          },
        ]
      : [],
  );
  return { machine: permissionsOf([machine, ...parts.map((part) => part.machine)]), agents };
}
