using CertiFlip.Features;
using CertiFlip.Features.Text;
using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Matrices;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Matrices;

/// <summary>Fits that workers share: the same bits as by one, of parts that are whole, and of no others.</summary>
public class StagedFitTests
{
    private const int Rows = 70_000, Columns = 3; // Two blocks, the second of which is short.

    private static readonly FeatureMatrix Inputs = SomeFeatures.Generic(Rows, Columns, seed: 4);

    private static readonly FeatureMatrix Few = SomeFeatures.Generic(120, 4, seed: 5);

    private static readonly string[] Texts = [.. Enumerable.Range(0, 30).Select(i => $"word{i % 3} word{i % 5} and word{i % 7} and more")];

    private static readonly LatentSemanticsChoice Words = new() { Options = new LatentSemanticsOptions { Components = 2 } };

    public static TheoryData<string> Names =>
    [
        "ridge", "saturated-ridge", "two-means", "bounded-ridge", "tempered-ridge", "hierarchy:3", "standard", "components", "white",
        "spectral", "cells", "texts",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Workers_fit_what_one_fits(string name)
    {
        ModelArrays alone = new(), shared = new();
        switch (name)
        {
            case "ridge" or "saturated-ridge" or "two-means" or "bounded-ridge" or "tempered-ridge" or "hierarchy:3":
                HeadChoice head = HeadOf(name);
                head.Store(alone, head.Fit(Inputs));
                head.Store(shared, Shared(range => head.FitInStages(Only(range))));
                break;
            case "texts":
                Words.Store(alone, Words.Fit(Texts));
                Words.Store(shared, Shared(_ => Words.FitInStages(Texts)));
                break;
            default:
                NumberMapChoice map = MapOf(name);
                FeatureMatrix rows = name is "spectral" or "cells" ? Few : Inputs;
                map.Store(alone, map.Fit(rows));
                map.Store(shared, Shared(range => map.FitInStages(rows == Few ? Few : Only(range))));
                break;
        }

        Assert.Equal(Written(alone), Written(shared));
    }

    /// <summary>
    /// What is missing, cut, doubled or of another stage is refused as such, whatever it is the part of.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_that_do_not_fit_are_refused(string name)
    {
        if (name is "ridge" or "saturated-ridge" or "two-means" or "bounded-ridge" or "tempered-ridge" or "hierarchy:3")
            Refused(() => HeadOf(name).FitInStages(Inputs));
        else if (name is "texts")
            Refused(() => Words.FitInStages(Texts));
        else
            Refused(() => MapOf(name).FitInStages(name is "spectral" or "cells" ? Few : Inputs));
    }

    [Fact]
    public void A_stage_comes_after_the_one_before()
    {
        StagedFit<IHead> fit = new RidgeHeadChoice().FitInStages(Inputs);
        Assert.Equal(["largest", "means", "residuals", "products"], fit.Stages.Select(stage => stage.Name));
        Assert.Throws<InvalidOperationException>(() => fit.Finish());
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Run(1, 2, new MemoryStream()));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Run(-1, 1, new MemoryStream()));
        Assert.Throws<InvalidDataException>(() => fit.Take([]));
    }

    [Fact]
    public void What_is_not_fitted_by_sums_says_so()
    {
        HeadChoice[] heads = [new PairsHeadChoice(), new NearestNeighboursHeadChoice(), new KernelHeadChoice()];
        foreach (HeadChoice head in heads)
            Assert.NotEmpty(Assert.Throws<NotSupportedException>(() => head.FitInStages(Inputs)).Message);
        Assert.Contains("fewer training rows (2) than features (3)",
            Assert.Throws<NotSupportedException>(() => new RidgeHeadChoice().FitInStages(SomeFeatures.Generic(2, 3, seed: 1))).Message);
        Assert.Throws<NotSupportedException>(() => (new RidgeHeadChoice() with { Ridge = RidgeChoice.Paper }).FitInStages(Inputs));
        NumberMapChoice[] maps =
        [
            new NormalizerChoice(), new PowerNormalisationChoice(), new NystroemChoice(), new DeskewChoice(), new PatchFeaturesChoice(),
            new ConvolutionalNetworkChoice(),
        ];
        foreach (NumberMapChoice map in maps)
            Assert.NotEmpty(Assert.Throws<NotSupportedException>(() => map.FitInStages(Inputs)).Message);
        Assert.NotEmpty(Assert.Throws<NotSupportedException>(() => new DocumentVectorsChoice().FitInStages(["one two"])).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Random_numbers_that_are_passed_over_are_as_if_drawn(int count)
    {
        foreach (int before in (int[])[0, 1, 2, 3])
        {
            var drawn = new PhiloxRandom(3, 9);
            var passed = new PhiloxRandom(3, 9);
            for (int i = 0; i < before; i++)
                Assert.Equal(drawn.NextDouble(), passed.NextDouble());
            for (int i = 0; i < count; i++)
                drawn.NextDouble();
            passed.Skip(count);
            for (int i = 0; i < 5; i++)
                Assert.Equal(drawn.NextDouble(), passed.NextDouble());
        }
    }

    [Fact]
    public void Singular_vectors_of_slices_are_those_of_the_whole()
    {
        var matrix = SparseRows.Of(4, [([0, 1], [1, 2]), ([0, 2], [2, 4]), ([3], [1]), ([], []), ([1, 3], [5, 1])]);
        double[] unit = [.. Enumerable.Range(0, 16).Select(i => i % 5 == 0 ? 1.0 : 0)];
        double[] whole = matrix.Multiply(unit, 4, new ParallelOptions());
        double[] slices = [.. matrix.Slice(0, 2).Multiply(unit, 4, new()), .. matrix.Slice(2, 3).Multiply(unit, 4, new())];
        Assert.Equal(whole, slices);
    }

    private static HeadChoice HeadOf(string name) => HeadChoice.TryParse(name)!;

    private static NumberMapChoice MapOf(string name) => name switch
    {
        "standard" => new StandardScalerChoice(),
        "components" => new PrincipalComponentsChoice { Options = new() { Components = 2 } },
        "white" => new PrincipalComponentsChoice { Options = new() { Components = 2, Whitening = 1 } },
        "spectral" => new SpectralFeaturesChoice { Options = new() { Components = 2 } },
        "cells" => new SpectralFeaturesChoice { Options = new() { Components = 2, NeighbourRecall = 0.9 } },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Rows of which a worker may look at its own alone.</summary>
    private static FeatureMatrix Only((int First, int Count) blocks) => new(Rows, Columns, (row, numbers) =>
    {
        Assert.InRange(
            row, blocks.First * BlockSums.BlockRows, Math.Max(0, (blocks.First + blocks.Count) * BlockSums.BlockRows - 1));
        Inputs.CopyRow(row, numbers);
    });

    /// <summary>Each stage by two workers, of which the later part is done first.</summary>
    private static T Shared<T>(Func<(int First, int Count), StagedFit<T>> start)
    {
        List<byte[][]> done = [];
        StagedFit<T> Begun((int First, int Count) range)
        {
            StagedFit<T> fit = start(range);
            foreach (byte[][] parts in done)
                fit.Take(parts.Select(part => new MemoryStream(part)));
            return fit;
        }

        foreach (FitStage stage in start((0, 0)).Stages)
        {
            int half = stage.Count / 2;
            (int First, int Count)[] ranges = [(0, half), (half, stage.Count - half)];
            done.Add([.. ranges.Reverse().Select(range => Part(Begun(range), range)).Reverse()]);
        }

        return Begun((0, 0)).Finish();
    }

    private static byte[] Part<T>(StagedFit<T> fit, (int First, int Count) range)
    {
        using var part = new MemoryStream();
        fit.Run(range.First, range.Count, part);
        return part.ToArray();
    }

    private static void Refused<T>(Func<StagedFit<T>> start)
    {
        List<byte[]> done = [];
        IReadOnlyList<FitStage> stages = start().Stages;
        for (int stage = 0; stage < stages.Count; stage++)
        {
            byte[] whole = Part(With(null), (0, stages[stage].Count));
            byte[] foreign = done.Count > 0 ? done[^1] : [1, 2, 3, 4, 5, 6, 7, 8];
            foreach (byte[][] wrong in (byte[][][])[[], [[]], [whole[..(whole.Length / 2)]], [whole[..^1]], [foreign], [whole, whole]])
                Assert.True(IsRefused(wrong), $"{stages[stage].Name}: {wrong.Length} parts");
            var random = new Random(stage);
            for (int i = 0; i < 20; i++)
            {
                // Whatever it is, it is refused as such or taken for a part.
                byte[] changed = [.. whole];
                changed[random.Next(Math.Min(changed.Length, 64))] ^= (byte)(1 << random.Next(8));
                IsRefused([changed]);
            }

            done.Add(whole);

            bool IsRefused(byte[][] parts)
            {
                try
                {
                    StagedFit<T> fit = With(parts);
                    if (stage + 1 < stages.Count)
                        fit.Run(0, stages[stage + 1].Count, new MemoryStream());
                    else
                        fit.Finish();
                    return false;
                }
                catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
                {
                    return true;
                }
                catch (Exception exception) when (
                    parts is [{ Length: > 0 }] && exception is HeadException or ArithmeticException or ArgumentException)
                {
                    return true; // Other numbers, of which nothing can be fitted.
                }
            }
        }

        StagedFit<T> With(byte[][]? last)
        {
            StagedFit<T> fit = start();
            foreach (byte[] part in done)
                fit.Take([new MemoryStream(part)]);
            if (last is not null)
                fit.Take(last.Select(part => new MemoryStream(part)));
            return fit;
        }
    }

    private static IEnumerable<object> Written(ModelArrays arrays) =>
    [
        .. arrays.All.SelectMany(array => array.Value.Cast<object>().Prepend(array.Key)),
        .. arrays.Matrices.SelectMany(matrix => matrix.Value.First(matrix.Value.Rows).Cast<object>().Prepend(matrix.Key)),
    ];
}
