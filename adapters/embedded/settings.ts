import type { Database } from './open-database.ts';

/** A value that belongs to the database for good: the stored one, or, the first time, what `create` gives. */
export async function keepSetting(database: Database, name: string, create: () => string): Promise<string> {
  const find = database.prepare('SELECT value FROM settings WHERE name = ?');
  const put = database.prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
  const stored = () => database.read(() => find.get(name)?.['value']);
  if (stored() === undefined) await database.write(() => put.run(name, create()));
  return String(stored());
}
