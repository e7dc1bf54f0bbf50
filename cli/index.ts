// The command line.
// Takes: arguments and a process's surroundings. Gives: text, an exit code. Never: a rule; those stand in core.
export { runCli } from './run-cli.ts';
export { runProgram } from './run-program.ts';
export type { Outlet, Surroundings } from './surroundings.ts';
export { exitCodes, type ExitCode } from './verb.ts';
