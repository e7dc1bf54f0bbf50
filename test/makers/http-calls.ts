/** The body of an HTTP agent's call, as the engine posts it. */
export function httpCall(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    handle: 'hdl_1',
    execution: 'exec_1',
    task: 'count',
    path: 'count',
    attempt: 1,
    agent: 'counter',
    input: { text: 'to be' },
    index: 0,
    count: 1,
    idempotency_key: 'exec_1/count',
    deadline: '2026-11-21T00:05:00.000Z',
    callback: callbackAt('http://engine.test'),
    ...change,
  };
}

export function callbackAt(engine: string): Record<'complete' | 'fail' | 'heartbeat', string> {
  const base = `${engine}/api/v1/tasks/hdl_1`;
  return { complete: `${base}/complete`, fail: `${base}/fail`, heartbeat: `${base}/heartbeat` };
}

export function post(body: unknown, headers: Record<string, string> = {}): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request('http://agent.test/', { method: 'POST', body: text, headers });
}
