import { describe, expect, it } from 'vitest';
import { createSecretNote } from '../../../adapters/aws/index.ts';

function noteOn(answer: () => unknown) {
  const sent: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => {
    sent.push(input);
    return answer();
  };
  // One of the client's many overloads is all that is called.
  return { note: createSecretNote({ client: { send } }), sent };
}

describe('createSecretNote', () => {
  it('leaves the text in the secret', async () => {
    const { note, sent } = noteOn(() => ({}));

    await note.leave('arn:secret', 'a text');

    expect(sent).toEqual([{ SecretId: 'arn:secret', SecretString: 'a text' }]);
  });

  it.each([
    ['AccessDeniedException', 'secret_refused'],
    ['InternalServiceError', 'secret_unavailable'],
  ])('throws for %s an error of ours: %s', async (name, code) => {
    const { note } = noteOn(() => {
      throw Object.assign(new Error('no'), { name });
    });

    await expect(note.leave('arn:secret', 'a text')).rejects.toMatchObject({ code });
  });
});
