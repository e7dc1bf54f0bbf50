import { canonicalJson, isJsonObject, type Json } from '../../../core/json/index.ts';
import { tokenOfCall } from '../../../engine/index.ts';

/** A call that the embedded machine has made, and that waits for the same call of the distant one. */
export interface ExpectedCall {
  /** What is called, with what. */
  readonly key: string;
  /** The embedded state's; absent where a state waits for no token. */
  readonly token: string | undefined;
  readonly resolve: (answer: Json) => void;
}

/** Where calls of the embedded machine wait for their counterparts. */
export interface Rendezvous {
  /** The embedded machine calls: resolves with the answer that the distant one gets. */
  expect(functionName: string, payload: Json): Promise<Json>;
  /** The distant machine calls: the oldest call like it, if there is one. */
  meet(functionName: string, payload: Json): ExpectedCall | undefined;
  waiting(): readonly ExpectedCall[];
}

export function createRendezvous(): Rendezvous {
  const expected = new Set<ExpectedCall>();
  return {
    expect: (functionName, payload) =>
      new Promise(
        (resolve) => void expected.add({ key: keyOf(functionName, payload), token: tokenOfCall(payload), resolve }),
      ),
    meet(functionName, payload) {
      const key = keyOf(functionName, payload);
      const found = expected.values().find((call) => call.key === key);
      if (found) expected.delete(found);
      return found;
    },
    waiting: () => [...expected],
  };
}

/** Both machines say the same except for their tokens. */
function keyOf(functionName: string, payload: Json): string {
  const { token: _token, ...said } = isJsonObject(payload) ? payload : {};
  return `${functionName} ${canonicalJson(said)}`;
}
