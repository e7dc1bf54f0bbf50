import type { JsonObject } from '../json/index.ts';

/** A workflow that a task can start, as validation needs to know it. */
export interface KnownWorkflow {
  readonly name: string;
  readonly version: string;
  /** JSON Schema of its input. */
  readonly input?: JsonObject;
  /** The workflows that it starts itself. */
  readonly calls: readonly WorkflowCall[];
}

export interface WorkflowCall {
  readonly name: string;
  /** Absent: the latest. */
  readonly version?: string;
}

/** The workflows that are there to be started: published, or beside the file. */
export interface WorkflowCatalogue {
  /** Without a version, the latest. */
  find(name: string, version?: string): KnownWorkflow | undefined;
  /** For suggestions; absent: none are made. */
  names?(): Iterable<string>;
}
