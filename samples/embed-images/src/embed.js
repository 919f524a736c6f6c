import { batches } from './batches.js';
import { DataError } from './errors.js';
import { listImages } from './images.js';
import { Model } from './model.js';
import { npyBytes, npyHeader } from './npy.js';
import { orderImages } from './order.js';
import { OutputFile } from './output-file.js';
import { pathsCsv } from './paths-csv.js';

/** Images → features, as the options say. Returns how many rows and columns were written. */
export async function embed(options, progress, signal) {
  const found = await listImages(options.images);
  const images = options.order ? await orderImages(found, options.order) : found;
  const model = await Model.load(options);
  const outputs = [];
  try {
    outputs.push(await OutputFile.create(options.features), await OutputFile.create(options.paths));
    const columns = await writeFeatures(outputs[0], images, model, options, progress, signal);
    await outputs[1].write(pathsCsv(images.map((image) => image.path)));
    for (const output of outputs) await output.commit();
    return { rows: images.length, columns };
  } finally {
    for (const output of outputs) await output.discard();
  }
}

async function writeFeatures(file, images, model, options, progress, signal) {
  let columns;
  let done = 0;
  for await (const batch of batches(images, model.shape, options)) {
    if (signal.aborted) throw new DataError('interrupted');
    const features = await model.run(batch.tensor, batch.images.length);
    const width = features.length / batch.images.length;
    checkFinite(features, width, batch.images);
    if (columns === undefined) await file.write(npyHeader(images.length, (columns = width)));
    await file.write(npyBytes(features));
    progress((done += batch.images.length), images.length);
  }
  return columns;
}

function checkFinite(features, width, images) {
  const bad = features.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new DataError(`${images[Math.floor(bad / width)].path}: feature ${bad % width} is ${features[bad]}; expected a finite number`);
}
