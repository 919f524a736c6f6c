using CertiFlip.Features.Text;

namespace CertiFlip.Tests.Features.Text;

public class LatentSemanticsTests
{
    private static readonly string[] Animals =
        ["cat", "dog", "mouse", "horse", "cow"], Tools = ["saw", "hammer", "drill", "wrench", "chisel"];

    [Fact]
    public void Texts_of_one_kind_come_to_lie_together()
    {
        string[] texts = Texts(60);
        FeatureMatrix features = LatentSemantics.Fit(texts, new LatentSemanticsOptions { Components = 4 }).Transform(texts);
        for (int row = 0; row < texts.Length; row++)
        {
            Assert.Equal(1, Dot(features, row, row), 1e-9);
            double alike = Enumerable.Range(0, 60).Where(other => other != row)
                .Sum(other => ((row + other) % 2 == 0 ? 1 : -1) * Dot(features, row, other));
            Assert.True(alike > 0, $"text {row} lies nearer to those of the other kind");
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        string[] texts = Texts(50);
        ParallelOptions one = new() { MaxDegreeOfParallelism = 1 }, three = new() { MaxDegreeOfParallelism = 3 };
        var map = LatentSemantics.Fit(texts, new LatentSemanticsOptions { Components = 5 }, one);
        Assert.Equal(map.Directions, LatentSemantics.Fit(texts, new LatentSemanticsOptions { Components = 5 }, three).Directions);
        Assert.Equal(map.Transform(texts, one).Values, map.Transform(texts, three).Values);
    }

    [Theory]
    [InlineData(TermWeighting.Logarithm)]
    [InlineData(TermWeighting.Root)]
    [InlineData(TermWeighting.Presence)]
    public void A_term_weighs_what_its_share_of_texts_says(TermWeighting weighting)
    {
        var terms = new TfIdfOptions { LongestTerm = 1, Weighting = weighting };
        var map = LatentSemantics.Fit(["one two", "two", "two three", "two"], new() { Components = 1, Terms = terms });
        Assert.Equal(["one", "three", "two"], map.Terms);
        double[] expected = weighting switch
        {
            TermWeighting.Root => [2, 2, 1],
            TermWeighting.Presence => [1, 1, 1],
            _ => [Math.Log(2.5) + 1, Math.Log(2.5) + 1, 1],
        };
        Assert.All(map.Weights.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void A_weighting_that_is_none_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LatentSemantics.Fit(["one"], new() { Terms = new() { Weighting = (TermWeighting)7 } }));

    [Fact]
    public void A_text_without_a_known_term_becomes_zeros()
    {
        var map = LatentSemantics.Fit(Texts(20), new LatentSemanticsOptions { Components = 2 });
        Assert.All(map.Transform(["", "?", "Unheard words"]).Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Texts_without_a_word_cannot_be_fitted() =>
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => LatentSemantics.Fit(["", "a b", "!"])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("same words", "same words")]
    [InlineData("only one")]
    public void Texts_that_lie_in_one_direction_have_one_feature(params string[] texts) =>
        Assert.Equal(1, LatentSemantics.Fit(texts).Features);

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LatentSemantics(["a1", "a1"], [1, 1], 1, [1f, 0f], [1]));
        Assert.Throws<ArgumentException>(() => new LatentSemantics(["a1"], [1, 1], 1, [1f], [1]));
        Assert.Throws<ArgumentException>(() => new LatentSemantics(["a1"], [1], 1, [1f, 2f], [1]));
        Assert.Throws<ArgumentException>(() => new LatentSemantics(["a1"], [1], 1, [float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new LatentSemantics([], [], 1, [], []));
    }

    private static string[] Texts(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(i => $"The {Word(i)}, {Word(i)} and {Word(i)}.")];
        string Word(int i) => (i % 2 == 0 ? Animals : Tools)[random.Next(5)];
    }

    private static double Dot(FeatureMatrix features, int a, int b)
    {
        double sum = 0;
        for (int i = 0; i < features.Columns; i++)
            sum += features.Row(a)[i] * features.Row(b)[i];
        return sum;
    }
}
