namespace CertiFlip.Tests.Features.Images;

/// <summary>Noisy images of a bar that lies, stands or leans: easy to tell apart, but for no single pixel.</summary>
internal sealed record Bars(FeatureMatrix Images, ClassLabels Labels)
{
    public static ImageShape Shape { get; } = new(17, 21);

    public static Bars Of(int count, int seed)
    {
        var random = new Random(seed);
        double[] pixels = [.. Enumerable.Range(0, count * Shape.Numbers).Select(_ => 0.3 * random.NextDouble())];
        for (int image = 0; image < count; image++)
        {
            int row = random.Next(3, 10), column = random.Next(3, 14);
            for (int i = 0; i < 6; i++)
            {
                (int down, int right) = (image % 3) switch { 0 => (0, i), 1 => (i, 0), _ => (i, i) };
                pixels[image * Shape.Numbers + (row + down) * Shape.Width + column + right] += 0.7;
            }
        }

        return new Bars(new FeatureMatrix(count, Shape.Numbers, pixels),
            new ClassLabels([.. Enumerable.Range(0, count).Select(image => image % 3)], 3));
    }
}
