import assert from 'node:assert/strict';
import test from 'node:test';
import { UsageError } from '../src/errors.js';
import { parseOptions } from '../src/options.js';

const NEEDED = ['--model', 'm.onnx', '--images', 'dir', '--out', 'o.npy', '--mean', '127.5', '--std', '1,2,3'];

test('one number stands for three channels; what the model may decide is left open', () => {
  const options = parseOptions(NEEDED);
  assert.deepEqual([options.mean, options.std, options.resize], [[127.5, 127.5, 127.5], [1, 2, 3], { kind: 'stretch' }]);
  assert.deepEqual([options.size, options.layout, options.batch, options.paths], [undefined, undefined, undefined, 'o.paths.csv']);
});

test('wrong usage is told in one line', () => {
  for (const [args, message] of [
    [[], '--model is missing'],
    [NEEDED.slice(0, 8), '--std is missing'],
    [[...NEEDED, '--frobnicate'], "Unknown option '--frobnicate'"],
    [[...NEEDED, 'dir2'], "Unexpected argument 'dir2'"],
    [[...NEEDED, '--out', 'o.csv'], '--out: expected a name that ends in .npy'],
    [[...NEEDED, '--order', './o.paths.csv'], 'would be overwritten'],
    [[...NEEDED, '--mean', '1,2'], '--mean: expected one number or three'],
    [[...NEEDED, '--mean', '1,,2'], '--mean: expected one number or three'],
    [[...NEEDED, '--std', '1,0,1'], '--std: 0 cannot be divided by'],
    [[...NEEDED, '--size', '22.4'], '--size: expected a whole number'],
    [[...NEEDED, '--threads', '0'], '--threads: expected a whole number'],
    [[...NEEDED, '--batch', ''], '--batch: expected a whole number'],
    [[...NEEDED, '--layout', 'NCHW'], '--layout: expected nchw or nhwc'],
    [[...NEEDED, '--resize', 'crop'], '--resize: expected stretch or crop:N'],
  ])
    assert.throws(() => parseOptions(args), (error) => error instanceof UsageError && error.message.includes(message) && !error.message.includes('\n'), message);
});
