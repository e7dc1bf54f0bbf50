import { Command, CommanderError } from 'commander';
import { programVersion } from './program-version.ts';
import { complaintOf, renderComplaint, type Complaint } from './render/error-text.ts';
import { styleFor } from './render/style.ts';
import type { Surroundings } from './surroundings.ts';
import { exitCodes, type ExitCode } from './verb.ts';
import { isVerb, loadVerbs } from './verbs.ts';

const CLOSING = `
Exit codes: 0 all is well; 1 the workflow is invalid or its execution did not
succeed; 2 the command was used wrongly or could not do its work.
NO_COLOR=1 writes without colours; SKEIN_DEBUG=1 shows where an error came from.`;

/** Runs one command line. The arguments are those after the program's name. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram(surroundings);
  for (const verb of await loadVerbs(args)) {
    const command = verb
      .declare(program.command(verb.name).summary(verb.summary).description(`${verb.summary}.`))
      .addHelpText('after', `\nExample:\n  $ ${verb.example}`);
    command.action(async () => {
      exitCode = await verb.run(command, surroundings);
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    complain(error, args, surroundings);
    return exitCodes.use;
  }
}

function createProgram({ out, err }: Surroundings): Command {
  return new Command('skein')
    .description('Multi-agent workflows, compiled to AWS Step Functions and run on a laptop.')
    .version(programVersion(), '-V, --version', 'print the version')
    .addHelpText('after', CLOSING)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      // Its message arrives as an exception as well, and is told in the words of all the others.
      outputError: () => undefined,
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => err.columns,
    })
    .exitOverride();
}

function complain(error: unknown, args: readonly string[], { out, err, environment }: Surroundings): void {
  const commandLine = ['skein', ...args].join(' ');
  const complaint =
    error instanceof CommanderError ? complaintOfUse(error, args, commandLine) : complaintOf(error, commandLine);
  if (wantsJson(args)) out.write(`${JSON.stringify({ error: complaint }, null, 2)}\n`);
  else err.write(renderComplaint(complaint, styleFor(err, environment)));
  if (environment['SKEIN_DEBUG'] === '1' && error instanceof Error) err.write(`${error.stack ?? ''}\n`);
}

/** Read from the arguments as they were typed: what is wrong with them may be the very reason to complain. */
function wantsJson(args: readonly string[]): boolean {
  return args.includes('--json') || /--format[ =]json\b/.test(args.join(' '));
}

/** commander says `error: unknown option '--jsn'\n(Did you mean --json?)` with the code `commander.unknownOption`. */
function complaintOfUse({ code, message }: CommanderError, args: readonly string[], place: string): Complaint {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const help = `see \`skein ${isVerb(args[0]) ? `${args[0]} ` : ''}--help\``;
  if (code === 'commander.help') return { code: 'missing_verb', message: 'a verb is missing', place, next: help };
  return {
    code: code.replace('commander.', '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    message: what,
    place,
    next: suggestion === undefined ? help : `${suggestion.replaceAll(/[()]/g, '').replace('Did', 'did')} ${help}`,
  };
}
