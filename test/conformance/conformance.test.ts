import { describe, expect, it } from 'vitest';
import { differences } from './compare.ts';
import { inJsonata } from './in-jsonata.ts';
import { readRecordings, recordingsFolder, type Recording } from './recordings.ts';
import { replay } from './replay.ts';
import { asJson, judge, report } from './score.ts';

const recordings = readRecordings(recordingsFolder) ?? [];

describe('the interpreter against recordings of AWS', () => {
  if (recordings.length === 0) {
    it('needs the recordings', () => {
      console.info(
        `skipped: no recordings of AWS Step Functions lie in ${recordingsFolder}; SKEIN_CONFORMANCE names a folder`,
      );
    });
    return;
  }

  it('agrees on every execution that it runs, among them all of JSONata', async () => {
    const judged = await Promise.all(recordings.map(judge));

    const executions = judged.filter(({ recording }) => recording.kind === 'execution');
    const ofJsonata = executions.filter(({ recording }) => recording.queryLanguage !== 'JSONPath');
    console.info(report(judged));
    expect(judged.flatMap((one) => (one.outcome === 'failed' ? [one.recording.id, ...one.reasons] : []))).toEqual([]);
    expect(ofJsonata.filter(({ outcome }) => outcome !== 'passed').map(({ recording }) => recording.id)).toEqual([]);
    expect(ofJsonata.length).toBeGreaterThanOrEqual(95);
    expect(executions.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThanOrEqual(256);
  });

  it('disagrees as soon as a recording says something else', async () => {
    const { missed, tampered } = await tamperWith(recordings);

    expect(missed).toEqual([]);
    expect(tampered).toBeGreaterThan(200);
  });
});

/** Recordings with another output, error or status, or without their second event; what passes all the same is missed. */
async function tamperWith(all: readonly Recording[]) {
  const missed: string[] = [];
  let tampered = 0;
  for (const recording of all) {
    const machine = inJsonata(recording.definition);
    const { expected } = recording;
    if (typeof machine === 'string' || recording.kind !== 'execution' || !expected.history) continue;
    if ((await judge(recording)).outcome !== 'passed') continue;
    const result = await replay(recording, machine);
    const changes: Recording['expected'][] = [
      expected.status === 'SUCCEEDED' ? { ...expected, output: { other: 1 } } : { ...expected, error: 'Other' },
      { ...expected, status: expected.status === 'SUCCEEDED' ? 'FAILED' : 'SUCCEEDED' },
      { ...expected, history: expected.history.filter((_, index) => index !== 1) },
    ];
    for (const changed of changes) {
      tampered += 1;
      if (differences({ ...recording, expected: changed }, result).length === 0) missed.push(recording.id);
    }
  }
  return { missed, tampered };
}

const own: Recording = {
  id: 'own/adds',
  family: 'own',
  kind: 'execution',
  queryLanguage: 'mixed',
  definition: {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { 'Token.$': '$$.Task.Token', 'Count.$': '$.items[1]', Text: 'how many?' },
        ResultPath: '$.answer',
        Catch: [{ ErrorEquals: ['Refused'], ResultPath: '$.error', Next: 'Refused' }],
        Next: 'Add',
      },
      Add: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.answer + 1 %}', End: true },
      Refused: { Type: 'Pass', InputPath: '$.error.Cause', End: true },
    },
  },
  input: { items: [2, 3] },
  notes: [],
  tasks: [
    {
      state: 'Ask',
      parameters: { Token: '<token>', Count: 3, Text: 'how many?' },
      submitted: { MessageId: '<id>' },
      result: { output: 41 },
    },
  ],
  wildcards: ['<token>', '<id>'],
  expected: { status: 'SUCCEEDED', output: 42 },
};

describe('judge', () => {
  it('passes a recording of plain references and of JSONata, whose task is answered by its token', async () => {
    expect(await judge(own)).toMatchObject({ outcome: 'passed' });
  });

  it('passes one whose task fails', async () => {
    const failed: Recording = {
      ...own,
      tasks: [{ ...own.tasks[0]!, result: { error: 'Refused', cause: 'busy' } }],
      expected: { status: 'SUCCEEDED', output: 'busy' },
    };

    expect(await judge(failed)).toMatchObject({ outcome: 'passed' });
  });

  it('fails one that ends otherwise, and says where', async () => {
    const other: Recording = { ...own, expected: { status: 'SUCCEEDED', output: 43 } };

    expect(await judge(other)).toMatchObject({ outcome: 'failed', reasons: ['output: expected 43, was 42'] });
  });

  it('fails one whose tasks are called with something else', async () => {
    const other: Recording = {
      ...own,
      expected: {
        ...own.expected,
        history: [{ id: 3, prev: 2, type: 'TaskScheduled', details: { parameters: { Count: 4 } } }],
      },
    };

    expect(await judge(other)).toMatchObject({
      outcome: 'failed',
      reasons: expect.arrayContaining([
        expect.stringContaining('history: event 3 TaskScheduled, parameters: expected {"Count":4}') as string,
      ]) as string[],
    });
  });

  it.each([
    [{ Type: 'Choice', Choices: [], Default: 'a' }, 'the rules of a JSONPath Choice'],
    [{ Type: 'Pass', Parameters: { 'a.$': 'States.UUID()' }, End: true }, 'intrinsic functions of JSONPath'],
    [{ Type: 'Pass', InputPath: '$..a', End: true }, 'JSONPath beyond plain references'],
    [{ Type: 'Map', ItemReader: {}, ItemProcessor: {}, End: true }, 'the field ItemReader of a Map'],
    [
      { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, States: {} }, End: true },
      'a distributed Map',
    ],
    [{ Type: 'Loop' }, 'states of type Loop'],
  ])('does not run %o, and says why', async (state, reason) => {
    const recording: Recording = { ...own, definition: { StartAt: 'a', States: { a: state } } };

    expect(await judge(recording)).toMatchObject({ outcome: 'unsupported', reason });
  });

  it('leaves recordings of other operations apart', async () => {
    const judged = await judge({ ...own, kind: 'test_state' });

    expect(judged).toMatchObject({ outcome: 'unsupported', reason: 'the TestState operation' });
    expect(report([judged])).toContain('Recordings of other operations');
  });
});

describe('report', () => {
  it('counts by family and language, and lists what failed with its reasons', async () => {
    const judged = [await judge(own), await judge({ ...own, id: 'own/other', expected: { status: 'FAILED' } })];

    expect(report(judged).split('\n')).toEqual(
      expect.arrayContaining([
        'own                  mixed               1           1           0',
        'own/other',
        '    status: expected "FAILED", was "SUCCEEDED"',
      ]),
    );
    expect(asJson(judged)).toMatchObject({ passed: ['own/adds'], failed: [{ id: 'own/other' }], unsupported: [] });
  });
});
