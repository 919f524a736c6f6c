using CertiFlip.Features.Images;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>MNIST's digits as kinds of patch in regions, learned from the training images without their labels.</summary>
internal static class DigitPatches
{
    public const string InWords = "Digits become 900 numbers: how much of each of 100 kinds of patch, found by k-means in the training images, is in each of nine regions. The map has seen no label, but its settings were chosen on some: by how often neighbours agree among 15,000 of MNIST’s training images (docs/record.md).";

    private static readonly ImageShape Shape = new(28, 28);

    public static LabelledSplit Of(Mnist digits, Func<int, int> classOf, ExperimentRun run)
    {
        run.Progress.Report("finding kinds of patch");
        PatchFeatures map = PatchFeatures.Fit(digits.Training, Shape, new PatchFeaturesOptions { Seed = run.Options.Seed }, run.Parallel);
        run.Progress.Report($"describing {digits.Training.Rows + digits.Test.Rows:N0} images by them");
        var split = new LabelledSplit(digits.Training, [.. digits.TrainingDigits.Select(classOf)], digits.Test, [.. digits.TestDigits.Select(classOf)]);
        return split.Mapped(images => map.Transform(images, run.Parallel));
    }
}
