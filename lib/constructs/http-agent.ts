import type { Construct } from 'constructs';
import { AgentRegistration, type AgentProps } from './agent-registration.ts';

export interface HttpAgentProps extends AgentProps {
  /** Takes calls by POST and answers by their handle, at the REST API. */
  readonly url: string;
  /**
   * The `Authorization` header of each call. It stands in the template and in the table as it is, so let it open nothing but
   * this agent.
   */
  readonly auth?: string;
}

/** A server as an agent. It needs nothing of AWS: the handle of a call is its permission to answer. */
export class HttpAgent extends AgentRegistration {
  constructor(scope: Construct, id: string, props: HttpAgentProps) {
    const { url, auth } = props;
    super(scope, id, props, { runtime: 'http', url, ...(auth !== undefined && { auth }) });
  }
}
