using CertiFlip.Features.Text;

namespace CertiFlip.Tests.Features.Text;

public class TfIdfTests
{
    private static readonly string[] Texts = ["red red blue", "blue green", "red", ""];

    [Fact]
    public void Weights_are_those_of_the_formula()
    {
        var map = TfIdf.Fit(Texts, new TfIdfOptions { LongestTerm = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(["blue", "green", "red"], map.Terms);
        double[] idf = [Math.Log(5 / 3.0) + 1, Math.Log(5 / 2.0) + 1, Math.Log(5 / 3.0) + 1];
        Assert.Equal(idf, map.Weights);

        // Columns of unit matrices: the product is the matrix itself.
        double[] unit = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        double[] rows = map.Transform(Texts, new ParallelOptions()).Multiply(unit, 3, new ParallelOptions());
        double red = (1 + Math.Log(2)) * idf[2], length = Math.Sqrt(red * red + idf[0] * idf[0]);
        double second = Math.Sqrt(idf[0] * idf[0] + idf[1] * idf[1]);
        double[] expected = [idf[0] / length, 0, red / length, idf[0] / second, idf[1] / second, 0, 0, 0, 1, 0, 0, 0];
        Assert.All(expected.Index(), entry => Assert.Equal(entry.Item, rows[entry.Index], 1e-15));
    }

    [Fact]
    public void Of_equally_frequent_terms_the_first_in_the_alphabet_stay()
    {
        var map = TfIdf.Fit(["dd cc bb aa bb"], new TfIdfOptions { LongestTerm = 1, MostTerms = 3 }, TestContext.Current.CancellationToken);
        Assert.Equal(["aa", "bb", "cc"], map.Terms);
    }
}
