using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>CIFAR-10 under a network that was trained on other images, with other labels.</summary>
internal sealed class Cifar10Record : SpectralRecord
{
    public override string Name => "cifar10";

    public override string Title => "CIFAR-10 by a pre-trained network";

    protected override int Components => 10;

    protected override string Inputs =>
        "Images are JPEG-compressed copies of CIFAR-10, which are not the originals; 1,280 features of each by a MobileNetV2 trained on ImageNet, whose labels are trusted here.";

    protected override IReadOnlyList<string> Classes => Cifar10.Classes;

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
        [new Claim("median radius and clean accuracy; published: SS-DPA, 1,000 networks (Levine and Feizi 2021), on the originals", "392 at 89.02 %", Median(exact))];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading CIFAR-10’s features");
        return Cifar10.Read(run.Data);
    }

    protected override void Find(DataFolder data) => Cifar10.Find(data);
}
