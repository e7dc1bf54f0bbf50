import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { settlingEvents, type SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionView, Violation } from '../../core/projections/index.ts';
import { createSeededIds } from '../../adapters/embedded/index.ts';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein, type SkeinProcess } from '../makers/skein-process.ts';

const review = fileURLToPath(new URL('../../examples/code-review/code-review.yaml', import.meta.url));

/** The tasks of the code review, and how many rounds aim at each: the shorter a task, the easier it is missed. */
const rounds = { inventory: 2, lint: 2, security: 1, complexity: 1, documentation: 1, synthesis: 3 };
export type Task = keyof typeof rounds;
export const tasks = Object.keys(rounds) as Task[];

/** When to kill: a part of a task's usual time after it began to run; then each resume but the last, after its start. */
export interface Moment {
  readonly task: Task;
  readonly part: number;
  /** Parts of a whole review's usual time. */
  readonly resumes: readonly number[];
}

/** Ten moments. Those of one task are spread over its time: one at random in each of as many equal parts. */
export function drawMoments(seed: number): readonly Moment[] {
  const ids = createSeededIds(seed);
  const moments = tasks.flatMap((task) =>
    Array.from({ length: rounds[task] }, (_, i) => ({ task, part: (i + ids.random()) / rounds[task] })),
  );
  // A third of the resumes is killed as well, a tenth twice.
  return moments.map((moment) => {
    const fate = ids.random();
    const kills = fate < 0.1 ? 2 : fate < 1 / 3 ? 1 : 0;
    return { ...moment, resumes: Array.from({ length: kills }, () => ids.random()) };
  });
}

/** A review that nobody disturbs: what the others have to come to, and how long it takes (milliseconds). */
export interface Measure {
  readonly reports: Reports;
  readonly duration: number;
  readonly durations: Readonly<Record<Task, number>>;
}

interface Reports {
  readonly markdown: string;
  readonly sarif: string;
}

export async function measureReview(repository: string): Promise<Measure> {
  using shell = openShell();
  const begun = performance.now();
  await using run = startReview(shell, repository);
  if ((await run.ended) !== 0) throw new Error(`The undisturbed review failed: ${run.complaint()}`);
  const duration = performance.now() - begun;
  const events = await eventsOf(shell, executionOf(run));
  const timeOf = (path: Task, ...types: SkeinEvent['type'][]) =>
    events.findLast((event) => event.path === path && types.includes(event.type))?.time ?? 0;
  const durations = tasks.map((task) => [
    task,
    // An agent that answers at once was never seen to have started.
    timeOf(task, 'task.completed') - timeOf(task, 'task.assigned', 'task.started'),
  ]);
  return { reports: readReports(shell), duration, durations: Object.fromEntries(durations) as Measure['durations'] };
}

/** What is left of one killed and resumed review. */
export interface Round {
  readonly moment: Moment;
  /** Tasks that the killed process has told to have succeeded. */
  readonly told: readonly string[];
  /** Recorded when it was dead. */
  readonly before: readonly SkeinEvent[];
  /** Recorded in the end. */
  readonly after: readonly SkeinEvent[];
  /** Of the last resume. */
  readonly exitCode: number | null;
  readonly complaint: string;
  readonly view: ExecutionView;
  readonly violations: readonly Violation[];
  readonly reports: Reports;
}

/** How often a round that came too late, because this machine was faster now than when it was measured, is played again. */
const TRIES = 4;

/** Plays the round; when nothing was alive any more at its moment, again at half of it. All of them have to hold. */
export async function playUntilHit(repository: string, moment: Moment, measure: Measure): Promise<readonly Round[]> {
  const played = [await playRound(repository, moment, measure)];
  for (let part = moment.part / 2; played.length < TRIES && !played.some(isHit); part /= 2) {
    played.push(await playRound(repository, { ...moment, part }, measure));
  }
  return played;
}

export function isHit({ before }: Round): boolean {
  return liveAttempts(before).length > 0;
}

async function playRound(repository: string, moment: Moment, measure: Measure): Promise<Round> {
  using shell = openShell();
  await using run = startReview(shell, repository);
  await run.prints(new RegExp(`  ${moment.task}  attempt 1 runs`));
  await delay(moment.part * measure.durations[moment.task]);
  await run.kill();
  const execution = executionOf(run);
  const before = await eventsOf(shell, execution);

  for (const part of moment.resumes) {
    await using resume = startSkein(shell.directory, 'resume', execution);
    await Promise.race([delay(part * measure.duration), resume.ended]);
  }
  await using last = startSkein(shell.directory, 'resume', execution);
  const exitCode = await last.ended;
  const verified = await readJson<{ violations: readonly Violation[] }>(shell, 'verify-history', execution);

  return {
    moment,
    told: run.lines
      .flatMap((line) => / s {2}(\S+) {2}succeeded$/.exec(line)?.[1] ?? [])
      .filter((it) => it !== execution),
    before,
    exitCode,
    complaint: last.complaint(),
    after: await eventsOf(shell, execution),
    view: await readJson<ExecutionView>(shell, 'status', execution),
    violations: verified.violations,
    reports: readReports(shell),
  };
}

/** Paths that an attempt was alive on after these events. */
export function liveAttempts(events: readonly SkeinEvent[]): readonly string[] {
  const endings: readonly string[] = [...Object.values(settlingEvents), 'task.retried'];
  const alive = new Set<string>();
  for (const { path, type } of events) {
    if (type === 'task.assigned') alive.add(path);
    if (endings.includes(type)) alive.delete(path);
  }
  return [...alive];
}

function startReview(shell: Shell, repository: string): SkeinProcess {
  const input = [`repository=${repository}`, `report=${join(shell.directory, 'report')}`];
  return startSkein(shell.directory, 'run', review, ...input.flatMap((value) => ['--input', value]));
}

function executionOf({ lines }: SkeinProcess): string {
  return /exec_\w+/.exec(lines.join('\n'))?.[0] ?? 'none';
}

async function eventsOf(shell: Shell, execution: string): Promise<readonly SkeinEvent[]> {
  const { out } = await shell.skein('events', execution, '--json');
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SkeinEvent);
}

async function readJson<Value>(shell: Shell, verb: string, execution: string): Promise<Value> {
  return JSON.parse((await shell.skein(verb, execution, '--json')).out) as Value;
}

function readReports({ directory }: Shell): Reports {
  const read = (name: string) => readFileSync(join(directory, 'report', name), 'utf8');
  return { markdown: read('review.md'), sarif: read('review.sarif') };
}
