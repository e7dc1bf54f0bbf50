import type { Command } from 'commander';
import type { Surroundings } from './surroundings.ts';

/** What the shell is told. 1 is about the workflow, 2 about the command: a script can tell them apart. */
export const exitCodes = { ok: 0, workflow: 1, use: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One verb of the command line. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** A command line as its user would type it. */
  readonly example: string;
  /** Adds the verb's arguments and options. */
  declare(command: Command): Command;
  /** Throws EngineError for whatever keeps it from doing its work. */
  run(command: Command, surroundings: Surroundings): Promise<ExitCode>;
}
