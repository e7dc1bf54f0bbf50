import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Takes responsibility for wildcards in policies below `scope`, each by itself: another one, added later, is found again. */
export function acknowledgeWildcards(scope: IConstruct, wildcards: readonly string[], reason: string): void {
  const ids = wildcards.map((wildcard) => `AwsSolutions-IAM5[${kindOf(wildcard)}::${asNagPrints(scope, wildcard)}]`);
  Validations.of(scope).acknowledge(...ids.map((id) => ({ id, reason })));
}

/** `kms:ReEncrypt*` is an action, `arn:…` and `*` are resources. */
function kindOf(wildcard: string): 'Action' | 'Resource' {
  return /^[a-z]+:[A-Z]/.test(wildcard) && !wildcard.startsWith('arn:') ? 'Action' : 'Resource';
}

/** cdk-nag names a finding by the resource's text, with `<Ref>` where CloudFormation will put a value. */
function asNagPrints(scope: IConstruct, text: string): string {
  const print = (part: unknown): string => {
    if (typeof part === 'string') return part.replaceAll('${', '<').replaceAll('}', '>');
    // What CDK resolves a text with tokens in it to; nothing else comes out of an ARN made here.
    const { 'Fn::Join': join, Ref: ref } = part as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
    return join ? join[1].map(print).join(join[0]) : `<${ref ?? ''}>`;
  };
  return print(Stack.of(scope).resolve(text));
}
