import { Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { SystemDashboard } from '../constructs/system-dashboard.ts';
import type { StageProps } from '../stages.ts';

export interface ObservabilityStackProps {
  readonly stage: StageProps;
  /** By their names in `functions/`. */
  readonly functions: ReadonlyMap<string, IFunction>;
  /** By what was in them while it was alive. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  readonly streamReader: IFunction;
  readonly api: RestApi;
}

/** What tells people. Logs and traces belong to the functions, which have them wherever they stand. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    const { stage, functions, deadLetters, streamReader, api } = props;
    super(scope, id, { env: stage.env, description: 'Skein: alarms and dashboard' });
    const alarms = new Alarms(this, 'Alarms', { stage });
    for (const [name, fn] of functions) alarms.onErrors(name, fn);
    for (const [name, queue] of deadLetters) alarms.onDeadLetters(name, queue);
    alarms.onIncidents();
    alarms.onThrottles();
    alarms.onStreamLag(streamReader);
    alarms.onServerErrors(api);
    if (stage.hasDashboards) new SystemDashboard(this, 'Dashboard', { stage, functions, deadLetters });
  }
}
