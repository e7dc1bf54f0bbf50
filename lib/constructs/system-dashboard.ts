import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';

export interface SystemDashboardProps {
  readonly stage: StageProps;
  readonly functions: ReadonlyMap<string, IFunction>;
  readonly deadLetters: ReadonlyMap<string, IQueue>;
}

const WIDTH = 12;

/** One page on which a healthy system is flat at the right and below: calls, errors, durations, what was given up. */
export class SystemDashboard extends Construct {
  constructor(scope: Construct, id: string, { stage, functions, deadLetters }: SystemDashboardProps) {
    super(scope, id);
    const of = <Source>(
      sources: ReadonlyMap<string, Source>,
      metricOf: (source: Source, label: string) => IMetric,
    ): IMetric[] => [...sources].map(([label, source]) => metricOf(source, label));
    const period = Duration.minutes(5);
    const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: WIDTH });
    new Dashboard(this, 'Dashboard', {
      dashboardName: physicalName(stage.name, 'system'),
      widgets: [
        [
          graph(
            'Calls',
            of(functions, (fn, label) => fn.metricInvocations({ period, label })),
          ),
          graph(
            'Errors',
            of(functions, (fn, label) => fn.metricErrors({ period, label })),
          ),
        ],
        [
          graph(
            'Duration, p95, ms',
            of(functions, (fn, label) => fn.metricDuration({ period, label, statistic: 'p95' })),
          ),
          graph(
            'Given up',
            of(deadLetters, (queue, label) => queue.metricApproximateNumberOfMessagesVisible({ period, label })),
          ),
        ],
      ],
    });
  }
}
