using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>All ten digits, beside what partition aggregation of networks has published.</summary>
internal sealed class Mnist10Record : SpectralRecord
{
    public override string Name => "mnist10";

    public override string Title => "Ten digits: thousands of flips";

    protected override int Components => 10;

    protected override string Inputs => DigitPatches.InWords;

    protected override IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
    [
        new Claim("median radius and clean accuracy; published: SS-DPA, 1,200 networks (Levine and Feizi 2021)", "485 at 95.63 %", Median(exact)),
        new Claim("the same; published: SS-DPA, 3,000 networks", "647 at 93.91 %", Median(exact)),
    ];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        return DigitPatches.Of(Mnist.Read(run.Data), digit => digit, run);
    }

    protected override void Find(DataFolder data) => Mnist.Find(data);
}
