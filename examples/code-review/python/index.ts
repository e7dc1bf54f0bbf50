// Ruff for the analysers that look at Python.
// Takes: Ruff's own lint settings. Gives: a check of one file's text. Never: reads a file, starts a program.
export { createPythonCheck, type PythonCheck, type PythonMessage } from './check-python.ts';
