using CertiFlip.Features;
using CertiFlip.Features.Text;
using CertiFlip.Kernels;

namespace CertiFlip.Tests.Features.Text;

public class DocumentVectorsTests
{
    private static readonly string[] Animals =
        ["cat", "dog", "mouse", "horse", "cow"], Tools = ["saw", "hammer", "drill", "wrench", "chisel"];

    [Fact]
    public void Texts_of_one_kind_come_to_lie_together()
    {
        string[] texts = Texts(60);
        FeatureMatrix features = DocumentVectors.Fit(texts, new() { Components = 8, Epochs = 40 }).Transform(texts);
        for (int row = 0; row < texts.Length; row++)
        {
            Assert.Equal(1, Dot(features.Row(row), features.Row(row)), 1e-9);
            double alike = Enumerable.Range(0, 60).Where(other => other != row)
                .Sum(other => ((row + other) % 2 == 0 ? 1 : -1) * Dot(features.Row(row), features.Row(other)));
            Assert.True(alike > 0, $"text {row} lies nearer to those of the other kind");
        }
    }

    /// <summary>The same steps in plain loops of doubles, from the same draws.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(19)]
    public void Vectors_are_those_of_plain_gradient_steps(int length)
    {
        int[][] texts = [[0, 1, 1, 2], [3, 2], [], [4, 0, 4]];
        var options = new DocumentVectorsOptions { Components = length, Epochs = 2, Seed = 5 };
        float[] vectors = Trained(texts, options);
        double[][] terms = Anywhere(5, length, 0), documents = Anywhere(4, length, 1);
        int[] all = [.. texts.SelectMany(text => text)];
        double[] share = [.. Enumerable.Range(0, 5).Select(term => Math.Pow(all.Count(held => held == term), 0.75))];
        int[] order = [0, 1, 2, 3];
        int[][] shuffled = [.. texts.Select(text => text.ToArray())];
        var random = new PhiloxRandom(5, 2);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            random.Shuffle(order);
            foreach (int text in order)
            {
                random.Shuffle(shuffled[text]);
                foreach (int held in shuffled[text])
                    Turn(documents[text], held);
            }
        }

        for (int term = 0; term < 5; term++)
        {
            double size = Math.Sqrt(Dot(terms[term], terms[term]));
            for (int i = 0; i < length; i++)
                Assert.Equal(terms[term][i] / size, vectors[term * length + i], 1e-5);
        }

        void Turn(double[] document, int held)
        {
            double[] before = [.. document];
            for (int draw = 0; draw < 6; draw++)
            {
                int term = draw == 0 ? held : Drawn((random.Next() >> 9) / (double)(1 << 22));
                if (draw > 0 && term == held)
                    continue;
                double[] vector = [.. terms[term]];
                double a = Math.Sqrt(Dot(before, before)), b = Math.Sqrt(Dot(vector, vector)), cosine = Dot(before, vector) / (a * b);
                double slope = 0.06 * ((draw == 0 ? 1 : 0) - 1 / (1 + Math.Exp(-6 * cosine)));
                for (int i = 0; i < length; i++)
                {
                    document[i] += slope * (vector[i] / b - cosine * before[i] / a) / a;
                    terms[term][i] += slope * (before[i] / a - cosine * vector[i] / b) / b;
                }
            }
        }

        int Drawn(double at)
        {
            double sum = 0;
            for (int term = 0; ; term++)
            {
                sum += share[term] / share.Sum();
                if (at + 0.5 / (1 << 22) < sum || term == 4)
                    return term;
            }
        }

        double[][] Anywhere(int count, int size, ulong stream)
        {
            var draws = new PhiloxRandom(5, stream);
            return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size)
                .Select(_ => (2 * draws.NextDouble() - 1) * Math.Sqrt(3.0 / size)).ToArray())];
        }
    }

    [Fact]
    public void Threads_change_no_bit_and_a_seed_does()
    {
        string[] texts = Texts(50);
        DocumentVectorsOptions options = new() { Components = 5, Epochs = 2 };
        ParallelOptions one = new() { MaxDegreeOfParallelism = 1 }, three = new() { MaxDegreeOfParallelism = 3 };
        var map = DocumentVectors.Fit(texts, options, null, one);
        Assert.Equal(map.Vectors, DocumentVectors.Fit(texts, options, null, three).Vectors);
        Assert.Equal(map.Transform(texts, one).Values, map.Transform(texts, three).Values);
        Assert.NotEqual(map.Vectors, DocumentVectors.Fit(texts, options with { Seed = 2 }, null, one).Vectors);
    }

    /// <summary>The first numbers of a small fit, which no version and no machine may change.</summary>
    [Fact]
    public void A_fit_gives_the_bits_that_it_gave()
    {
        var map = DocumentVectors.Fit(["one two three", "two three", "three one four", "five"], new() { Components = 9, Epochs = 3 });
        Assert.Equal(11, map.Terms.Count);
        uint[] expected = [0x3EBD2066, 0x3DD678B8, 0x3E9FAA4E];
        Assert.Equal(expected, map.Vectors.Take(3).Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>Learning never looks at what terms weigh.</summary>
    [Fact]
    public void By_presence_a_text_is_the_sum_of_the_vectors_that_it_holds()
    {
        string[] texts = ["one one one two", "two three", "three one"];
        var options = new DocumentVectorsOptions { Components = 3, Epochs = 2, Terms = new() { LongestTerm = 1 } };
        var map = DocumentVectors.Fit(texts, options with { Terms = options.Terms with { Weighting = TermWeighting.Presence } });
        Assert.Equal(["one", "three", "two"], map.Terms);
        Assert.True(map.CountsOnce);
        Assert.All(map.Weights, weight => Assert.Equal(1, weight));
        Assert.Equal(DocumentVectors.Fit(texts, options).Vectors, map.Vectors);
        double[] sum = [.. Enumerable.Range(0, 3).Select(i => (double)map.Vectors[i] + map.Vectors[6 + i])];
        double length = Math.Sqrt(Dot(sum, sum));
        ReadOnlySpan<double> row = map.Transform(texts).Row(0);
        for (int i = 0; i < 3; i++)
            Assert.Equal(sum[i] / length, row[i], 1e-9);
    }

    [Fact]
    public void Every_text_of_every_pass_is_reported()
    {
        var choice = (DocumentVectorsChoice)new DocumentVectorsChoice().WithEpochs(3);
        var done = new Sum();
        choice.Fit(Texts(20), done);
        Assert.Equal(60, done.Total);
        Assert.Equal(60, choice.Steps(20));
        Assert.Equal(int.MaxValue, ((TextMapChoice)choice.WithEpochs(2_000_000_000)!).Steps(20));
    }

    [Fact]
    public void A_text_without_a_known_term_becomes_zeros()
    {
        var map = DocumentVectors.Fit(Texts(20), new() { Components = 2, Epochs = 1 });
        Assert.All(map.Transform(["", "?", "Unheard words"]).Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Texts_without_a_word_cannot_be_fitted() =>
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => DocumentVectors.Fit(["", "a b", "!"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_fit_stops_when_it_is_told_to() =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            DocumentVectors.Fit(Texts(20), null, null, new ParallelOptions { CancellationToken = new CancellationToken(true) }));

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DocumentVectors(["a1", "a1"], [1, 1], 1, [1f, 0f]));
        Assert.Throws<ArgumentException>(() => new DocumentVectors(["a1", "b1"], [1, 1], 1, [1f]));
        Assert.Throws<ArgumentException>(() => new DocumentVectors(["a1"], [1], 1, [2f]));
        Assert.Throws<ArgumentException>(() => new DocumentVectors(["a1"], [1], 1, [float.NaN]));
        Assert.Throws<ArgumentException>(() => new DocumentVectors(["a1"], [1], 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DocumentVectorsOptions { Components = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DocumentVectorsOptions { Epochs = 0 });
    }

    private sealed class Sum : IProgress<int>
    {
        public int Total { get; private set; }

        public void Report(int value) => Total += value;
    }

    private static float[] Trained(int[][] texts, DocumentVectorsOptions options)
    {
        var training = new DocumentVectorTraining([.. texts.Select(text => text.ToArray())], 5, options);
        training.Run(null, CancellationToken.None);
        return training.Vectors();
    }

    private static string[] Texts(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(i => $"The {Word(i)}, {Word(i)} and {Word(i)}.")];
        string Word(int i) => (i % 2 == 0 ? Animals : Tools)[random.Next(5)];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
