import type { TaskPath } from '../../ids/index.ts';
import type { CauseLink, NextStep } from './explanation.ts';

/** A cause that leads on to another task, or the root: what comes next, the stop of the execution, a container that has ended. */
export type Step =
  | { readonly link: CauseLink; readonly because: TaskPath }
  | { readonly link: CauseLink; readonly next: NextStep }
  | { readonly link: CauseLink; readonly stop: true }
  | { readonly link: CauseLink; readonly ended: TaskPath };
