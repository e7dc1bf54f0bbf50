/** A client of the SDK whose answers are ours: what was sent, and what is answered or thrown. */
export function sentCommands<Client extends { send: unknown }>(
  answer: (input: Record<string, unknown>, count: number) => unknown = () => ({}),
) {
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const send = async (command: { readonly input: object }): Promise<unknown> => {
    // A casting boundary: commands of the SDK are classes without a common type for their inputs.
    const input = command.input as Record<string, unknown>;
    sent.push({ name: command.constructor.name, input });
    return answer(input, sent.length);
  };
  // The SDK's clients have an overload for each of their commands.
  return { client: { send } as unknown as Pick<Client, 'send'>, sent };
}

/** An error as the SDK throws it. */
export function awsError(name: string): Error {
  return Object.assign(new Error('said by AWS'), { name });
}
