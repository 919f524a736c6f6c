import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DataError, UsageError } from './errors.js';
import { inputShape } from './input-shape.js';

/** A model with one input of images: what it wants to be given, and a batch → features. */
export class Model {
  static async load(options) {
    let session;
    try {
      session = await InferenceSession.create(options.model, { intraOpNumThreads: options.threads, interOpNumThreads: 1 });
    } catch (error) {
      throw new DataError(`${options.model}: cannot be loaded as an ONNX model: ${firstLine(error)}`);
    }
    const inputs = session.inputMetadata;
    if (inputs.length !== 1 || inputs[0].type !== 'float32')
      throw new DataError(`${options.model}: expected one float32 input, found ${inputs.map((input) => `${input.name} (${input.type})`).join(', ')}`);
    return new Model(options.model, session, chooseOutput(session, options), inputShape(inputs[0].shape, options));
  }

  constructor(file, session, output, shape) {
    Object.assign(this, { file, session, output, shape });
  }

  /** The features of the first `count` images of a batch, row after row. */
  async run(tensor, count) {
    const { batch, dims } = this.shape;
    const features = await this.#infer(new Tensor('float32', tensor, dims));
    if (features.type !== 'float32' || features.dims[0] !== batch)
      throw new DataError(`${this.file}: expected float32 features, a row for each of ${batch} images; output ${this.output} is ${features.type} [${features.dims}]`);
    return features.data.subarray(0, (features.data.length / batch) * count);
  }

  async #infer(input) {
    try {
      return (await this.session.run({ [this.session.inputNames[0]]: input }, [this.output]))[this.output];
    } catch (error) {
      throw new DataError(`${this.file}: cannot run on input [${input.dims}]: ${firstLine(error)}`);
    }
  }
}

function chooseOutput({ outputNames }, options) {
  const output = options.output ?? (outputNames.length === 1 ? outputNames[0] : undefined);
  if (output === undefined) throw new UsageError(`--output is missing: ${options.model} has ${outputNames.join(', ')}`);
  if (!outputNames.includes(output)) throw new UsageError(`--output: ${options.model} has no "${output}" but ${outputNames.join(', ')}`);
  return output;
}

function firstLine(error) {
  return error.message.trim().split('\n')[0];
}
