import { z } from 'zod';

const ruffMessages = z.array(
  z.object({
    code: z.string().nullable(),
    message: z.string(),
    start_location: z.object({ row: z.int() }),
  }),
);

export interface PythonMessage {
  /** Ruff's rule (`F401`), or `invalid-syntax`. */
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

export type PythonCheck = (text: string) => PythonMessage[];

/** Ruff, compiled to WebAssembly: no Python is needed, and no configuration of the repository is read. */
export async function createPythonCheck(lint: Readonly<Record<string, unknown>>): Promise<PythonCheck> {
  // 10 MB of WebAssembly: loaded only where there is Python to look at.
  const { PositionEncoding, Workspace } = await import('@astral-sh/ruff-wasm-nodejs');
  const workspace = new Workspace({ lint }, PositionEncoding.Utf16);
  return (text) =>
    ruffMessages.parse(workspace.check(text)).map(({ code, message, start_location }) => ({
      code: code ?? 'invalid-syntax',
      message,
      line: start_location.row,
    }));
}
