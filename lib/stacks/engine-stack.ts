import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Compiler } from '../constructs/compiler.ts';
import { letDrive, letRecord, type EngineParts } from '../constructs/engine-rights.ts';
import type { ExecutionBus } from '../constructs/execution-bus.ts';
import { Projection } from '../constructs/projection.ts';
import { SkeinFunction } from '../constructs/skein-function.ts';
import { Sweeper } from '../constructs/sweeper.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import type { FunctionName } from '../function-table.ts';

export interface EngineStackProps extends EngineParts {
  readonly bus: ExecutionBus;
  readonly answers: WorkQueue;
  readonly machines: WorkQueue;
  readonly endings: WorkQueue;
  /** Of all other stacks, by what was in them. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;
  /** Where agents outside of Lambda answer. */
  readonly apiUrl: string;
}

/** What runs executions. */
export class EngineStack extends Stack {
  readonly functions: readonly SkeinFunction[];
  readonly projection: Projection;
  /** Of all stacks. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;

  constructor(scope: Construct, id: string, props: EngineStackProps) {
    const { stage, timers, answers } = props;
    super(scope, id, { env: stage.env, description: 'Skein: compiler and engine' });

    // Called by machines: at their start, for each task, at their end.
    const begin = new SkeinFunction(this, 'Begin', { stage, name: 'begin' });
    letRecord(begin, props);
    const dispatch = this.driver('Dispatch', 'dispatch-task', props);
    const conclude = this.driver('Conclude', 'conclude', props);

    // Called by queues.
    const settle = this.driver('Settle', 'settle-task', props);
    answers.feed(settle);
    const timer = this.driver('Timer', 'fire-timer', props);
    timers.feed(timer);

    const compiler = new Compiler(this, 'Compiler', props);
    this.projection = new Projection(this, 'Projection', props);
    const deadLetters = new Map([...props.deadLetters, ['projections', this.projection.deadLetters]]);
    const sweeper = new Sweeper(this, 'Sweeper', { ...props, deadLetters });
    this.deadLetters = new Map([...deadLetters, ['sweeps', sweeper.missed]]);

    this.functions = [
      begin,
      dispatch,
      conclude,
      settle,
      timer,
      compiler.handler,
      this.projection.handler,
      sweeper.handler,
    ];
    for (const fn of this.functions) fn.addEnvironment('SKEIN_API_URL', props.apiUrl);
  }

  private driver(id: string, name: FunctionName, props: EngineStackProps): SkeinFunction {
    const fn = new SkeinFunction(this, id, { stage: props.stage, name });
    letDrive(fn, props);
    return fn;
  }
}
