import { z } from 'zod';
import type { DiagnosticRow } from '../../core/diagnostics/index.ts';
import {
  CapacityError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  UnavailableError,
  type EngineError,
} from '../../core/errors/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';

/** What a deployment answers when it refuses; anything else stands between it and us, such as a proxy. */
const problemSchema = z.looseObject({
  code: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  diagnostics: z.array(z.looseObject({ file: z.string(), code: z.string() })).optional(),
});
type Problem = z.infer<typeof problemSchema>;

export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** Of the header, in seconds. */
  readonly retryAfter: number | undefined;
  /** `GET https://…/…` */
  readonly place: string;
  /** Name of the profile. */
  readonly profile: string;
}

/** A definition that the deployment has found wrong: its diagnostics are printed as those of this machine. */
export class DefinitionRefused extends InvalidRequestError {
  readonly diagnostics: readonly DiagnosticRow[];
  /** The definition, as its path was given; absent: the one that was asked for. */
  readonly file: string | undefined;

  constructor(
    options: ConstructorParameters<typeof InvalidRequestError>[0],
    diagnostics: readonly DiagnosticRow[],
    file?: string,
  ) {
    super(options);
    this.diagnostics = diagnostics;
    this.file = file;
  }

  /** The same, said of this file. */
  in(file: string): DefinitionRefused {
    const { code, message, hint, details } = this;
    return new DefinitionRefused(
      { code, message, ...(hint !== undefined && { hint }), details },
      this.diagnostics,
      file,
    );
  }
}

/** What an answer other than 2xx means for the person at the terminal. */
export function errorOfRefusal(refusal: Refusal): EngineError {
  const { status, place } = refusal;
  const problem = problemIn(refusal.body);
  const options = {
    code: problem?.code ?? `http_${status}`,
    message: problem ? withErrors(problem) : `the server answered ${status} without saying why`,
    hint: problem?.hint ?? hintOf(refusal),
    // What Skein itself says is about the command; what something in between says is about the request.
    details: { status, ...(!problem && { place }) } satisfies Record<string, Json>,
  };
  if (problem?.diagnostics) {
    // The deployment prints its diagnostics by the same rules as we do.
    return new DefinitionRefused(options, problem.diagnostics as unknown as DiagnosticRow[]);
  }
  if (status === 404) return new NotFoundError(options);
  if (status === 409) return new ConflictError(options);
  if (status === 507) return new CapacityError(options);
  return status === 429 || status >= 500 ? new UnavailableError(options) : new InvalidRequestError(options);
}

function problemIn(body: string): Problem | undefined {
  try {
    return problemSchema.safeParse(parseJson(body)).data;
  } catch {
    return undefined;
  }
}

function withErrors({ detail, errors = [] }: Problem): string {
  return [detail, ...errors.map(({ pointer, detail: said }) => `${pointer} ${said}`)].join('; ');
}

function hintOf({ status, retryAfter, profile }: Refusal): string {
  const doctor = `\`skein doctor --profile ${profile}\``;
  if (status === 401) return `the token of ${profile} is missing, wrong or has expired: ${doctor} says which`;
  if (status === 403) return `the token of ${profile} lacks a scope: ${doctor} shows those that it has`;
  if (status === 404) return 'check the id; `skein list` and `skein workflows` show those there are';
  if (status === 429 || status === 503) return `try again ${retryAfter === undefined ? 'later' : `in ${retryAfter} s`}`;
  return status >= 500 ? `${doctor} looks whether the deployment works` : `${doctor} looks at the profile`;
}
