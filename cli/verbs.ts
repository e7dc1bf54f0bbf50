import type { Verb } from './verb.ts';

/** In the order of the help. Each is loaded by itself: what the others need would take a third of a short command's time. */
const loaders: Readonly<Record<string, () => Promise<Verb>>> = {
  init: async () => (await import('./commands/init.ts')).initVerb,
  validate: async () => (await import('./commands/validate.ts')).validateVerb,
  plan: async () => (await import('./commands/plan.ts')).planVerb,
  export: async () => (await import('./commands/export.ts')).exportVerb,
  schema: async () => (await import('./commands/schema.ts')).schemaVerb,
  publish: async () => (await import('./commands/publish.ts')).publishVerb,
  workflows: async () => (await import('./commands/workflows.ts')).workflowsVerb,
  run: async () => (await import('./commands/run.ts')).runVerb,
  dev: async () => (await import('./commands/dev.ts')).devVerb,
  resume: async () => (await import('./commands/resume.ts')).resumeVerb,
  pause: async () => (await import('./commands/pause.ts')).pauseVerb,
  cancel: async () => (await import('./commands/cancel.ts')).cancelVerb,
  emit: async () => (await import('./commands/emit.ts')).emitVerb,
  approvals: async () => (await import('./commands/approvals.ts')).approvalsVerb,
  approve: async () => (await import('./commands/approve.ts')).approveVerb,
  reject: async () => (await import('./commands/reject.ts')).rejectVerb,
  task: async () => (await import('./commands/task.ts')).taskVerb,
  breakers: async () => (await import('./commands/breakers.ts')).breakersVerb,
  cache: async () => (await import('./commands/cache.ts')).cacheVerb,
  pools: async () => (await import('./commands/pools.ts')).poolsVerb,
  compensations: async () => (await import('./commands/compensations.ts')).compensationsVerb,
  dlq: async () => (await import('./commands/dlq.ts')).dlqVerb,
  list: async () => (await import('./commands/list.ts')).listVerb,
  status: async () => (await import('./commands/status.ts')).statusVerb,
  events: async () => (await import('./commands/events.ts')).eventsVerb,
  explain: async () => (await import('./commands/explain.ts')).explainVerb,
  'verify-history': async () => (await import('./commands/verify-history.ts')).verifyHistoryVerb,
  simulate: async () => (await import('./commands/simulate.ts')).simulateVerb,
  asl: async () => (await import('./commands/asl.ts')).aslVerb,
  deploy: async () => (await import('./commands/deploy.ts')).deployVerb,
  profile: async () => (await import('./commands/profile.ts')).profileVerb,
  doctor: async () => (await import('./commands/doctor.ts')).doctorVerb,
};

export function isVerb(name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(loaders, name);
}

/** The verb that a command line begins with; all of them where it begins with none, to tell what there is. */
export async function loadVerbs(args: readonly string[]): Promise<readonly Verb[]> {
  const [name] = args;
  const wanted = isVerb(name) ? [loaders[name]] : Object.values(loaders);
  return Promise.all(wanted.flatMap((load) => (load ? [load()] : [])));
}
