/** Errors by which SQS says that a message is one that it will never take. */
export const queueRefusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidMessageContents',
  'QueueDoesNotExist',
  'UnsupportedOperation',
]);
