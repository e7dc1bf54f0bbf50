import type { SkeinEvent } from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import type { Plan } from '../core/plan/index.ts';
import { createViewBuilder, type ExecutionView } from '../core/projections/index.ts';
import { aroundText, createFamily } from './execution-family.ts';
import type { AgentLog } from './open-database.ts';
import { renderEventLine, renderLogLine } from './render/event-line.ts';
import { renderFrame } from './render/execution-frame.ts';
import { styleFor } from './render/style.ts';
import type { Surroundings } from './surroundings.ts';

/** Shows an execution while it goes on. */
export interface Display {
  add(events: readonly SkeinEvent[]): void;
  readonly hear: (log: AgentLog) => void;
  close(): void;
}

export interface Shown {
  readonly plan: Plan;
  /** Its view before this process took it up; absent for a new one. */
  readonly before?: ExecutionView;
}

export const silentDisplay: Display = { add: () => undefined, hear: () => undefined, close: () => undefined };

/** A tree that is redrawn on a terminal, a line for each event elsewhere. */
export async function openDisplay(shown: Shown, surroundings: Surroundings): Promise<Display> {
  return surroundings.out.isTerminal ? openTree(shown, surroundings) : openLines(shown, surroundings);
}

function openLines({ before }: Shown, { out, err, environment, now }: Surroundings): Display {
  const style = styleFor(out, environment);
  const family = createFamily(before);
  let startedAt = before?.startedAt;
  return {
    add(events) {
      for (const event of events) {
        family.meet(event);
        const tasks = family.tasksTo(event.execution);
        if (!tasks) continue;
        startedAt ??= event.time;
        out.write(`${renderEventLine(event, startedAt, style, aroundText(tasks))}\n`);
      }
    },
    hear(log) {
      const since = now() - (startedAt ?? now());
      const said = { text: log.text, path: aroundText(family.tasksTo(log.execution) ?? []) + log.path };
      (log.source === 'log' ? out : err).write(`${renderLogLine(said, since, style)}\n`);
    },
    close: () => undefined,
  };
}

const FRAMES_PER_SECOND = 10;
/** Lines that agents printed, kept for the end: printed between two redrawings they would tear the tree. */
const MOST_LINES_KEPT = 1_000;

async function openTree({ plan, before }: Shown, surroundings: Surroundings): Promise<Display> {
  const { out, err, environment } = surroundings;
  const style = styleFor(out, environment);
  const screen = await surroundings.openScreen();
  const builder = createViewBuilder(before);
  const family = createFamily(before);
  const words = new Map<TaskPath, string>();
  const printed: string[] = [];
  let hasEvents = before !== undefined;
  const draw = (): void => {
    if (!hasEvents) return;
    const page = { columns: out.columns, rows: out.rows, style, now: surroundings.now(), words };
    screen.show(renderFrame(plan, builder.view(), page));
  };
  const still = surroundings.onTick(FRAMES_PER_SECOND, draw);
  return {
    add(events) {
      events.forEach((event) => family.meet(event));
      const own = events.filter((event) => family.tasksTo(event.execution)?.length === 0);
      own.forEach((event) => builder.add(event));
      hasEvents ||= own.length > 0;
    },
    hear(log) {
      // What the agents of a child say stands beside the task that has started it.
      const [task = log.path] = family.tasksTo(log.execution) ?? [];
      if (log.source === 'log') words.set(task, log.text);
      else if (printed.length < MOST_LINES_KEPT) printed.push(renderLogLine(log, undefined, style));
    },
    close() {
      still();
      draw();
      screen.close();
      err.write(printed.map((line) => `${line}\n`).join(''));
    },
  };
}
