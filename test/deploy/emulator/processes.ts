import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that this one has started and that live still, oldest first; none where there is no /proc. */
export function childrenOf(pid: number): readonly number[] {
  return processIds().filter((id) => parentOf(id) === pid);
}

/** Those, what they have started, and so on. */
export function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // Its command may hold blanks and parentheses: what comes after the last one is state and parent.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
