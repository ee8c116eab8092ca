#!/usr/bin/env node
/** `dayline`: everything a person does with Dayline from a terminal. */
import { CliError } from '../cli/client.ts';
import { buildProgram } from '../cli/program.ts';
import { ConfigError } from '../errors.ts';

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CliError || error instanceof ConfigError)) throw error;
  console.error(`${error instanceof CliError ? error.code : 'CONFIG'}: ${error.message}`);
  process.exitCode = 1;
}
