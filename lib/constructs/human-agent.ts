import type { Construct } from 'constructs';
import { AgentRegistration, type AgentProps } from './agent-registration.ts';

export interface HumanAgentProps extends AgentProps {
  /** Who may decide: those who have one of these roles, as their token says. */
  readonly roles?: readonly string[];
  /** Who may decide, by name. Without roles and names: whoever may decide at all. */
  readonly assignees?: readonly string[];
}

/** People as an agent: their tasks wait among the approvals of the REST API. The form they fill in is the `output` schema. */
export class HumanAgent extends AgentRegistration {
  constructor(scope: Construct, id: string, props: HumanAgentProps) {
    const { roles, assignees } = props;
    super(scope, id, props, {
      runtime: 'human',
      ...(roles && { roles: [...roles] }),
      ...(assignees && { assignees: [...assignees] }),
    });
  }
}
