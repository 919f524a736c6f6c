#!/usr/bin/env node
import { embed } from './src/embed.js';
import { UsageError } from './src/errors.js';
import { HELP } from './src/help.js';
import { parseOptions } from './src/options.js';
import { terminalProgress } from './src/progress.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
  } else {
    const { rows, columns } = await embed(options, terminalProgress(), interrupt.signal);
    console.log(`${rows} images, ${columns} features: ${options.features}, ${options.paths}`);
  }
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`error: ${error.message}${usage ? '; --help says more' : ''}`);
  process.exitCode = usage ? 2 : 1;
}
