using CertiFlip.Heads;
using CertiFlip.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML.Tests;

/// <summary>Whole pipelines, fitted again for every set of wrong labels.</summary>
public sealed class BruteForceTests
{
    private readonly MLContext _context = new(seed: 1);
    private HeadChoice _head = HeadChoice.Default;

    [Theory]
    [InlineData("ridge")]
    [InlineData("knn:7")]
    public void No_flips_within_the_radius_change_a_prediction_and_a_witness_does(string name)
    {
        _head = HeadChoice.TryParse(name)!;
        Row[] train = Rows.Make(12, seed: 3, classes: 2), tests = Rows.Make(6, seed: 53, classes: 2);
        CertifiedHeadTransformer head = Fit(train).LastTransformer;
        Verdict[] verdicts = Verdicts(train, tests);
        Assert.Contains(verdicts, verdict => verdict.Radius > 0);
        int largest = Math.Min(2, verdicts.Max(verdict => verdict.Radius));
        foreach (int[] flips in Sets(train.Length, largest))
        {
            Verdict[] after = Verdicts(Flipped(train, flips), tests);
            for (int test = 0; test < tests.Length; test++)
            {
                if (flips.Length <= verdicts[test].Radius)
                    Assert.Equal(verdicts[test].Prediction, after[test].Prediction);
            }
        }

        FeatureMatrix features = head.ReadFeatures(Featurized(train, tests));
        for (int test = 0; test < tests.Length; test++)
        {
            Assert.True(head.Certifier.TryFindWitness(features.Row(test), out Witness? witness));
            Assert.Equal(verdicts[test].Radius + 1, witness.Flips.Count);
            int[] rows = [.. witness.Flips.Select(flip => head.RowInView(flip.Row))];
            Assert.NotEqual(verdicts[test].Prediction, Verdicts(Flipped(train, rows), tests)[test].Prediction);
        }
    }

    private TransformerChain<CertifiedHeadTransformer> Fit(Row[] train) =>
        _context.Transforms.Text.ProduceWordBags("Words", "Text")
            .Append(_context.Transforms.NormalizeMinMax("Numbers", "Features"))
            .Append(_context.Transforms.Concatenate("Features", "Words", "Numbers", "Numbers", "Numbers"))
            .Append(_context.CertifiedHead(new CertifiedHeadOptions { Head = _head, LabelColumnName = "Flag" }))
                .Fit(_context.Data.LoadFromEnumerable(train));

    private Verdict[] Verdicts(Row[] train, Row[] tests) =>
        Rows.Read(Fit(train).Transform(_context.Data.LoadFromEnumerable(tests)));

    private IDataView Featurized(Row[] train, Row[] tests)
    {
        IDataView view = _context.Data.LoadFromEnumerable(tests);
        foreach (ITransformer transformer in Fit(train).SkipLast(1))
            view = transformer.Transform(view);
        return view;
    }

    private static Row[] Flipped(Row[] rows, int[] flips) =>
    [
        .. rows.Select((row, i) => new Row { Text = row.Text, Features = row.Features, Flag = row.Flag ^ flips.Contains(i) }),
    ];

    private static IEnumerable<int[]> Sets(int count, int largest) =>
        Enumerable.Range(1, (1 << count) - 1).Where(set => int.PopCount(set) <= largest)
            .Select(set => Enumerable.Range(0, count).Where(i => (set >> i & 1) == 1).ToArray());
}
