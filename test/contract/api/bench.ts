import type { Scope } from '../../../api/index.ts';
import type { LetterSource } from '../../../core/execution/index.ts';
import type { ExecutionId } from '../../../core/ids/index.ts';
import type { ApiClient } from '../../makers/api-client.ts';
import type { ApiDocument } from '../../makers/api-document.ts';

/** A server that holds the contract, with two tenants. */
export interface ApiUnderTest {
  /** Without a slash at the end. */
  readonly url: string;
  /** A token; of tenant `one` unless said otherwise. */
  tokenFor(who: {
    readonly tenant?: 'one' | 'two';
    readonly subject?: string;
    readonly scopes: readonly Scope[];
    readonly roles?: readonly string[];
  }): Promise<string>;
  /** Has a letter given up that is about an execution of tenant `one`, as if all its tries had failed. Answers the incident's id. */
  giveUp(source: LetterSource, execution: ExecutionId): Promise<string>;
  /** How its agents' runtime reaches a port of this machine. */
  urlOfPort(port: number): string;
  close(): Promise<void>;
}

/** What the tests of the contract work with. */
export interface ApiBench {
  /** Ann of tenant `one`, who may do everything. */
  readonly ask: ApiClient;
  readonly server: ApiUnderTest;
  readonly document: ApiDocument;
  /** A name that no other test of this run, and no earlier run on the server, has. */
  readonly name: (what: string) => string;
}
