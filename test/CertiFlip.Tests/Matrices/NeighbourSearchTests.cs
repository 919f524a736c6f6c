using CertiFlip.Matrices;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Matrices;

/// <summary>Neighbours against those that exact distances give.</summary>
public class NeighbourSearchTests
{
    /// <summary>
    /// Training rows on a grid, so that distances tie and rows repeat; far from the origin; so small or large that
    /// squares leave the range of a double.
    /// </summary>
    private static readonly Gen<(FeatureMatrix Training, FeatureMatrix Tests, int Count)> Cases =
        from columns in Gen.Choose(1, 4)
        from rows in Gen.Choose(1, 40)
        from tests in Gen.Choose(1, 6)
        from training in LabelWeights.ArrayOf(Gen.Choose(-3, 3), rows * columns)
        from asked in LabelWeights.ArrayOf(Gen.Choose(-4, 4), tests * columns)
        from offset in Gen.Elements(0, 0, 1L << 20, 1L << 48)
        from scale in Gen.Elements(0, 0, -1020, 900)
        from count in Gen.Choose(1, rows)
        select (Matrix(rows, columns, training, offset, scale), Matrix(tests, columns, asked, offset, scale), count);

    [Fact]
    public void Neighbours_are_the_exact_ones_and_equally_distant_rows_keep_their_order() =>
        Claim.HoldsFor(Cases, count: 300, sample => Assert.Equal(
            Exact(sample.Training, sample.Tests, sample.Count), Find(sample.Training, sample.Tests, sample.Count)));

    [Theory]
    [InlineData(600, 19, 0)]
    [InlineData(300, 19, 1e6)]
    [InlineData(300, 3, 1e12)]
    public void Neighbours_of_generic_rows_are_the_exact_ones(int rows, int columns, double offset)
    {
        FeatureMatrix training = SomeFeatures.Of(rows, columns, seed: 1, (_, column, value) => value + offset * column);
        FeatureMatrix tests = SomeFeatures.Of(70, columns, seed: 2, (_, column, value) => value + offset * column);
        Assert.Equal(Exact(training, tests, 10), Find(training, tests, 10));
    }

    [Fact]
    public void Row_is_its_own_nearest_neighbour_however_close_the_others()
    {
        FeatureMatrix features = SomeFeatures.Of(500, 3, seed: 3, (_, column, value) => 1e8 * column + 1e-6 * value);
        Assert.Equal(Enumerable.Range(0, 500), Find(features, features, 1));
    }

    [Fact]
    public void Rows_that_are_all_the_same_come_in_their_order()
    {
        FeatureMatrix features = SomeFeatures.Of(600, 3, seed: 4, (_, column, _) => 0.1 * column);
        Assert.Equal(Enumerable.Range(0, 600), Find(features, SomeFeatures.Of(1, 3, seed: 5, (_, column, _) => 0.1 * column), 600));
    }

    [Fact]
    public void Equally_distant_rows_keep_their_order_however_far_apart_they_stand()
    {
        FeatureMatrix training = SomeFeatures.Of(500, 3, seed: 10, (_, _, value) => Math.Round(1.4 * value));
        FeatureMatrix tests = SomeFeatures.Of(8, 3, seed: 11, (_, _, value) => Math.Round(1.4 * value) / 2);
        foreach (int count in new[] { 1, 7, 50 })
            Assert.Equal(Exact(training, tests, count), Find(training, tests, count));
    }

    [Fact]
    public void One_distant_row_does_not_blur_the_others()
    {
        FeatureMatrix training = SomeFeatures.Of(300, 2, seed: 6, (row, _, value) => row == 7 ? 1e100 : value);
        FeatureMatrix tests = SomeFeatures.Generic(5, 2, seed: 7);
        Assert.Equal(Exact(training, tests, 4), Find(training, tests, 4));
    }

    /// <summary>
    /// Where floats tell nothing: all rows within their rounding of each other, one row so far away that the others
    /// are beneath it, rows beyond the range of floats or below it, and more of them than are looked at together.
    /// </summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1e6)]
    [InlineData(1e-4, 1e4)]
    [InlineData(1e-30, 1)]
    [InlineData(1e-60, 0)]
    [InlineData(1e60, 0)]
    [InlineData(1e30, 1)]
    public void Neighbours_are_the_exact_ones_where_floats_cannot_tell(double scale, double offset)
    {
        FeatureMatrix training = SomeFeatures.Of(330, 5, seed: 12, (row, _, value) => row == 5 ? 1e3 * scale : scale * value + offset);
        FeatureMatrix tests = SomeFeatures.Of(150, 5, seed: 13, (row, _, value) => row % 50 == 7 ? 1e30 * scale : scale * value + offset);
        foreach (int count in new[] { 1, 11, 330 })
            Assert.Equal(Summed(training, tests, count), Find(training, tests, count));
    }

    /// <summary>
    /// Copies of rows, and rows that differ in the last bit of a double, among thousands: ties by the order of rows.
    /// </summary>
    [Fact]
    public void Copies_and_near_copies_among_many_rows_come_in_order()
    {
        FeatureMatrix some = SomeFeatures.Generic(40, 7, seed: 14);
        FeatureMatrix training = SomeFeatures.Of(3000, 7, seed: 15, (row, column, _) => (row % 3) switch
        {
            0 => some.Row(row % 40)[column],
            1 => Math.BitIncrement(some.Row(row % 40)[column]),
            _ => -some.Row(row % 40)[column],
        });
        foreach (int count in new[] { 1, 25, 26, 1200 })
            Assert.Equal(Summed(training, some, count), Find(training, some, count));
    }

    [Fact]
    public void Many_copies_of_a_row_are_neighbours_in_their_order()
    {
        FeatureMatrix training = SomeFeatures.Of(9000, 3, seed: 16, (row, column, value) => row % 10 == 0 ? value : column);
        FeatureMatrix tests = SomeFeatures.Of(20, 3, seed: 17, (_, column, value) => column + (value > 0 ? 0 : 1e-3 * value));
        Assert.Equal(Summed(training, tests, 5), Find(training, tests, 5));
    }

    [Fact]
    public void Rows_asked_for_alone_have_the_neighbours_that_they_have_together()
    {
        FeatureMatrix training = SomeFeatures.Generic(700, 9, seed: 18), tests = SomeFeatures.Generic(300, 9, seed: 19);
        var search = new NeighbourSearch(training);
        int[] all = search.Find(tests, 6, new ParallelOptions());
        for (int row = 0; row < tests.Rows; row += 37)
            Assert.Equal(all[(6 * row)..(6 * (row + 3))], search.Find(tests, row, 3, 6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Neighbours_do_not_depend_on_the_number_of_threads(int threads)
    {
        FeatureMatrix training = SomeFeatures.Generic(900, 7, seed: 8), tests = SomeFeatures.Generic(200, 7, seed: 9);
        Assert.Equal(Find(training, tests, 5), Find(training, tests, 5, threads));
    }

    private static int[] Find(FeatureMatrix training, FeatureMatrix tests, int count, int threads = -1) =>
        new NeighbourSearch(training).Find(tests, count, new ParallelOptions { MaxDegreeOfParallelism = threads });

    private static int[] Exact(FeatureMatrix training, FeatureMatrix tests, int count) =>
        [.. Enumerable.Range(0, tests.Rows).SelectMany(test => Enumerable.Range(0, training.Rows)
            .Select(row => (Distance: Distance(tests.Row(test), training.Row(row)), row)).Order().Take(count).Select(pair => pair.row))];

    /// <summary>By brute force, each distance summed term by term in double precision.</summary>
    private static int[] Summed(FeatureMatrix training, FeatureMatrix tests, int count)
    {
        int[] rows = [.. Enumerable.Range(0, training.Rows)];
        return [.. Enumerable.Range(0, tests.Rows).SelectMany(test =>
        {
            double[] a = tests.Row(test).ToArray();
            return rows.Select(row => (Distance: Summed(a, training.Row(row)), row)).Order().Take(count).Select(pair => pair.row);
        })];
    }

    private static double Summed(double[] a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < b.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static Rational Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Rational sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            Rational difference = (Rational)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static FeatureMatrix Matrix(int rows, int columns, int[] values, long offset, int scale) =>
        new(rows, columns, [.. values.Select(value => Math.ScaleB((double)(value + offset), scale))]);
}
