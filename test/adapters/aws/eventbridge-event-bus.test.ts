import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createEventBridgeEventBus, type PublishedEvent } from '../../../adapters/aws/index.ts';
import { parseJson } from '../../../core/json/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const event = (id: string, change: Partial<PublishedEvent> = {}): PublishedEvent => ({
  id,
  source: 'skein.test',
  type: 'task.completed',
  subject: 'exec_1/lint',
  time: midnight,
  extensions: { tenant: 'acme', lamport: 7 },
  data: { attempts: 1 },
  ...change,
});

const entriesOf = ({ Entries }: Record<string, unknown>) => Entries as readonly PutEventsRequestEntry[];
const idOf = ({ Detail = '' }: PutEventsRequestEntry) => (parseJson(Detail) as { id: string }).id;

/** A bus that refuses the entries with these ids, as often as each is listed. */
function openBus(refused: readonly string[] = []) {
  const left = [...refused];
  const { client, sent } = sentCommands<EventBridgeClient>((input) => ({
    Entries: entriesOf(input).map((entry) => {
      const at = left.indexOf(idOf(entry));
      if (at === -1) return { EventId: 'e' };
      left.splice(at, 1);
      return { ErrorCode: 'ThrottlingException' };
    }),
  }));
  const requests = () => sent.map(({ input }) => entriesOf(input).map(idOf));
  return { bus: createEventBridgeEventBus({ client, bus: 'events' }), sent, requests };
}

describe('createEventBridgeEventBus', () => {
  it('publishes CloudEvents whose source and type rules can ask for', async () => {
    const { bus, sent } = openBus();

    await bus.publish([event('e1')]);

    const [entry] = entriesOf(sent[0]!.input);
    expect(entry).toMatchObject({ EventBusName: 'events', Source: 'skein.test', DetailType: 'task.completed' });
    expect(entry?.Time).toEqual(new Date(midnight));
    expect(parseJson(entry?.Detail ?? '')).toEqual({
      specversion: '1.0',
      id: 'e1',
      source: 'skein.test',
      type: 'task.completed',
      subject: 'exec_1/lint',
      time: '2026-11-21T00:00:00.000Z',
      datacontenttype: 'application/json',
      tenant: 'acme',
      lamport: 7,
      data: { attempts: 1 },
    });
  });

  it('asks nothing when there is nothing to publish', async () => {
    const { bus, sent } = openBus();

    await bus.publish([]);

    expect(sent).toEqual([]);
  });

  it('puts ten entries into a request at the most, in their order', async () => {
    const { bus, requests } = openBus();
    const ids = Array.from({ length: 23 }, (_, i) => `e${i}`);

    await bus.publish(ids.map((id) => event(id)));

    expect(requests().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(requests().flat()).toEqual(ids);
  });

  it('puts 256 KB into a request at the most', async () => {
    const { bus, requests } = openBus();
    const large = { text: 'x'.repeat(100 * 1024) };

    await bus.publish(['a', 'b', 'c', 'd', 'e'].map((id) => event(id, { data: large })));

    expect(requests()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('leaves out of an event that is too large what makes it so, and says that there is more', async () => {
    const { bus, sent } = openBus();
    const text = 'ü'.repeat(200 * 1024);

    await bus.publish([event('huge', { data: { execution_id: 'exec_1', text, state_snapshot: text } })]);

    const [entry] = entriesOf(sent[0]!.input);
    expect(parseJson(entry?.Detail ?? '')).toMatchObject({ id: 'huge' });
    expect((parseJson(entry?.Detail ?? '') as { data: object }).data).toEqual({
      execution_id: 'exec_1',
      truncated: true,
    });
  });

  it('publishes again, alone, what was refused', async () => {
    const { bus, requests } = openBus(['b', 'b']);

    await bus.publish([event('a'), event('b'), event('c')]);

    expect(requests()).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });

  it('throws UnavailableError when an event is refused again and again', async () => {
    const { bus, requests } = openBus(['b', 'b', 'b']);

    await expect(bus.publish([event('a'), event('b')])).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'event_bus_unavailable',
    });
    expect(requests()).toHaveLength(3);
  });

  it.each([
    ['InternalException', 'event_bus_unavailable'],
    ['ResourceNotFoundException', 'event_bus_refused'],
  ])('says what %s means', async (name, code) => {
    const { client } = sentCommands<EventBridgeClient>(() => {
      throw awsError(name);
    });

    await expect(createEventBridgeEventBus({ client, bus: 'events' }).publish([event('a')])).rejects.toMatchObject({
      code,
    });
  });
});
