import { decodePixels } from './pixels.js';
import { fillTensor, standardised } from './tensor.js';

/** Images → the model's inputs, { tensor, images }. The next batch is decoded while the model works on this one. */
export async function* batches(images, shape, { resize, mean, std, threads }) {
  const values = standardised(mean, std);
  let next = prepare(0);
  for (let start = 0; start < images.length; start += shape.batch) {
    const batch = await next;
    next = prepare(start + shape.batch);
    next.catch(() => {}); // Is thrown where it is awaited, if it ever is.
    yield batch;
  }

  // A short last batch keeps its full size; what is left of it stays zero.
  async function prepare(start) {
    const chosen = images.slice(start, start + shape.batch);
    const tensor = new Float32Array(chosen.length && shape.batch * 3 * shape.size ** 2);
    for (let first = 0; first < chosen.length; first += threads) {
      const pixels = await Promise.all(chosen.slice(first, first + threads).map((image) => decodePixels(image, shape.size, resize)));
      pixels.forEach((each, i) => fillTensor(tensor, first + i, each, shape.layout, values));
    }
    return { tensor, images: chosen };
  }
}
