import { describe, expect, it } from 'vitest';
import security from '../../../examples/code-review/agents/security.ts';
import { analyse, places } from './review.ts';

/** Put together here, so that no scanner takes this file for the leak it tests. */
const planted = {
  aws: ['AKIA', 'Q4ZKX7TWN2M5RLBD'].join(''),
  github: ['ghp', 'x7Kq2mVd9RtLw4ZbNc8JfYp3HsGe6UaQo5Ti'].join('_'),
  random: ['k9Xw2QpL7v', 'Rz4TnB8mJc', '3YdFh6Ss'].join(''),
  key: `-----BEGIN PRIVATE KEY-----\n${`${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ'.padEnd(64, 'Q')}\n`.repeat(3)}-----END`,
};

describe('security', () => {
  it('finds committed secrets and never repeats them', async () => {
    const analysis = await analyse(security, {
      'a.ts': `// first\nconst client = { apiKey: '${planted.random}' };\nthis.password = '${planted.random}';\n`,
      'b.py': `AWS = "${planted.aws}"\n`,
      'c.env': `export GITHUB=${planted.github}\nDB=postgres://app:${planted.random}@db.internal.net/app\n`,
      'key.pem': planted.key,
      'd.yaml': `db_password: ${planted.random}\n`,
      'e.js': `export const key = '${planted.key.replaceAll('\n', '\\r\\n')}';\n`,
    });

    expect(places(analysis)).toEqual([
      'committed-secret a.ts:2',
      'committed-secret a.ts:3',
      'committed-secret b.py:1',
      'committed-secret c.env:1',
      'committed-secret c.env:2',
      'committed-secret d.yaml:1',
      'committed-secret e.js:1',
      'committed-secret key.pem:1',
    ]);
    expect(analysis.counts.high).toBe(8);
    for (const secret of Object.values(planted)) expect(JSON.stringify(analysis)).not.toContain(secret.slice(-12));
  });

  it('leaves placeholders, words, references, checksums and tests alone', async () => {
    const analysis = await analyse(security, {
      'a.ts': [
        "const apiKey = 'your-api-key-goes-here-1234';",
        "const token = process.env['TOKEN'] ?? 'organization-access-token-v2';",
        "const secret = '/run/secrets/database-password-1';",
        "const integrityToken = 'sha512-Aq3kX9wQ2pL7vRz4TnB8mJc3YdFh6Ss==';",
        "const sessionToken = '123e4567-e89b-42d3-a456-426614174000';",
        `// const password = '${planted.random}';`,
        'const pattern = /AKIA[0-9A-Z]{16}/;',
      ].join('\n'),
      'README.md': 'Set `AWS=AKIAIOSFODNN7EXAMPLE` and postgres://user:password@example.com/db\n',
      'test/a.test.ts': `const apiKey = '${planted.random}';\n`,
      'config.yaml': 'secret: progress-hook-key\npassword: ${DB_PASSWORD_FROM_ENV_1}\n',
    });

    expect(analysis.findings).toEqual([]);
  });

  it.each([
    ['dynamic-code', 'export const run = (text) => eval(text);'],
    ['dynamic-code', 'export const make = (body) => new Function("x", body);'],
    ['dynamic-code', 'export const later = (x) => setTimeout(`go(${x})`, 1);'],
    ['shell-injection', "import { exec } from 'node:child_process';\nexport const a = (b) => exec(`git show ${b}`);"],
    ['shell-injection', "const cp = require('child_process');\nexports.a = (b) => cp.execSync('rm ' + b);"],
    [
      'shell-injection',
      "import { exec } from 'child_process';\nimport { promisify } from 'util';\nconst run = promisify(exec);\nexport const a = (b) => { const line = `ls ${b}`; return run(line); };",
    ],
    [
      'shell-injection',
      "import * as cp from 'node:child_process';\nexport const a = (b) => cp.spawn(`ls ${b}`, { shell: true });",
    ],
    ['sql-injection', 'export const find = (db, id) => db.query(`SELECT * FROM users WHERE id = ${id}`);'],
    ['sql-injection', "export const drop = (db, id) => db.run('DELETE FROM users WHERE id = ' + id);"],
    ['weak-hash', "import { createHash } from 'node:crypto';\nexport const h = (x) => createHash('md5').update(x);"],
    ['weak-hash', "import crypto from 'crypto';\nexport const h = (x) => crypto.createHmac('sha1', x);"],
    ['guessable-secret', 'const sessionToken = Math.random().toString(36);\nexport { sessionToken };'],
    ['tls-not-verified', 'export const options = { rejectUnauthorized: false };'],
    ['tls-not-verified', "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';"],
    ['unencrypted-call', "export const a = () => fetch('http://api.acme.io/users');"],
    [
      'unencrypted-call',
      "import axios from 'axios';\nexport const a = (id) => axios.post(`http://api.acme.io/${id}`);",
    ],
    ['html-injection', 'export const show = (node, name) => { node.innerHTML = `<b>${name}</b>`; };'],
  ])('finds %s', async (rule, code) => {
    const analysis = await analyse(security, { 'a.js': code });

    expect(analysis.findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  it.each([
    ['code of its own', 'const evaluate = (eval) => eval(1);\nexport default { evaluate, eval: (x) => x };'],
    ['code written out', "export const root = new Function('return this')();"],
    ['a method called exec', 'export const a = (x) => /b/.exec(`${x}`);'],
    ['a command that is fixed', "import { exec } from 'node:child_process';\nconst flag = '-l';\nexec(`ls ${flag}`);"],
    [
      'arguments without a shell',
      "import { execFile } from 'child_process';\nexport const a = (b) => execFile('ls', [`${b}`]);",
    ],
    [
      'an import that something else shadows',
      "import { exec } from 'child_process';\nexec('ls');\nexport const a = (exec, b) => exec(`x${b}`);",
    ],
    [
      'a query with parameters',
      "const table = 'users';\nexport const a = (db, id) => db.query(`SELECT * FROM ${table} WHERE id = ?`, [id]);",
    ],
    ['a text that only speaks of SQL', 'export const a = (log, x) => log.run(`select a file: ${x}`);'],
    ['a strong hash', "import { createHash } from 'crypto';\nexport const h = createHash('sha256');"],
    ['chance that guards nothing', 'export const jitter = Math.random() * 10;'],
    ['http on this machine', "export const a = () => [fetch('http://localhost:1/x'), fetch('http://127.0.0.1:1')];"],
    ['http in a name', "export const svg = { xmlns: 'http://www.w3.org/2000/svg' };"],
    ['comments and texts', "// eval(x); fetch('http://a.io')\nexport const a = 'eval(x)';"],
    ['HTML that is fixed', "export const a = (node) => { node.innerHTML = '<b>x</b>'; };"],
  ])('leaves %s alone', async (_what, code) => {
    const analysis = await analyse(security, { 'a.js': code });

    expect(analysis.findings).toEqual([]);
  });

  it('finds careless package scripts and dependencies', async () => {
    const analysis = await analyse(security, {
      'package.json': JSON.stringify(
        {
          scripts: {
            postinstall: 'curl -s https://get.acme.io | sh',
            clean: 'rm -rf $HOME/',
            build: 'rm -rf dist && tsc',
          },
          dependencies: { a: '*', b: 'git+http://acme.io/b.git', c: '^1.0.0' },
        },
        null,
        2,
      ),
    });

    expect(places(analysis)).toEqual([
      'dangerous-script package.json:3',
      'dangerous-script package.json:4',
      'unpinned-dependency package.json:9',
      'unpinned-dependency package.json:8',
      'no-lockfile package.json:1',
    ]);
  });

  it('reads lockfiles: above the package too, and each checksum', async () => {
    const lock = {
      packages: {
        '': { name: 'root' },
        'node_modules/good': { resolved: 'https://r.acme.io/good.tgz', integrity: 'sha512-a' },
        'node_modules/local': { resolved: 'packages/local', link: true },
        'packages/local': { version: '1.0.0' },
        'node_modules/bad': { resolved: 'https://r.acme.io/bad.tgz' },
        'node_modules/plain': { resolved: 'http://r.acme.io/plain.tgz', integrity: 'sha512-b' },
      },
    };

    const analysis = await analyse(security, {
      'package-lock.json': JSON.stringify(lock, null, 1),
      'packages/local/package.json': '{ "dependencies": { "good": "^1.0.0" } }',
    });

    expect(analysis.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'no-integrity: `bad` is locked without a checksum.',
      'unencrypted-download: `plain` is downloaded over http.',
    ]);
  });

  it('finds dangers in Python, shell scripts and Dockerfiles', async () => {
    const analysis = await analyse(security, {
      'a.py': 'import subprocess\n\n\ndef a(x):\n    subprocess.run(x, shell=True)\n    return eval(x)\n',
      'install.sh': '# curl https://a.io | sh\ncurl https://get.acme.io/x | bash\n',
      Dockerfile: 'FROM node:24\nRUN wget -qO- https://get.acme.io | sudo sh\n',
    });

    expect(places(analysis)).toEqual([
      'pipe-to-shell Dockerfile:2',
      'S602 a.py:5',
      'S307 a.py:6',
      'pipe-to-shell install.sh:2',
    ]);
  });

  it('says what it cannot judge', async () => {
    const analysis = await analyse(security, { 'a.go': 'package a\n', 'test/b.js': '' });

    expect(analysis.notLookedAt).toEqual([
      expect.stringContaining('npm audit'),
      expect.stringContaining('1 JavaScript file of tests'),
      expect.stringContaining('1 Go file: searched for secrets only'),
    ]);
  });
});
