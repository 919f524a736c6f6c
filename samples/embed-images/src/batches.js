import { decodePixels } from './pixels.js';
import { fillTensor, standardised } from './tensor.js';

/** Images → the model's inputs, { tensor, images }. The next batch is decoded while the model works on this one. */
export async function* batches(images, shape, options) {
  const chunks = Array.from({ length: Math.ceil(images.length / shape.batch) }, (_, i) => images.slice(i * shape.batch, (i + 1) * shape.batch));
  const values = standardised(options.mean, options.std);
  let next = prepare(chunks[0], shape, values, options);
  for (let i = 0; i < chunks.length; i++) {
    const tensor = await next;
    if (i + 1 < chunks.length) next = prepare(chunks[i + 1], shape, values, options);
    next.catch(() => {}); // Is thrown where it is awaited, if it ever is.
    yield { tensor, images: chunks[i] };
  }
}

// A short last batch has its full size all the same, for models that insist; what is left of it stays zero.
async function prepare(images, { batch, size, layout }, values, { resize, threads }) {
  const tensor = new Float32Array(batch * 3 * size * size);
  for (let first = 0; first < images.length; first += threads) {
    const pixels = await Promise.all(images.slice(first, first + threads).map((image) => decodePixels(image, size, resize)));
    pixels.forEach((each, i) => fillTensor(tensor, first + i, each, layout, values));
  }
  return tensor;
}
