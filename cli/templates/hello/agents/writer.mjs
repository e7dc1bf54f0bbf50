// An agent is a function of its task. What it returns is the task's output; an error that it throws fails the attempt,
// and the error's `name` is what retry policies match.
export default async function writer(task, context) {
  context.log(`writing, attempt ${context.attempt}`);
  return { text: task.input.text };
}
