import sharp from 'sharp';
import { DataError } from './errors.js';

sharp.cache(false);
sharp.concurrency(1); // Images are decoded beside each other instead.

/** The bytes of one image → size×size RGB pixels, 8 bits, row by row. Colour profiles and EXIF orientation are ignored, as by Pillow and torchvision. */
export async function decodePixels(image, size, resize) {
  try {
    const source = sharp(await image.read(), { failOn: 'error', ignoreIcc: true });
    const { width, height } = await source.metadata();
    const scaled = scaledSize(width, height, size, resize);
    return await source
      .resize({ ...scaled, fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
      .extract({ left: halfOf(scaled.width - size), top: halfOf(scaled.height - size), width: size, height: size })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch (error) {
    throw new DataError(`${image.path}: cannot be read as an image: ${error.message.split('\n')[0]}`);
  }
}

/** Width and height before the centre is cut out. The longer side is rounded down, as in torchvision. */
export function scaledSize(width, height, size, resize) {
  if (resize.kind === 'stretch') return { width: size, height: size };
  const longer = Math.floor((resize.shorter * Math.max(width, height)) / Math.min(width, height));
  return width < height ? { width: resize.shorter, height: longer } : { width: longer, height: resize.shorter };
}

function halfOf(difference) {
  return Math.floor(difference / 2);
}
