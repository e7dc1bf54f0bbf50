import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../local/interpreter/machine.ts';
import type { MachineResult } from '../../../local/interpreter/index.ts';
import { createMachineStage } from './machine-stage.ts';
import { matches, readRecordings, unsupported, withArguments, type RecordedMachine } from './recorded-machines.ts';

const recordings = readRecordings() ?? [];
const reasonOf = (recording: RecordedMachine) => unsupported.find(({ holds }) => holds(recording))?.reason;
const eligible = recordings.filter((recording) => reasonOf(recording) === undefined);

async function replay({ definition, input, tasks }: RecordedMachine): Promise<MachineResult> {
  const calls = [...tasks];
  const answer = () => {
    const { timedOut, error, cause = '' } = calls.shift()!.result;
    if (timedOut) return new Promise<never>(() => undefined);
    if (error === 'States.DataLimitExceeded') return 'x'.repeat(300_000);
    throw Object.assign(new Error(cause), { name: error });
  };
  const functions = new Proxy({}, { get: () => answer });
  return createMachineStage({ functions }).run(withArguments(definition) as unknown as Machine, input);
}

/** Lost when the recordings were made; gaps in their ids show where. */
const lost = ['ParallelStateSucceeded', 'ParallelStateExited'];

describe('the interpreter against recordings of AWS', () => {
  if (recordings.length === 0) {
    it('needs the recordings', () => {
      console.info('skipped: the recordings of AWS Step Functions do not lie beside the checkout');
    });
    return;
  }

  it('knows why it leaves a recording out', () => {
    const ofJsonata = recordings.filter(({ queryLanguage }) => queryLanguage === 'JSONata');
    const reasons = Map.groupBy(ofJsonata, (recording) => reasonOf(recording) ?? 'replayed');
    const counts = [...reasons].map(([reason, { length }]) => `${length} ${reason}`).sort();
    console.info(`${eligible.length} recordings replayed; of those in JSONata: ${counts.join(', ')}`);

    expect(reasons.get('replayed')?.length).toBeGreaterThanOrEqual(21);
    expect(reasons.has('fields of JSONPath')).toBe(false);
    expect(eligible.length).toBeGreaterThanOrEqual(42);
  });

  it.each(eligible.map((recording) => [recording.id, recording] as const))('agrees on %s', async (_id, recording) => {
    const { expected, wildcards = [] } = recording;

    const result = await replay(recording);

    const output = result.status === 'SUCCEEDED' ? result.output : undefined;
    const { error, cause } = result.status === 'FAILED' ? result : {};
    expect(result.status).toBe(expected.status);
    expect(error).toBe(expected.error);
    expect(matches(expected.output, output, wildcards), JSON.stringify(output)).toBe(true);
    expect(matches(expected.cause, cause, wildcards), cause).toBe(true);
  });

  it.each(
    eligible.flatMap((recording) => {
      const { history } = recording.expected;
      return history ? [[recording.id, recording, history] as const] : [];
    }),
  )('has the events of %s', async (_id, recording, recorded) => {
    const { history } = await replay(recording);

    const events = history.map(({ id, previousEventId, type }) => ({ id, prev: previousEventId, type }));
    const numbered = recorded.filter(({ id }) => id > 0);
    const left = recorded.map(({ type }) => type);
    const unseen = events.filter(({ type }) => {
      const index = left.indexOf(type);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
    expect(events).toEqual(expect.arrayContaining(numbered.map(({ id, prev, type }) => ({ id, prev, type }))));
    expect(left).toEqual([]);
    expect(unseen.map(({ type }) => type).filter((type) => !lost.includes(type))).toEqual([]);
    expect(events.at(-1)?.id).toBe(recorded.at(-1)?.id);
  });
});
