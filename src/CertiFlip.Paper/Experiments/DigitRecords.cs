using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>Ones against sevens: nearly half of all labels.</summary>
internal sealed class Mnist17Record : SpectralRecord
{
    public override string Name => "mnist17-clusters";

    public override string Title => "MNIST 1/7: nearly half of all labels";

    protected override int Components => 1;

    protected override string Inputs => DigitPatches.InWords;

    protected override IReadOnlyList<string> Classes { get; } = ["1", "7"];

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
    [
        new Claim("certified at 5,952 flips; published: two-means clustering (Levine and Feizi 2021)", "95.5 %", Figure.Percent(exact.At(5952))),
        new Claim("certified at 6,200 flips", "", Figure.Percent(exact.At(6200))),
        new Claim("median radius and clean accuracy", "", Median(exact)),
    ];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        return DigitPatches.Of(Mnist.Read(run.Data).Only(digit => digit is 1 or 7), digit => digit == 1 ? 0 : 1, run);
    }

    protected override void Find(DataFolder data) => Mnist.Find(data);
}
