// Stands for one of the engine's functions: hands the call to the test's own process, where the engine is.
export async function handler(payload) {
  const body = JSON.stringify({ function: process.env.ENGINE_FUNCTION, payload });
  const response = await fetch(process.env.BRIDGE_URL, { method: 'POST', body });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.message), { name: answer.name });
}
