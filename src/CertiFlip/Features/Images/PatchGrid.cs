using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Features.Images;

/// <summary>Every square patch of an image, each brought to mean 0 and about the same contrast.</summary>
/// <param name="image">The shape of images.</param>
/// <param name="size">Pixels of a patch's side.</param>
/// <param name="flatVariance">
/// Added to a patch's variance, for pixels of the order of 1: patches that are nearly flat are not blown up to noise
/// (Coates and Ng 2012, section 2.2).
/// </param>
internal sealed class PatchGrid(ImageShape image, int size, double flatVariance)
{
    // Numbers from the corner of a patch to each line of it.
    private readonly int[] _lines = [.. Enumerable.Range(0, image.Channels * size)
        .Select(line => (line / size * image.Height + line % size) * image.Width)];

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

        double scale = 1 / Math.Sqrt(squares / at + flatVariance);
        foreach (ref double pixel in patch[..at])
            pixel *= scale;
        return squares / at > 1e-4;
    }

    /// <summary>
    /// Reads the patches whose corners are in some rows, as <see cref="Read"/> does, to the bit, and several at a time.
    /// </summary>
    /// <param name="pixels">The image.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="shift">What is subtracted from every patch.</param>
    /// <param name="stride">At least as many as there are patches.</param>
    /// <param name="patches">
    /// Receives for each number of a patch that of all of them, less the shift, row by row, each
    /// <paramref name="stride"/> after the one before.
    /// </param>
    /// <param name="flats">Receives 0 for each patch that is 0 everywhere before the shift, for others not 0.</param>
    public void ReadRows(
        ReadOnlySpan<double> pixels, int first, int rows, ReadOnlySpan<double> shift, int stride, Span<double> patches,
        Span<double> flats)
    {
        for (int row = first; row < first + rows; row++, patches = patches[Across..], flats = flats[Across..])
        {
            int last = Across - Vector<double>.Count, column = 0;
            for (; column < Across && last >= 0; column += 2 * Vector<double>.Count)
                ReadSome(pixels, row, Math.Min(column, last), Math.Min(column + Vector<double>.Count, last), shift, stride, patches, flats);
            for (; column < Across; column++)
                ReadOne(pixels, row, column, shift, stride, patches, flats);
        }
    }

    private void ReadOne(
        ReadOnlySpan<double> pixels, int row, int column, ReadOnlySpan<double> shift, int stride, Span<double> patches,
        Span<double> flats)
    {
        double[] patch = new double[Numbers];
        Read(pixels, row, column, patch);
        flats[column] = patch.Max(Math.Abs);
        for (int i = 0; i < patch.Length; i++)
            patches[i * stride + column] = patch[i] - shift[i];
    }

    /// <summary>
    /// Patches side by side, one in each lane of a register, and others in a second one, which may be the same: sums
    /// are chains, of which two take the time of one.
    /// </summary>
    private void ReadSome(
        ReadOnlySpan<double> pixels, int row, int column, int other, ReadOnlySpan<double> shift, int stride, Span<double> patches,
        Span<double> flats)
    {
        ref double corner = ref MemoryMarshal.GetReference(pixels[(row * image.Width)..]);
        ref double to = ref MemoryMarshal.GetReference(patches), less = ref MemoryMarshal.GetReference(shift);
        var count = new Vector<double>(Numbers);
        nuint first = (nuint)column, second = (nuint)other;
        Vector<double> sum1 = default, sum2 = default, squares1 = default, squares2 = default, any1 = default, any2 = default;
        foreach (int line in _lines)
        {
            ref double some = ref Unsafe.Add(ref corner, line);
            for (nuint x = 0; x < (nuint)size; x++)
            {
                sum1 += Vector.LoadUnsafe(ref some, first + x);
                sum2 += Vector.LoadUnsafe(ref some, second + x);
            }
        }

        Vector<double> mean1 = sum1 / count, mean2 = sum2 / count;
        foreach (int line in _lines)
        {
            ref double some = ref Unsafe.Add(ref corner, line);
            for (nuint x = 0; x < (nuint)size; x++)
            {
                Vector<double> pixel1 = Vector.LoadUnsafe(ref some, first + x) - mean1;
                Vector<double> pixel2 = Vector.LoadUnsafe(ref some, second + x) - mean2;
                squares1 += pixel1 * pixel1;
                squares2 += pixel2 * pixel2;
            }
        }

        Vector<double> scale1 = Vector<double>.One / Vector.SquareRoot(squares1 / count + new Vector<double>(flatVariance));
        Vector<double> scale2 = Vector<double>.One / Vector.SquareRoot(squares2 / count + new Vector<double>(flatVariance));
        foreach (int line in _lines)
        {
            ref double some = ref Unsafe.Add(ref corner, line);
            for (nuint x = 0; x < (nuint)size; x++)
            {
                Vector<double> pixel1 = (Vector.LoadUnsafe(ref some, first + x) - mean1) * scale1;
                Vector<double> pixel2 = (Vector.LoadUnsafe(ref some, second + x) - mean2) * scale2;
                any1 = Vector.BitwiseOr(any1, Vector.Abs(pixel1));
                any2 = Vector.BitwiseOr(any2, Vector.Abs(pixel2));
                var mean = new Vector<double>(less);
                (pixel1 - mean).StoreUnsafe(ref to, first);
                (pixel2 - mean).StoreUnsafe(ref to, second);
                less = ref Unsafe.Add(ref less, 1);
                to = ref Unsafe.Add(ref to, stride);
            }
        }

        any1.CopyTo(flats[column..]);
        any2.CopyTo(flats[other..]);
    }
}
