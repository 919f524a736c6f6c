using CertiFlip.Features.Images;

namespace CertiFlip.Tests.Features.Images;

/// <summary>Images that are moved and slanted come back upright in the middle.</summary>
public class DeskewTests
{
    private const int Side = 21;

    private static readonly Deskew Map = new(new ImageShape(Side, Side));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 2, -3)]
    [InlineData(0.5, 0, 0)]
    [InlineData(-0.4, 1, 2)]
    public void Slanted_stroke_becomes_the_upright_one_in_the_middle(double slant, int down, int right)
    {
        FeatureMatrix straight = Map.Transform(Of((r, c) => Stroke(r, c, 0)));
        FeatureMatrix found = Map.Transform(Of((r, c) => Stroke(r - down, c - right, slant)));
        Assert.All(Enumerable.Range(0, Side * Side), at => Assert.Equal(straight.Row(0)[at], found.Row(0)[at], 0.1));
    }

    [Fact]
    public void Upright_image_in_the_middle_stays_as_it_is()
    {
        FeatureMatrix image = Of((r, c) => Math.Exp(-(r * r / 20.0 + c * c / 5.0)));
        Assert.All(image.Row(0).ToArray().Zip(Map.Transform(image).Row(0).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Result_has_no_covariance_of_rows_and_columns()
    {
        FeatureMatrix image = Map.Transform(Of((r, c) => Stroke(r - 1, c + 2, 0.3) + 0.5 * Stroke(r + 2, c - 1, -0.2)));
        double mass = 0, rows = 0, columns = 0, products = 0;
        for (int at = 0; at < Side * Side; at++)
        {
            double value = image.Row(0)[at], r = at / Side - 10, c = at % Side - 10;
            (mass, rows, columns, products) = (mass + value, rows + value * r, columns + value * c, products + value * r * c);
        }

        Assert.Equal(0, rows / mass, 0.05);
        Assert.Equal(0, columns / mass, 0.05);
        Assert.Equal(0, products / mass, 0.15);
    }

    [Fact]
    public void Channels_move_together()
    {
        var colour = new Deskew(new ImageShape(5, 5, 2));
        double[] image = new double[50];
        (image[0], image[25 + 2]) = (1, 1); // One dot at the left end of the top row, the other in its middle.
        double[] found = colour.Transform(new FeatureMatrix(1, 50, image)).Row(0).ToArray();
        Assert.Equal(1, found[10 + 1], 1e-12);
        Assert.Equal(1, found[25 + 10 + 3], 1e-12);
        Assert.Equal(2, found.Sum(), 1e-12);
    }

    [Fact]
    public void Image_without_mass_stays_as_it_is()
    {
        FeatureMatrix nothing = Of((_, _) => 0), below = Of((r, c) => -1 - r * c);
        Assert.Equal(nothing.Row(0).ToArray(), Map.Transform(nothing).Row(0).ToArray());
        Assert.Equal(
            Of((_, _) => -1).Row(0).ToArray(), Map.Transform(Of((_, _) => -1)).Row(0).ToArray());
        Assert.All(Map.Transform(below).Row(0).ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        FeatureMatrix images = new(40, Side * Side, [.. Enumerable.Range(0, 40).SelectMany(row =>
            Of((r, c) => Stroke(r, c, row / 50.0)).Row(0).ToArray())]);
        FeatureMatrix alone = Map.Transform(images, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Assert.Equal(alone.Values.ToArray(), Map.Transform(images).Values.ToArray());
    }

    [Theory]
    [InlineData(0, 5, 1)]
    [InlineData(5, -1, 1)]
    [InlineData(5, 5, 0)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Shape_is_of_an_image(int height, int width, int channels) =>
        Assert.Throws<ArgumentException>(() => new Deskew(new ImageShape(height, width, channels)));

    [Fact]
    public void Rows_have_the_numbers_of_an_image() =>
        Assert.Throws<ArgumentException>(() => Map.Transform(new FeatureMatrix(1, 3, [1, 2, 3])));

    private static FeatureMatrix Of(Func<double, double, double> value) =>
        new(1, Side * Side, [.. Enumerable.Range(0, Side * Side).Select(at => value(at / Side - 10, at % Side - 10))]);

    /// <summary>A soft stroke of 11 rows, which moves sideways by so much a row.</summary>
    private static double Stroke(double r, double c, double slant) =>
        Math.Exp(-Math.Pow((c - slant * r) / 2, 2)) * Math.Exp(-Math.Pow(r / 4, 4));
}
