import { verifyHistory, verifyTurns, type AnomalyName, type Violation } from '../core/projections/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { createReader } from '../local/index.ts';
import type { SimulatedDeployment } from './deployment.ts';
import type { Fault } from './nemesis.ts';
import type { Broken, Recorder } from './recorder.ts';

interface Judged {
  readonly deployment: SimulatedDeployment;
  readonly recorder: Recorder;
  readonly faults: readonly Fault[];
}

/** What is wrong with what a run has left behind, when all is over and has had time to be mended. */
export async function judge(judged: Judged): Promise<readonly Broken[]> {
  const { deployment, recorder, faults } = judged;
  const { stores, machines, finds, messages } = deployment;
  const placeOf = (id: ExecutionId) => recorder.placeOf(id, '');
  const promises = recorder.executions().map(async (id) => {
    const violations = await violationsOf(judged, id);
    return violations.map(({ name, path, message }) => ({ name, path: recorder.placeOf(id, path), message }));
  });
  const waiting = recorder.open().map(async (id) => {
    const status = (await stores.ledger.findExecution(id))?.status ?? 'missing';
    const message = `it was accepted, nothing is in its way any more, and it is ${status}`;
    return { name: 'never_ended', path: placeOf(id), message };
  });
  const running = machines.running().map((id) => ({
    name: 'machine_left',
    path: placeOf(id),
    message: 'its execution has ended, and its machine runs on',
  }));
  const mended = finds.map((find) => ({ name: 'mended', path: '', message: `the sweeper has found ${find}` }));
  const dead = messages.deadLetters.map((letter) => ({ name: 'dead_letter', path: '', message: letter }));
  const kept = (await Promise.all(promises)).flat();
  // Where nothing went wrong there is nothing to mend.
  return [
    ...recorder.broken,
    ...kept,
    ...(await Promise.all(waiting)),
    ...(await brokenTurns(judged)),
    ...running,
    ...(faults.length > 0 ? [] : [...mended, ...dead]),
  ];
}

/** What executions of one workflow did together, by the order in which commits were really made. */
async function brokenTurns({ deployment: { stores }, recorder }: Judged): Promise<readonly Broken[]> {
  const records = await Promise.all(recorder.executions().map((id) => stores.ledger.findExecution(id)));
  const limited = records.filter((record) => record?.turn !== undefined).filter((record) => record !== undefined);
  const workflows = Map.groupBy(limited, ({ workflow }) => workflow);
  const found = [...workflows.values()].map(async (same) => {
    const [{ workflow, version }] = same as [(typeof same)[number]];
    const turns = (await stores.definitions.find(workflow, version))?.plan.turns;
    const histories = same.map(({ id, turn }) => ({
      events: recorder.history(id),
      ...(turn?.key !== undefined && { key: turn.key }),
    }));
    return turns ? verifyTurns(turns, histories).map((message) => ({ name: 'turns', path: workflow, message })) : [];
  });
  return (await Promise.all(found)).flat();
}

/** Spans and moments that are read from clocks: they say nothing where the clocks differ. */
const byClock: ReadonlySet<AnomalyName> = new Set([
  'limit_exceeded',
  'rate_exceeded',
  'calls_at_once',
  'waited_too_short',
  'wrong_event',
]);
/** Of these, what the order in which commits were really made still shows. */
const byOrder: ReadonlySet<AnomalyName> = new Set(['limit_exceeded', 'calls_at_once']);

async function violationsOf({ deployment, recorder, faults }: Judged, id: ExecutionId): Promise<readonly Violation[]> {
  const reader = createReader(deployment.stores, () => true);
  const violations = await reader.verify(id);
  if (!faults.some(({ kind }) => kind === 'clock_off')) return violations;
  const really = verifyHistory({ events: recorder.history(id), plan: await reader.plan(id) });
  return [...violations.filter(({ name }) => !byClock.has(name)), ...really.filter(({ name }) => byOrder.has(name))];
}
