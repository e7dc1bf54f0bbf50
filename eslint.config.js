import tseslint from 'typescript-eslint';

const impure = [
  { object: 'Date', property: 'now', message: 'Time comes from the Clock port.' },
  { object: 'Math', property: 'random', message: 'Randomness comes from the Ids port.' },
  { object: 'process', property: 'env', message: 'The environment is read in cli/ and compose.ts only.' },
];
const wrongKeys = {
  object: 'JSON',
  property: 'parse',
  message: 'parseJson of core/json: JSON.parse can give wrong keys.',
};

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'coverage',
      'reports',
      '.skein',
      'test/fixtures/**',
      'test/golden/**',
      'cli/templates/**',
      // They import what is installed in the peers' own folders.
      'bench/peers/programs/*.mjs',
      // What runs inside of the emulator: plain JavaScript that is given to another process.
      'test/deploy/emulator/localstack/*.mjs',
      'test/local/twins/*.mjs',
      'examples/**/fixtures/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'max-params': ['error', { max: 4 }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'A door names what it exports.' }],
    },
  },
  {
    files: ['core/**', 'engine/**', 'statemachines/**'],
    rules: {
      'no-restricted-properties': ['error', ...impure, wrongKeys],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'fetch'],
    },
  },
  {
    files: ['adapters/**', 'local/**', 'api/**'],
    rules: { 'no-restricted-properties': ['error', impure[2], wrongKeys] },
  },
  { files: ['cli/**'], rules: { 'no-restricted-properties': ['error', wrongKeys] } },
  { files: ['core/json/parse-json.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      'max-lines': ['error', { max: 600 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=/^(only|skip|todo)$/][callee.object.name=/^(it|test|describe)$/]',
          message: 'No focused or skipped tests.',
        },
      ],
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
