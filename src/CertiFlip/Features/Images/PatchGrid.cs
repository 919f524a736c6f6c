namespace CertiFlip.Features.Images;

/// <summary>Every square patch of an image, each brought to mean 0 and about the same contrast.</summary>
/// <param name="image">The shape of images.</param>
/// <param name="size">Pixels of a patch's side.</param>
internal sealed class PatchGrid(ImageShape image, int size)
{
    // Added to a patch's variance, for pixels of the order of 1: patches that are nearly flat are not blown up to noise
    // (Coates and Ng 2012, section 2.2).
    private const double FlatVariance = 0.1;

    public int Down => image.Height - size + 1;

    public int Across => image.Width - size + 1;

    public int Count => Down * Across;

    /// <summary>Numbers of a patch.</summary>
    public int Numbers => image.Channels * size * size;

    /// <summary>Reads the patch whose corner is at (row, column), and normalises it.</summary>
    /// <returns>Whether it has any contrast at all.</returns>
    public bool Read(ReadOnlySpan<double> pixels, int row, int column, Span<double> patch)
    {
        int at = 0;
        double sum = 0;
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int y = 0; y < size; y++)
            {
                ReadOnlySpan<double> line = pixels.Slice((channel * image.Height + row + y) * image.Width + column, size);
                line.CopyTo(patch[at..]);
                at += size;
                foreach (double pixel in line)
                    sum += pixel;
            }
        }

        double mean = sum / at, squares = 0;
        foreach (ref double pixel in patch[..at])
        {
            pixel -= mean;
            squares += pixel * pixel;
        }

        double scale = 1 / Math.Sqrt(squares / at + FlatVariance);
        foreach (ref double pixel in patch[..at])
            pixel *= scale;
        return squares / at > 1e-4;
    }
}
