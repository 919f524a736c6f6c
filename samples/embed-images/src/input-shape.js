import { DataError, UsageError } from './errors.js';

/**
 * What the model's input is, from its own shape and the options: { batch, size, layout, dims }. A model's shape has numbers
 * where it is fixed and names where it is not; options fill these, and may not contradict those.
 */
export function inputShape(shape, options) {
  const fixed = shape.map((length) => (typeof length === 'number' && length > 0 ? length : undefined));
  if (fixed.length !== 4) throw new DataError(`the model's input is [${shape}]; expected images, of four dimensions`);
  const layout = options.layout ?? (fixed[3] === 3 && fixed[1] !== 3 ? 'nhwc' : 'nchw');
  const size = agreed('size', options.size, layout === 'nchw' ? fixed[2] : fixed[1]);
  if (size === undefined) throw new UsageError(`--size is missing: the model's input is [${shape}]`);
  if (options.resize.shorter < size) throw new UsageError(`--resize crop:${options.resize.shorter}: expected at least the model's ${size}`);

  const batch = agreed('batch', options.batch, fixed[0]) ?? 16;
  const dims = layout === 'nchw' ? [batch, 3, size, size] : [batch, size, size, 3];
  if (fixed.some((length, axis) => length !== undefined && length !== dims[axis]))
    throw new UsageError(`--layout ${layout}: the model's input is [${shape}]`);
  return { batch, size, layout, dims };
}

function agreed(name, given, fixed) {
  if (given !== undefined && fixed !== undefined && given !== fixed) throw new UsageError(`--${name}: the model's input has ${fixed}, not ${given}`);
  return given ?? fixed;
}
