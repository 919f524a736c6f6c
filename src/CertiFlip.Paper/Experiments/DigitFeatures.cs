using System.Globalization;
using CertiFlip.Data.Models;
using CertiFlip.Features.Images;

namespace CertiFlip.Paper.Experiments;

/// <summary>ClassOne and sevens under a convolutional network that was trained on the other eight digits.</summary>
/// <param name="Split">Features of all ones (class 0) and sevens (class 1).</param>
/// <param name="Name">What they were made from and how: part of the key of saved results.</param>
/// <param name="NetworkAccuracy">The part of the other digits' test rows that the network classifies correctly.</param>
internal sealed record DigitFeatures(LabelledSplit Split, string Name, double NetworkAccuracy)
{
    private const int ClassZero = 1;
    private const int ClassOne = 7;
    private const int Pixels = 28;

    private static readonly int[] Others = [.. Enumerable.Range(0, 10).Where(digit => digit is not (ClassZero or ClassOne))];

    public static DigitFeatures Of(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        var digits = Mnist.Read(run.Data);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"convolutional network, {run.Options.Epochs} epochs, seed {run.Options.Seed}");
        var network = new Lazy<ConvolutionalNetwork>(() =>
            run.Stage("network", [name], () => Train(digits, run)).Restore<ConvolutionalNetwork>());
        Mnist pair = digits.Only(digit => !Others.Contains(digit)), others = digits.Only(Others.Contains);
        LabelledSplit split = run.Split("features", [name], () =>
            pair.Split(digit => digit == ClassZero ? 0 : 1).Mapped(images => network.Value.Transform(images, run.Parallel)));
        int[] predicted = network.Value.Predict(others.Test, run.Parallel);
        int correct = predicted.Where((digit, row) => Others[digit] == others.TestDigits[row]).Count();
        return new DigitFeatures(split, name, correct / (double)predicted.Length);
    }

    /// <summary>What the features are, for the notes.</summary>
    public static string InWords(ExperimentRun run, LabelledSplit split) =>
        $"{split.Training.Columns} features by a convolutional network that was trained on the other eight digits’ training images "
        + $"for {run.Options.Epochs} epochs.";

    private static StoredModel Train(Mnist digits, ExperimentRun run)
    {
        Mnist others = digits.Only(Others.Contains);
        var labels = new ClassLabels([.. others.TrainingDigits.Select(digit => Array.IndexOf(Others, digit))], Others.Length);
        var options = new ConvolutionalNetworkOptions { Epochs = run.Options.Epochs, Seed = run.Options.Seed };
        IProgress<int> done =
            run.Progress.ReportCount("training a network on the other eight digits:", labels.Count * options.Epochs, "images");
        return StoredModel.Of(
            ConvolutionalNetwork.Fit(others.Training, new ImageShape(Pixels, Pixels), labels, options, done, run.Parallel));
    }
}
