import { digestOfText, type Json } from '../json/index.ts';
import type { ExecutionId, TaskPath } from '../ids/index.ts';
import type { StoredValue } from './record.ts';

/** Where letters come from that nobody could deal with. */
export const letterSources = [
  'timers',
  'answers',
  'machines',
  'endings',
  'projections',
  'sweeps',
  'resources',
  'webhooks',
  'engine',
] as const;
export type LetterSource = (typeof letterSources)[number];

/** What was given up after its tries, and why. */
export interface Letter {
  readonly source: LetterSource;
  /** This copy of it: whoever brings the same copy again has brought it once. */
  readonly copy: string;
  /** What it is about: all letters of a source about one thing are one incident. */
  readonly about: string;
  readonly reason: string;
  readonly body: StoredValue;
  readonly execution?: ExecutionId;
  readonly task?: TaskPath;
}

export const incidentStatuses = ['open', 'redriven', 'closed'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

/** What somebody has done about an incident. */
export type IncidentAct = {
  readonly did: 'redriven' | 'closed';
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly why?: string;
};

/** A letter that nobody could deal with, as it is recorded: JSON. Times are epoch milliseconds. */
export type Incident = {
  /** `inc_` and 26 characters that follow from what the letter is about. */
  readonly id: string;
  readonly source: LetterSource;
  /** Of the last letter. */
  readonly reason: string;
  readonly body: StoredValue;
  readonly copy: string;
  readonly status: IncidentStatus;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Letters so far. */
  readonly letters: number;
  /** What was done about it, oldest first; the last few. */
  readonly acts: readonly IncidentAct[];
  readonly execution?: ExecutionId;
  readonly task?: TaskPath;
};

/** Sends what an incident's letters said on its way once more. False: there is nothing that could be sent. */
export type Redrive = (incident: Incident, body: Json) => Promise<boolean>;

export type IncidentNews =
  | { readonly kind: 'arrived'; readonly letter: Letter }
  | { readonly kind: 'redriven'; readonly by: string }
  | { readonly kind: 'closed'; readonly by: string; readonly why?: string };

/** Characters of a reason that are kept. */
const REASON_LENGTH = 1_000;
/** Acts that are kept. */
const ACTS_KEPT = 20;

/** The same for every letter of this source about the same thing. */
export function incidentIdOf({ source, about }: Pick<Letter, 'source' | 'about'>): string {
  return `inc_${digestOfText(`${source}\n${about}`).slice(0, 26)}`;
}

/**
 * An incident after news of it; itself where they change nothing. A letter opens it again, whatever was done before, unless it is a copy that
 * has been counted. What is closed cannot be redriven: undefined.
 */
export function decideIncident(before: Incident | undefined, news: IncidentNews, now: number): Incident | undefined {
  if (news.kind === 'arrived') return arrived(before, news.letter, now);
  if (!before) return undefined;
  const { kind: did, ...who } = news;
  if (before.status === did) return before;
  if (before.status === 'closed') return undefined;
  const acts = [...before.acts, { did, ...who, at: now }].slice(-ACTS_KEPT);
  return { ...before, status: did, acts };
}

function arrived(before: Incident | undefined, letter: Letter, now: number): Incident {
  if (before?.copy === letter.copy) return before;
  const { source, copy, reason, body, execution, task } = letter;
  return {
    id: incidentIdOf(letter),
    source,
    copy,
    reason: reason.slice(0, REASON_LENGTH),
    body,
    status: 'open',
    firstSeen: before?.firstSeen ?? now,
    lastSeen: now,
    letters: (before?.letters ?? 0) + 1,
    acts: before?.acts ?? [],
    ...(execution !== undefined && { execution }),
    ...(task !== undefined && { task }),
  };
}
