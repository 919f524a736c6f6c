import { UsageError } from './errors.js';

/**
 * What the model's input is, from its own shape and the options: { batch, size, layout, dims }. A model's shape has numbers
 * where it is fixed and names where it is not; options fill these, and may not contradict those.
 */
export function inputShape(shape, options) {
  const layout = options.layout ?? (shape[3] === 3 && shape[1] !== 3 ? 'nhwc' : 'nchw');
  const rows = layout === 'nchw' ? shape[2] : shape[1];
  const batch = agreed('--batch', options.batch, shape[0]) ?? 16;
  const size = agreed('--size', options.size, rows);
  if (size === undefined) throw new UsageError(`--size is missing: the model's input is [${shape}]`);

  const dims = layout === 'nchw' ? [batch, 3, size, size] : [batch, size, size, 3];
  if (shape.length !== 4 || shape.some((length, axis) => typeof length === 'number' && length > 0 && length !== dims[axis]))
    throw new UsageError(`the model's input is [${shape}], not ${layout} images [${dims}]`);
  return { batch, size, layout, dims };
}

function agreed(option, given, fixed) {
  const known = typeof fixed === 'number' && fixed > 0 ? fixed : undefined;
  if (given !== undefined && known !== undefined && given !== known) throw new UsageError(`${option}: the model's input has ${known}, not ${given}`);
  return given ?? known;
}
