/** Errors by which Step Functions says that a request will never be taken, and somebody must look. */
export const machineRefusals: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidArn',
  'InvalidDefinition',
  'InvalidExecutionInput',
  'InvalidLoggingConfiguration',
  'InvalidName',
  'InvalidOutput',
  'InvalidTracingConfiguration',
  'StateMachineDoesNotExist',
  'StateMachineTypeNotSupported',
  'ValidationException',
]);
