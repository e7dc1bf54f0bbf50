import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Function, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';

export interface AlarmsProps {
  readonly stage: StageProps;
}

interface Threshold {
  /** What has happened, in a sentence. */
  readonly says: string;
  /** What to do stands in `docs/runbooks/<runbook>.md`; absent: it is named like the alarm. */
  readonly runbook?: string;
  readonly metric: IMetric;
  /** It rings above this. */
  readonly above: number;
  /** Periods in a row; 1 when absent. */
  readonly periods?: number;
}

const FIVE_MINUTES = Duration.minutes(5);
/** Of the stream's oldest unread record, in milliseconds: a healthy reader is under one second behind. */
const STREAM_LAG_MS = 60_000;

/** Alarms tell a topic; whoever wants to be woken subscribes to it. */
export class Alarms extends Construct {
  private readonly stage: StageProps;
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, { stage }: AlarmsProps) {
    super(scope, id);
    this.stage = stage;
    const topic = new Topic(this, 'Topic', { topicName: physicalName(stage.name, 'alarms'), enforceSSL: true });
    this.action = new SnsAction(topic);
  }

  /** Whatever is in there was given up: each message wants a human being. */
  onDeadLetters(name: string, queue: IQueue): void {
    this.add(`dead-letters-${name}`, {
      says: `Messages of ${name} were given up.`,
      runbook: 'dead-letters',
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      above: 0,
    });
  }

  /** The queues may be empty again before anybody looks: what was in them is an incident by then. */
  onIncidents(): void {
    this.add('dead-letters-recorded', {
      says: 'Something was given up: there is a new incident.',
      metric: new Metric({
        namespace: 'Skein',
        metricName: 'DeadLetters',
        dimensionsMap: { service: physicalName(this.stage.name, 'sweep') },
        period: FIVE_MINUTES,
        statistic: Stats.SUM,
      }),
      above: 0,
    });
  }

  onErrors(name: string, fn: IFunction): void {
    this.add(`errors-${name}`, {
      says: `${name} fails.`,
      runbook: 'errors',
      metric: fn.metricErrors({ period: FIVE_MINUTES }),
      above: 0,
    });
  }

  /** One for the account, not one for each function: they share its concurrency, and each alarm is paid for. */
  onThrottles(): void {
    this.add('throttles', {
      says: "Functions are not let run: the account's concurrency is used up.",
      metric: Function.metricAllThrottles({ period: FIVE_MINUTES }),
      above: 0,
      periods: 3,
    });
  }

  onStreamLag(reader: IFunction): void {
    this.add('stream-lag', {
      says: 'Views and the bus are more than a minute behind the ledger.',
      metric: reader.metric('IteratorAge', { period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      above: STREAM_LAG_MS,
    });
  }

  onServerErrors(api: RestApi): void {
    this.add('api-server-errors', {
      says: 'The REST API answers with 5xx.',
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      above: 0,
      periods: 2,
    });
  }

  private add(name: string, { says, runbook = name, metric, above, periods = 1 }: Threshold): void {
    const alarm = new Alarm(this, name, {
      alarmName: physicalName(this.stage.name, name),
      alarmDescription: `${says} What to do: docs/runbooks/${runbook}.md`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
  }
}
