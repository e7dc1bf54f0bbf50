import { functionArn, machinePrefix, machineRoleArn } from '../names.ts';
import type { StageName } from '../stages.ts';
import type { SkeinFunction } from './skein-function.ts';

/** What a machine's text and its name are made of. No permission goes with it: to know what a machine would be called makes none. */
export function letLink(fn: SkeinFunction, stage: StageName): void {
  fn.addEnvironment('SKEIN_BEGIN_ARN', functionArn(fn, stage, 'begin'));
  fn.addEnvironment('SKEIN_DISPATCH_ARN', functionArn(fn, stage, 'dispatch-task'));
  fn.addEnvironment('SKEIN_CONCLUDE_ARN', functionArn(fn, stage, 'conclude'));
  fn.addEnvironment('SKEIN_MACHINE_ROLE_ARN', machineRoleArn(fn, stage));
  fn.addEnvironment('SKEIN_MACHINE_PREFIX', machinePrefix(stage));
}
