/** What something takes of the quotas that a machine can be cut for. */
export interface Weight {
  /** Characters of a definition: ids are ASCII, so they are bytes. */
  readonly raw: number;
  /** Characters of the definition as a JSON string. */
  readonly escaped: number;
  /** Of the longest history. */
  readonly events: number;
}

export const nothing: Weight = { raw: 0, escaped: 0, events: 0 };

export function sum(weights: readonly Weight[]): Weight {
  let [raw, escaped, events] = [0, 0, 0];
  for (const weight of weights) {
    raw += weight.raw;
    escaped += weight.escaped;
    events += weight.events;
  }
  return { raw, escaped, events };
}

export function difference(one: Weight, other: Weight): Weight {
  return { raw: one.raw - other.raw, escaped: one.escaped - other.escaped, events: one.events - other.events };
}

/** As text it stands there once; its events come each time. */
export function repeated(weight: Weight, times: number): Weight {
  return { ...weight, events: weight.events * times };
}

export function fits(weight: Weight, budget: Weight): boolean {
  return weight.raw <= budget.raw && weight.escaped <= budget.escaped && weight.events <= budget.events;
}

/** The share of the budget that it takes, of whatever it takes most. */
export function shareOf(weight: Weight, budget: Weight): number {
  return Math.max(weight.raw / budget.raw, weight.escaped / budget.escaped, weight.events / budget.events);
}

export function weightOfText(text: string, events: number): Weight {
  return { raw: text.length, escaped: JSON.stringify(text).length - 2, events };
}
