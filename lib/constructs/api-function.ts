import type { Construct } from 'constructs';
import { letDrive, type EngineParts } from './engine-rights.ts';
import { letLink } from './machine-links.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ApiFunctionProps extends EngineParts {
  /** Where machines of published workflows are asked for. */
  readonly machines: WorkQueue;
  /** Where letters that were given up are sent again. */
  readonly answers: WorkQueue;
  readonly endings: WorkQueue;
  /** Where callers reach it: with what API Gateway puts before its routes. */
  readonly apiUrl: string;
}

/** Answers the REST API. It publishes definitions, but makes no machine: that is compile-workflow's, and its permission alone. */
export class ApiFunction extends SkeinFunction {
  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    const { stage, machines, answers, endings } = props;
    super(scope, id, { stage, name: 'api' });
    letDrive(this, props);
    machines.letSend(this, 'SKEIN_MACHINE_QUEUE_URL');
    answers.letSend(this, 'SKEIN_ANSWER_QUEUE_URL');
    endings.letSend(this, 'SKEIN_ENDING_QUEUE_URL');
    letLink(this, stage.name);
    this.addEnvironment('SKEIN_API_URL', props.apiUrl);
    if (!stage.issuer) return;
    this.addEnvironment('SKEIN_AUTH_ISSUER', stage.issuer.issuer);
    this.addEnvironment('SKEIN_AUTH_AUDIENCE', stage.issuer.audience);
    this.addEnvironment('SKEIN_AUTH_JWKS_URL', stage.issuer.jwksUrl);
  }
}
