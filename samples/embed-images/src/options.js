import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './errors.js';

const NAMES = ['model', 'images', 'out', 'mean', 'std', 'order', 'size', 'resize', 'layout', 'output', 'batch', 'threads'];

/** Arguments → options. What the model may decide (size, layout, output, batch) stays undefined where not given. */
export function parseOptions(args) {
  const given = parse(args);
  if (given.help) return { help: true };
  for (const name of ['model', 'images', 'out', 'mean', 'std'])
    if (!given[name]) throw new UsageError(`--${name} is missing`);
  if (!given.out.endsWith('.npy')) throw new UsageError(`--out: expected a name that ends in .npy, not "${given.out}"`);

  const paths = `${given.out.slice(0, -'.npy'.length)}.paths.csv`;
  if (given.order !== undefined && resolve(given.order) === resolve(paths))
    throw new UsageError(`--order: ${given.order} would be overwritten by the paths that go beside --out`);
  return {
    model: given.model,
    images: given.images,
    features: given.out,
    paths,
    order: given.order,
    size: optional(given.size, (text) => wholeNumber('--size', text)),
    resize: resizing(given.resize ?? 'stretch'),
    mean: channels('--mean', given.mean),
    std: nonZero(channels('--std', given.std)),
    layout: optional(given.layout, (text) => oneOf('--layout', text, ['nchw', 'nhwc'])),
    output: given.output,
    batch: optional(given.batch, (text) => wholeNumber('--batch', text)),
    threads: optional(given.threads, (text) => wholeNumber('--threads', text)) ?? availableParallelism(),
  };
}

function parse(args) {
  const options = { help: { type: 'boolean', short: 'h' } };
  for (const name of NAMES) options[name] = { type: 'string' };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new UsageError(error.message.replaceAll('\n', ' '));
  }
}

function optional(text, read) {
  return text === undefined ? undefined : read(text);
}

function wholeNumber(option, text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${option}: expected a whole number from 1 to 999999, not "${text}"`);
  return Number(text);
}

function resizing(text) {
  if (text === 'stretch') return { kind: 'stretch' };
  if (!text.startsWith('crop:')) throw new UsageError(`--resize: expected stretch or crop:N, not "${text}"`);
  return { kind: 'crop', shorter: wholeNumber('--resize crop', text.slice('crop:'.length)) };
}

function channels(option, text) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (![1, 3].includes(numbers.length) || !numbers.every(Number.isFinite))
    throw new UsageError(`${option}: expected one number or three, R,G,B, not "${text}"`);
  return numbers.length === 3 ? numbers : [numbers[0], numbers[0], numbers[0]];
}

function nonZero(std) {
  if (std.includes(0)) throw new UsageError('--std: 0 cannot be divided by');
  return std;
}

function oneOf(option, text, choices) {
  if (!choices.includes(text)) throw new UsageError(`${option}: expected ${choices.join(' or ')}, not "${text}"`);
  return text;
}
