// What may happen to messages on their way from a stream or a queue to a function: some are lost, come twice, or come late.
// Takes: the handler, and a file with the rates, which tests write and remove while functions run. Gives: a handler like it.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds that a late message is late at the most. */
const LATEST = 2_000;

/** What is written there: `[{ from, about, lost, twice, late }]`, where the first fitting entry counts. Mostly nothing is. */
function readRules(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

/** The rates for a message from such a source, with such a text in it. */
function ratesOf(rules, record) {
  const said = JSON.stringify(record);
  const found = rules.find(({ from, about }) => record.eventSourceARN.includes(from) && said.includes(about));
  return found ?? { lost: 0, twice: 0, late: 0 };
}

function shuffled(records) {
  return records
    .map((record) => ({ record, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ record }) => record);
}

export function withFaults(handler, file) {
  // An execution environment does one thing at a time.
  let before = Promise.resolve();
  const inTurn = (event, context) => {
    const result = before.then(() => handler(event, context));
    before = result.catch(() => undefined);
    return result;
  };
  const late = async (record, context) => {
    await delay(Math.random() * LATEST);
    // A late message that fails is lost: what the queue would repeat has been taken from it.
    await inTurn({ Records: [record] }, context).catch(() => undefined);
  };
  return (event, context) => {
    const rules = event?.Records?.[0]?.eventSourceARN === undefined ? [] : readRules(file);
    if (rules.length === 0) return inTurn(event, context);
    const happens = (rate) => Math.random() < rate;
    const now = event.Records.filter((record) => {
      const rates = ratesOf(rules, record);
      if (happens(rates.lost)) return false;
      const isLate = happens(rates.late);
      if (isLate || happens(rates.twice)) void late(record, context);
      return !isLate;
    });
    if (now.length === 0) return { batchItemFailures: [] };
    return inTurn({ Records: shuffled(now) }, context);
  };
}
