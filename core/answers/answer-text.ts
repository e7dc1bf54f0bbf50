/** The agent's answer is nothing that JSON can say. `name` is what retry policies match. */
export class InvalidOutput extends Error {
  override readonly name = 'InvalidOutput';
  readonly retryable = false;
}

/**
 * An agent's answer as JSON text, or InvalidOutput. Stricter than JSON.stringify, which would turn NaN into null and a Map into
 * `{}` without a word: losing data silently is worse than failing. `undefined` is null, and as a member it is absent.
 */
export function answerText(answer: unknown, maxBytes: number): string {
  let text: string;
  try {
    text = JSON.stringify(answer ?? null, refuseWhatJsonLoses);
  } catch (error) {
    if (error instanceof InvalidOutput) throw error;
    // Cycles and bigints (TypeError), nesting that overflows the stack and text beyond V8's limit (RangeError).
    throw new InvalidOutput(`The answer is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  throw new InvalidOutput(`The answer has ${bytes} bytes of JSON, and ${maxBytes} is the most.`);
}

/** JSON.stringify calls it with the holder as `this`, after toJSON. */
function refuseWhatJsonLoses(this: unknown, key: string, value: unknown): unknown {
  const loss = lossOf(value);
  if (loss === undefined) return value;
  throw new InvalidOutput(`The answer is not JSON: ${key === '' ? 'it' : `\`${key}\``} is ${loss}.`);
}

function lossOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  return `an instance of ${constructorName(value)}`;
}

function constructorName(value: object): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'some class';
}
