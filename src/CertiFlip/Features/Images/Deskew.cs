namespace CertiFlip.Features.Images;

/// <summary>
/// Images moved to the middle, and upright: of each image by itself, the centre of mass comes to the middle, and the
/// slant of what is drawn is undone (LeCun et al. 1998). Rows move sideways until they say nothing of columns.
/// </summary>
/// <remarks>
/// <para>
/// The mass of a pixel is its number, over all channels, or 0 where that is negative. With the mean row and column r̄
/// and c̄, the variance v of rows and the covariance w of rows and columns, the pixel at (r, c) becomes what was at
/// (r̄ + r′, c̄ + c′ + (w/v)·r′), where r′ and c′ are counted from the middle: between four pixels by their distances,
/// and 0 outside. An image without mass stays as it is, and one whose mass is all in one row is only moved.
/// </para>
/// <para>Nothing is fitted, and no label is asked for.</para>
/// </remarks>
public sealed class Deskew : IFeatureMap, IStorable<Deskew>
{
    // A shape that is read from a damaged file asks for no more memory than this.
    private const int MostNumbers = 1 << 26;

    /// <summary>A map of images of one shape.</summary>
    /// <param name="image">The shape of images.</param>
    /// <exception cref="ArgumentException">The shape is of no image, or larger than 2²⁶ numbers.</exception>
    public Deskew(ImageShape image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Height < 1 || image.Width < 1 || image.Channels < 1 || (Int128)image.Height * image.Width * image.Channels > MostNumbers)
        {
            throw new ArgumentException(
                $"An image of {image.Height} × {image.Width} pixels with {image.Channels} channels is none, or too large.", nameof(image));
        }

        Image = image;
    }

    /// <summary>The shape of images.</summary>
    public ImageShape Image { get; }

    /// <summary>The same shape.</summary>
    public ImageShape? Output => Image;

    /// <inheritdoc/>
    public int Inputs => Image.Numbers;

    /// <inheritdoc/>
    public int Features => Image.Numbers;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public static string Kind => "deskew";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Rows have not as many numbers as an image.</exception>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"Images have {Inputs} numbers, but rows have {inputs.Columns}.", nameof(inputs));
        double[] images = new double[(long)inputs.Rows * Inputs];
        Parallel.For(0, inputs.Rows, parallel ?? new ParallelOptions(), row =>
        {
            double[] image = new double[Inputs];
            inputs.CopyRow(row, image);
            Straighten(image, images.AsSpan(row * Inputs, Inputs));
        });
        return new FeatureMatrix(inputs.Rows, Inputs, images);
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("image", [Image.Height, Image.Width, Image.Channels]);
    }

    /// <inheritdoc/>
    public static Deskew Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return arrays.Integers("image") is [var height, var width, var channels]
            ? new Deskew(new ImageShape(height, width, channels))
            : throw new ArgumentException("The shape of images is missing.", nameof(arrays));
    }

    private void Straighten(ReadOnlySpan<double> image, Span<double> straight)
    {
        (int height, int width) = (Image.Height, Image.Width);
        int plane = height * width;
        double middleRow = (height - 1) / 2.0, middleColumn = (width - 1) / 2.0;

        // Sums about the middle, so that squares stay small.
        double mass = 0, ofRows = 0, ofColumns = 0, ofSquares = 0, ofProducts = 0;
        for (int at = 0; at < image.Length; at++)
        {
            double weight = Math.Max(image[at], 0), r = at % plane / width - middleRow, c = at % width - middleColumn;
            mass += weight;
            ofRows += weight * r;
            ofColumns += weight * c;
            ofSquares += weight * r * r;
            ofProducts += weight * r * c;
        }

        double row = ofRows / mass, column = ofColumns / mass;
        double variance = ofSquares / mass - row * row, covariance = ofProducts / mass - row * column;
        if (!(mass > 0 && double.IsFinite(variance) && double.IsFinite(covariance)))
        {
            image.CopyTo(straight);
            return;
        }

        // Rows are 1 apart. Where nearly all mass is in one row, there is no slant to speak of, and w/v is anything.
        double slant = variance > 0.01 ? covariance / variance : 0;
        for (int at = 0; at < straight.Length; at++)
        {
            double r = at % plane / width - middleRow, c = at % width - middleColumn;
            straight[at] = Between(
                image.Slice(at / plane * plane, plane), middleRow + row + r, middleColumn + column + c + slant * r);
        }
    }

    /// <summary>What lies between four pixels, by how near each is; 0 outside.</summary>
    private double Between(ReadOnlySpan<double> pixels, double row, double column)
    {
        if (!(row > -1 && row < Image.Height && column > -1 && column < Image.Width))
            return 0;
        int top = (int)Math.Floor(row), left = (int)Math.Floor(column);
        double down = row - top, right = column - left;
        return (1 - down) * ((1 - right) * At(pixels, top, left) + right * At(pixels, top, left + 1))
            + down * ((1 - right) * At(pixels, top + 1, left) + right * At(pixels, top + 1, left + 1));
    }

    private double At(ReadOnlySpan<double> pixels, int row, int column) =>
        row >= 0 && row < Image.Height && column >= 0 && column < Image.Width ? pixels[row * Image.Width + column] : 0;
}
