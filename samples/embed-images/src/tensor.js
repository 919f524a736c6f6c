/** (pixel − mean) / std of the 256 values that a pixel may have, for each channel. */
export function standardised(mean, std) {
  return mean.map((m, channel) => Float32Array.from({ length: 256 }, (_, pixel) => (pixel - m) / std[channel]));
}

/** Writes one image's RGB pixels into its place in the model's input. */
export function fillTensor(tensor, index, pixels, layout, values) {
  const count = pixels.length / 3;
  const start = index * pixels.length;
  const [pixelStride, channelStride] = layout === 'nchw' ? [1, count] : [3, 1];
  for (let channel = 0; channel < 3; channel++) {
    const table = values[channel];
    const first = start + channel * channelStride;
    for (let pixel = 0; pixel < count; pixel++) tensor[first + pixel * pixelStride] = table[pixels[3 * pixel + channel]];
  }
}
